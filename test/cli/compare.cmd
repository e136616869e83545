# What became slower, in three formats; nothing exits with other than 0
# without --gate.
compare() {
    "$TANDEM" compare 20261122T031501 "20261122T03150$1" \
        --results "$ROOT/test/data/compare" $2
}
compare 3
compare 3 --format=md
compare 3 --format=json
compare 7
compare 8
compare 8 --match=family
