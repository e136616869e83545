"$TANDEM" show 20261121T0315 --results "$ROOT/test/data/runs" --details | sed -n '/^Details/,$p'
"$TANDEM" show last --results "$ROOT/test/data/runs" --details --format md | sed -n '/^#### Details/,$p'
