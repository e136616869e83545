# Many in one call: all answers or, for one mistake, none.
. "$ROOT/test/cli/lib.sh"
cat >good <<'JSON'
{"cases": [
  {"samples": [1, 2, 3, 4, 5, 6], "quantiles": [0.5]},
  {"a": [[1, 1], [2, 2]], "b": [[2, 2], [4, 4]]},
  {"series": [1, 2], "kind": "history"}
]}
JSON
"$TANDEM" analyze good | rounded
echo '{"cases":[]}' | "$TANDEM" analyze
sed 's/\[4, 4\]/[4, NaN]/' good >bad
complain analyze bad
sed 's/{"series".*/{"npy": "none"}/' good >bad
complain analyze bad
