# What the harness itself changes: a tool that finds every operation 1,000 ns
# longer, one that fails, one that was not asked; and a command line that
# cannot have it.
. "$ROOT/test/cli/lib.sh"
mkdir -p workloads/own
cat >workloads/own/own.ini <<'INI'
[workload]
summary = a tool that finds every operation longer
base = null
default = constant
[set slow]
latency_ns = 20000
own_ns = 1000
suites = quick
[set bad]
latency_ns = 20000
own_ns = much
[implementation constant]
null = constant
[implementation again]
null = constant
INI
export TANDEM_WORKLOADS="$PWD/workloads"
check() {
    "$TANDEM" run own --runtime null-1,null-2 --seed 5 --count 22 \
        --no-reference --pairs 3 "$@" 2>stderr
}
check --cross-check --format text >run
show_last text | grep -A1 bias
show_last md | grep bias
journal own | sed -E 's/"(begin|end)_ns":[0-9]+/"\1_ns":N/g'
"$TANDEM" show --format json | python3 -c '
import json, sys
summary = json.load(sys.stdin)
print(summary["cross_checked"])
for group in summary["groups"]:
    for case in group["cases"]:
        print(case["runtime"], case["implementation"], case["hosting_bias"],
              json.dumps(case["own_tool"]))
'
rm -r "$TANDEM_RESULTS"
check --suite quick --impl again >run
show_last text | grep -o 'What hosting.*does)'
complain run own --runtime null-1 --cross-check --revision HEAD,.
