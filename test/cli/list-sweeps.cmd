# Every workload that computes has sizes enough for a law of growth.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" list --workloads "$ROOT/workloads" |
    awk '/^[a-z]/ { name = $1 } /^  sweep/ { print name, $0 }'
