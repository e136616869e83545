# A sweep in a document: laws, sizes, and the cases behind them.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" run null --runtime null-1,null-2 --impl constant --suite growth \
    --pairs 2 --seed 1 >table 2>stderr
cat >page.md <<'PAGE'
<!-- tandem:begin growth workload=null -->
<!-- tandem:end -->
<!-- tandem:begin growth workload=nothing -->
<!-- tandem:end -->
PAGE
"$TANDEM" tables page.md
"$TANDEM" tables --check page.md
sed 's/^\(- Run [^:]*\):.*/\1/' page.md
