. "$ROOT/test/cli/lib.sh"
run_null --pairs 3 --impl constant,ramp --format md >run
"$TANDEM" show --format md | diff run -
show_last md
