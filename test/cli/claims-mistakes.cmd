# Each with its place and the nearest right name, before any run is read.
. "$ROOT/test/cli/lib.sh"
export TANDEM_WORKLOADS="$ROOT/test/data/claims/workloads"
claim() {
    printf '%s\n' '[claim a b]' 'source = A' 'says = so' "$@" >claims.ini
    complain claims --claims claims.ini --check
}
claim 'claimed = 2x' 'measure = ratio(primes[n=1000].wall, cpython/go)'
claim 'claimed = 2x' 'measure = ratio(prime[n=1000].wall, cpython/go)'
claim 'claimed = 2x' 'measure = ratio(primes[n=1001].wall, cpython/go)'
claim 'claimed = 2x' 'measure = ratio(primes[n=1000].wall, cpyton/go)'
claim 'claimed = 2x' 'measure = ratio(primes[n=1000].wall, cpython tread/go)'
claim 'claimed = 2x' 'measure = ratio(primes[n=1000].wal, cpython/go)'
claim 'claimed = 2x' 'measure = geomean(ratio(primes[n=1000].wall, cpython/go),' \
    'measure_2 = ratio(lines[al].wall, cpython/go))'
claim 'claimed = > 1 /s' 'measure = value(web[closed].service.maxrate, go)'
claim 'claimed = 2 s' 'measure = ratio(primes[n=1000].wall, cpython/go)'
claim 'claimed = fast' 'measure = ratio(primes[n=1000].wall, cpython/go)'
claim 'claimed = 2x' 'mesure = ratio(primes[n=1000].wall, cpython/go)'
claim 'claimed = 2x'
complain claims no-such-run --claims "$ROOT/test/data/claims/samples.ini" \
    --results "$ROOT/test/data/claims/results"
complain claims --claims missing.ini
# What the repository claims is checked without a run.
unset TANDEM_WORKLOADS
"$TANDEM" claims --check | sed 's/.*: [0-9]* claims/N claims/'
# No row gets lost, and each says what is measured or why nothing is.
sed -n 's/^\[claim \([^] ]*\).*/\1/p' "$ROOT/workloads/claims.ini" | uniq
