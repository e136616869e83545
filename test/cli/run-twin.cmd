# A runtime that is named twice is measured against itself; a revision needs
# a partner; an adaptive run of constant latencies needs no more than 15 pairs.
. "$ROOT/test/cli/lib.sh"
"$TANDEM" run null --runtime null-1,null-1,null-2 --seed 5 --count 22 \
    --suite quick --impl constant 2>stderr | unfold | grep -E 'pairs|takes' |
    sed -E 's,[0-9]+ % of the time,N % of the time,'
journal stop
"$TANDEM" run null --runtime null-1 --revision HEAD
