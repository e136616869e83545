"$TANDEM" show 20261121T0315 --results "$ROOT/test/data/runs"
"$TANDEM" show --results "$ROOT/test/data/runs" --format md
"$TANDEM" show last --results="$ROOT/test/data/runs" --format json | head -5
