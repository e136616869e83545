# A sweep measures the implementations that it names, also such as are
# restricted to sets; one that names none leaves those out.
. "$ROOT/test/cli/lib.sh"
mkdir -p workloads/swept
measured() {
    cat >workloads/swept/swept.ini <<END
[workload]
summary = wait
base = null
default = whole

[set short]
latency_ns = 20000
answer = 42

[sweep latency_ns]
values = 10 20 50 100 200 500 1000 2000 5000
suites = growth
$1

[implementation whole]
null = constant

[implementation part]
null = constant
sets = short
END
    "$TANDEM" run swept --workloads workloads --runtime null-1 --dry-run \
        --suite growth | awk '/^swept/ { set = $2 } /null-1/ { print set, $3 }'
}
measured "" | sed -n '1,2p; $p'
echo "naming one:"
measured "implementations = part" | sed -n '1,2p; $p'
