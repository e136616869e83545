# For NAME.cmd: runs of the null driver, whose latencies are known exactly.
export TANDEM_WORKLOADS="$ROOT/test/data/workloads"

# A machine that tells nothing of its noise: no footnotes about it.
export TANDEM_NOISE_ROOT=/nonexistent

# Every choice and every latency is fixed; progress goes to a file.
run_null() {
    "$TANDEM" run null --runtime null-1,null-2 --seed 5 --count 22 \
        --suite quick "$@" 2>stderr
}

# The last run's tables in a format; what the machine had a part in (memory,
# CPU time) is replaced.
show_last() {
    "$TANDEM" show --format "$1" | unfold | sed -E -f "$ROOT/test/cli/null.sed"
}

# Prose is folded to the table's width, which follows from the figures.
unfold() {
    awk 'BEGIN { RS = ""; ORS = "\n\n" } !/───|^[#|{]/ { gsub("\n", " ") } 1'
}

# Its journal's lines of a type, without the times.
journal() {
    sed -n '/"type":"'"$1"'"/s/"ns":[0-9]*,//p' "$TANDEM_RESULTS"/*/journal.jsonl
}

# Each command line with its complaint and exit status.
complain() {
    status=0
    "$TANDEM" "$@" >stdout 2>stderr || status=$?
    echo "tandem $*"
    head -3 stdout stderr | sed -n '/^==>/d; /./s/^/    /p'
    echo "    exit $status"
}

# JSON from standard input a member a line, floats at 8 digits; with names,
# those members of the outermost object alone.
rounded() {
    python3 -c '
import json, sys

def near(value):
    if isinstance(value, dict):
        return {name: near(of) for name, of in value.items()}
    if isinstance(value, list):
        return [near(of) for of in value]
    return float(f"{value:.8g}") if isinstance(value, float) else value

answer = near(json.load(sys.stdin))
for name in sys.argv[1:] or answer:
    value = answer[name]
    if isinstance(value, dict) and isinstance(next(iter(value.values())), list):
        value = [of for side in value.values() for of in side]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        print(name + ":", *(json.dumps(of) for of in value), sep="\n  ")
    else:
        print(f"{name}: {json.dumps(value)}")
' "$@"
}
