. "$ROOT/test/cli/lib.sh"
runs="$ROOT/test/data/runs"
"$TANDEM" show 20261121T0315 primes go --results "$runs"
"$TANDEM" show 20261121T0315 'logparse stream cpython-3.11' --results "$runs" --format md
complain show 20261121T0315 fanout --results "$runs"
complain show 20261121T0315 99 --results "$runs"

# Histogram and figures; and an archive differs by the samples' place alone.
export TANDEM_WORKLOADS="$ROOT/test/data/reported"
"$TANDEM" run sizes --runtime null-1,null-2 --seed 5 --count 400 --pairs 2 >run 2>stderr
"$TANDEM" archive last --to kept >/dev/null
"$TANDEM" show last null-2 --format json >run.json
"$TANDEM" show kept/* null-2 --format json >kept.json
"$TANDEM" show kept/* null-2 | tail -2
diff run.json kept.json || true
rounded quantiles_ns params <run.json
"$TANDEM" show last null-2 | sed -n '/^pair *pause/,/^$/p; /^all/,$p'
