# For NAME.cmd: runs of the null driver, whose latencies are known exactly.
export TANDEM_WORKLOADS="$ROOT/test/data/workloads"

# Every choice and every latency is fixed; progress goes to a file.
run_null() {
    "$TANDEM" run null --runtime null-1,null-2 --seed 5 --count 22 \
        --suite quick "$@" 2>stderr
}

# The last run's tables in a format; what the machine had a part in (memory,
# CPU time, its other work) is replaced or left out.
show_last() {
    python3 - "$TANDEM_RESULTS"/*/manifest.json <<'PYTHON'
import json, sys
path = sys.argv[-1]
manifest = json.load(open(path))
manifest["noise"] = {}
json.dump(manifest, open(path, "w"))
PYTHON
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
