# An installation without its parts: status 5, and the table says what is
# missing.
. "$ROOT/test/cli/lib.sh"
status=0
TANDEM_LIBEXEC=/nowhere "$TANDEM" run null --impl constant \
    --suite quick --pairs 2 --count 5 >run 2>stderr || status=$?
show_last text
exit $status
