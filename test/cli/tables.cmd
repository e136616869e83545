# Every kind once; what is between the markers is replaced, all else stays.
. "$ROOT/test/cli/tables-lib.sh"
page="$ROOT/test/data/documents/tables-page.md"
tables() {
    "$TANDEM" tables "$@" --results "$runs"
}
cp "$page" page.md
chmod 640 page.md
ln -s page.md link.md
tables --check page.md 2>stderr || echo "exit $?"
cat stderr
tables page.md
cat page.md
echo
echo "--"

# Again: the same bytes, and nothing to renew.
cp page.md once.md
tables link.md && cmp page.md once.md && tables --check page.md link.md
echo "$(stat -c %a page.md), $(readlink link.md)"

# With CR LF: all lines end so, and without the CR it is the same page.
sed 's/$/\r/' "$page" | head -c -1 >crlf.md
tables crlf.md
grep -vc "$(printf '\r')\$" crlf.md || true
tr -d '\r' <crlf.md | cmp - page.md && echo "the same but for CR"

# From runs that are named alone, quick ones too.
cp "$page" quick.md
tables --run 20261121T032000Z-000002 quick.md
grep -e 'Execution' -e 'quick' quick.md
