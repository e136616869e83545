# Twice the same, and nothing is left behind.
. "$ROOT/test/cli/lib.sh"
run_null --dry-run >first
run_null --dry-run | diff first -
cat first
ls "$TANDEM_RESULTS" 2>&1 | sed 's/.*No such/No such/'
