# What run prints is what show prints, and both are what the formula says.
. "$ROOT/test/cli/lib.sh"
run_null --pairs 3 --impl constant,ramp,spike >run
"$TANDEM" show | diff run -
show_last text
