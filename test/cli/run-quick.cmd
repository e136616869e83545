# Every table says that it was quick, in every format.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" run null --runtime null-1,null-2 --impl constant --quick --count 5 \
    --param latency_ns=20000,40000 >run 2>stderr
grep -E "^null |QUICK|pairs;" run | sed 's/;.*//'
"$TANDEM" show --format md | grep -E "^### |QUICK"
"$TANDEM" show --format json | grep '"quick"'
