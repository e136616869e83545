# Change points of one invocation, and of many nights.
. "$ROOT/test/cli/lib.sh"
ask() {
    python3 -c "import json, math
noise = lambda i: math.sin(i * i) / 100
print(json.dumps({'series': [$1 for i in range(80)], 'kind': '$2', 'seed': 3}))" |
        "$TANDEM" analyze | rounded
}
ask '5 + noise(i)' warmup
ask '5 + noise(i) + (3 if i < 20 else 0)' warmup
ask '5 + noise(i) - (3 if i < 20 else 0)' warmup
ask '5 + noise(i) + (3 if i // 10 % 2 else 0)' warmup
ask '5 + noise(i) + (3 if i < 70 else 0)' warmup
ask 'noise(i)' history
ask 'noise(i) + (.03 if i > 36 else 0)' history
echo '{"series":[1,2],"kind":"warmup"}' | "$TANDEM" analyze | rounded
