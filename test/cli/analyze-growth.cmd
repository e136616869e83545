# What grows, and how, over a sweep.
. "$ROOT/test/cli/lib.sh"
ask() {
    python3 -c "import json, math
sizes = [round(10 * 2 ** (i / 2)) for i in range($2)] * 2
noise = lambda i: 1 + math.sin(i * i) / 100
print(json.dumps({'sizes': sizes, 'times': [($1) * noise(i) for i, n in enumerate(sizes)]}))" |
        "$TANDEM" analyze | rounded
}
ask '3 + 2 * n' 16
ask 'n * n' 16
ask '5 * math.log2(n) * n' 16
ask '7' 8
ask 'n' 2
