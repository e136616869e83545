# The same seed: the same turns, paddings and hash seeds; another: others.
. "$ROOT/test/cli/lib.sh"
for seed in 7 7 8; do
    run_null --pairs 4 --impl constant,ramp --seed "$seed" >run
    journal pair >"pairs.$seed.$((n = n + 1))"
    rm -r "$TANDEM_RESULTS"
done
cmp pairs.7.1 pairs.7.2
cmp -s pairs.7.2 pairs.8.3 || echo "another seed, another schedule"
cat pairs.7.1
