# Two revisions of a workload, in turns: the second is 2.5 % slower, the third
# differs in a comment alone.
. "$ROOT/test/cli/lib.sh"
mkdir -p repo/workloads/null
cd repo
export TANDEM_WORKLOADS="$PWD/workloads" GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_COMMITTER_NAME=a
export GIT_COMMITTER_EMAIL=a@b
ini=workloads/null/null.ini
git init -q . && cp "$ROOT/test/data/$ini" $ini
git add . && git commit -q -m first
sed -i 's/^null = constant/null = ramp/' $ini && git commit -q -a -m slower
echo '; the same' >>$ini && git commit -q -a -m same

rerun() {
    echo "== $*"
    status=0
    "$TANDEM" compare --rerun "$@" --runtime null-1 -- --impl constant \
        --suite quick --count 22 --seed 5 >out 2>stderr || status=$?
    unfold <out | sed -E 's/@[0-9a-f]{10}/@REV/g' | grep -o 'null-1@.*takes.*' || true
    grep '^tandem:' stderr || true
    echo "exit $status"
}
rerun HEAD~2 HEAD~1 null --pairs 3 --gate
rerun HEAD~2 HEAD~1 null --pairs 3
rerun HEAD~2 HEAD~1 null --pairs 3 --gate --threshold 3%
rerun HEAD~1 HEAD null --pairs 3 --gate
rerun HEAD . null --pairs 3 --gate
rerun HEAD~1 HEAD null --pairs 1 --gate
rerun HEAD HEAD null
rerun HEAD nowhere null
rerun HEAD null
