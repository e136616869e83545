# For tables*.cmd: the workloads of the runs in test/data/runs, with tables
# and claims beside them.
export TANDEM_WORKLOADS="$PWD/workloads"
runs="$ROOT/test/data/runs"

workload() {
    mkdir -p "$TANDEM_WORKLOADS/$1"
    cat >"$TANDEM_WORKLOADS/$1/$1.ini"
}
workload primes <<'INI'
[workload]
summary = count
base = go
default = trial
[set n=1000]
n = 1000
[set n=7]
n = 7
[implementation trial]
title = by division
cpython = primes.py:trial
go = BenchmarkTrial
INI
workload logparse <<'INI'
[workload]
summary = parse
base = go
default = stream
[set entries=10]
entries = 10
[implementation stream]
title = line by line
cpython = logparse.py:stream
go = BenchmarkStream
[implementation regex]
title = by regular expression
cpython = logparse.py:regex
INI
cp "$ROOT/test/data/documents/fixture-tables.ini" workloads/tables.ini
cat >workloads/claims.ini <<'INI'
[claim cpu]
source = 003
says = much faster
claimed = 10x-40x
measure = ratio(primes[n=1000].wall, cpython/go)
invocations = 10
[claim cpu-2]
source = 001
says = faster
claimed = 5x-8x
measure = ratio(primes[n=1000].wall, cpython/go)
invocations = 10
[claim not-there]
source = 001
says = cheaper
claimed = > 1x
measure = ratio(primes[n=7].wall, cpython/go)
INI
