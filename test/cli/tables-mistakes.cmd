# Nothing is written where any document has a mistake.
. "$ROOT/test/cli/tables-lib.sh"
. "$ROOT/test/cli/lib.sh"
export TANDEM_WORKLOADS="$PWD/workloads"
page() {
    printf "$2" >"$1"
}
page good.md '<!-- tandem:begin scenario -->\nold\n<!-- tandem:end -->\n'
page open.md 'x\n<!-- tandem:begin host -->\n'
page kind.md '<!-- tandem:begin comparson -->\n<!-- tandem:end -->\n'
page table.md '<!-- tandem:begin ci-cd -->\n<!-- tandem:end -->\n'
page claims.md '<!-- tandem:begin claims source=03 -->\n<!-- tandem:end -->\n'
page form.md '<!-- tandem:begin claims form=tiny -->\n<!-- tandem:end -->\n'
page growth.md '<!-- tandem:begin growth -->\n<!-- tandem:end -->\n'
tables() {
    complain tables "$@" | sed "1d; s|$PWD/||; s|$runs|RUNS|"
}
for wrong in open kind table claims form growth missing; do
    tables good.md $wrong.md --results "$runs"
done
cat good.md
tables
tables good.md --results nowhere --check
tables good.md --run 19991231 --results "$runs"

# A table's own mistakes have their line.
wrong() {
    printf "$1" >workloads/tables.ini
    tables good.md --results "$runs"
}
head='[table scenario]\nsource = 3\nlabel = a\narticle = b | c\nmeasured = ratio\n'
row="${head}[row scenario x]\nlabel = y\n"
wrong '[tabel x]\n'
wrong '[table scenario]\nsource = 3\n'
wrong "${head}[row scenery x]\nlabel = y\nwhy = z\n"
wrong "${row}"
wrong "${row}why = z\narticle = one\n"
wrong "${row}python = value(a[b].wall, go)\n"
wrong "${row}ratoi = 1\n"
wrong "${row}ratio = ratio(primes[n=1000].wal, go/go)\n"
wrong "${row}ratio = geomean(ratio(primes[n=1000].wall, cpython/go),\nratio_2 = ratio(prime[n=7].wall, cpython/go))\n"
cat good.md
