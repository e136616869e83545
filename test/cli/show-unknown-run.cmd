"$TANDEM" show 20261121T031500Z-000003 --results "$ROOT/test/data/runs"
