. "$ROOT/test/cli/lib.sh"
# Nothing is written where any document has a mistake.
page() {
    printf "$2" >"$1"
}
ini="$ROOT/test/data/documents/fixture-tables.ini"
set -- --results "$ROOT/test/data/runs" --tables "$ini"
page good.md '<!-- tandem:begin scenario -->\nold\n<!-- tandem:end -->\n'
page open.md 'x\n<!-- tandem:begin host -->\n'
page kind.md '<!-- tandem:begin comparson -->\n<!-- tandem:end -->\n'
page table.md '<!-- tandem:begin ci-cd -->\n<!-- tandem:end -->\n'
for wrong in open kind table missing; do
    complain tables good.md $wrong.md "$@" | sed 's|[^ ]*/documents/||g'
done
cat good.md
complain tables "$@" | sed 1d
complain tables good.md --results nowhere --tables "$ini" --check | sed 1d
complain tables good.md --run 19991231 "$@" | sed '1d; s|[^ ]*/test/|test/|g'

# A table's own mistakes have their line.
wrong() {
    printf "$1" >wrong.ini
    complain tables good.md --tables wrong.ini | sed 1d
}
head='[table scenario]\nsource = 3\nlabel = a\narticle = b | c\nmeasured = ratio\n'
wrong '[tabel x]\n'
wrong '[table scenario]\nsource = 3\n'
wrong "${head}[row scenery x]\nlabel = y\nwhy = z\n"
wrong "${head}[row scenario x]\nlabel = y\n"
wrong "${head}[row scenario x]\nlabel = y\nwhy = z\narticle = one\n"
wrong "${head}[row scenario x]\nlabel = y\npython = value(a[b].wall, go)\n"
wrong "${head}[row scenario x]\nlabel = y\nratoi = 1\n"
wrong "${head}[row scenario x]\nlabel = y\nratio = ratio(primes[n=1000].wal, go/go)\n"
