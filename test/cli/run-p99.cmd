# With 368 samples in each invocation p99 is taken over invocations; with
# fewer, of all samples pooled; with fewer in all, not at all.
. "$ROOT/test/cli/lib.sh"
for count in 200 150 50; do
    "$TANDEM" run null --runtime null-1 --impl ramp --pairs 2 --seed 1 \
        --param latency_ns=20000 --count $count --format json 2>stderr |
        grep -A3 -E '"p99(_ns|_pooled)"' | grep -E 'p99|er"|value'
done
