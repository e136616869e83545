# Times in proportion to the size, where the shortest take many operations a
# sample: what is fitted is the time of one operation.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" run null --runtime null-1,null-2 --impl constant --suite growth \
    --pairs 2 --seed 1 >table 2>stderr
sed -n '/growth with/,/^$/p; /exponent/,/^$/p' table | sed 's/  */ /g'
"$TANDEM" show --format md | sed -n '/growth with/,/^### /p' | sed -n '3,9p'
"$TANDEM" show --format json | rounded growth | sed -n 1,2p
"$TANDEM" show --format json | grep '"loops"' | sort -u | wc -l
"$TANDEM" list | sed -n '/sweep/p'
# Without the suite, a sweep's sets are not measured.
"$TANDEM" run null --runtime null-1 --dry-run | grep '^null'
