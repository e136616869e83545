# Status 5; two failures in a row end the case, not the run.
. "$ROOT/test/cli/lib.sh"
status=0
"$TANDEM" run faulty --runtime null-1,null-2 --param fault=crash --pairs 3 \
    --count 5 --seed 5 >run 2>stderr || status=$?
grep '^tandem:' stderr
journal dropped
show_last text
exit $status
