# Each combination is a group; one that is a set of the file has its answer.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" run null --runtime null-1 --impl spike --seed 1 --dry-run \
    --param latency_ns=20000,30000 --param spike_every=100,7
"$TANDEM" run null --runtime null-1,null-2 --impl constant --pairs 2 \
    --count 5 --seed 1 --param latency_ns=30000,40000 --format json 2>stderr |
    grep -E '"(set|answer|answer_state)"'
