. "$ROOT/test/cli/lib.sh"
run_null --pairs 2 --impl constant --format json >run
"$TANDEM" show --format json | diff run -
show_last json
