# A case that warms up, with what came before left out and without.
. "$ROOT/test/cli/lib.sh"
run_null --pairs 3 --count 300 --impl warming --param period=150 >run
"$TANDEM" show | diff run -
show_last text | sed '/^Times are/d'
show_last md | sed -n '/^Warming up/p'
grep -h -o 'Total count *= *[0-9]*' "$TANDEM_RESULTS"/*/histograms/*.hgrm
"$TANDEM" show --no-truncate | sed -n -E '/^runtime/,/^$/p' |
    sed -E -f "$ROOT/test/cli/null.sed"
"$TANDEM" show --results "$ROOT/test/data/runs" --no-truncate \
    20261121T031000Z-000003 >whole
sed '/^Times are/,$d' whole
grep -o 'Nothing was left out of the figures' whole
