# Every exit code of the gate: each run differs from the first in one thing.
. "$ROOT/test/cli/lib.sh"
gate() {
    status=0
    "$TANDEM" compare 20261122T031501 "20261122T03150$1" --gate $2 \
        --results "$ROOT/test/data/compare" >table 2>stderr || status=$?
    grep -h '^Gate\|^tandem:' table stderr
    echo "    exit $status"
}
echo "same";      gate 2
echo "slower";    gate 3
echo "slower, and allowed to be"; gate 3 --threshold=10%
echo "wrong";     gate 4
echo "noisy";     gate 5
echo "failed";    gate 6
echo "the machine changed"; gate 7
echo "nothing in common";   gate 8
complain compare
complain compare one
complain compare one two three
complain compare one two --results "$ROOT/test/data/compare"
complain compare last last --results "$ROOT/test/data/compare" --threshold 2
complain compare last last --results "$ROOT/test/data/compare" --match version
