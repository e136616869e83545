# Status 3; the case has no figures, the other one keeps its own.
. "$ROOT/test/cli/lib.sh"
status=0
"$TANDEM" run faulty --runtime null-1,null-2 --param fault=wrong --pairs 3 \
    --count 5 --seed 5 >run 2>stderr || status=$?
grep '^tandem:' stderr
show_last text
exit $status
