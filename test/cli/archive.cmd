. "$ROOT/test/cli/lib.sh"
runs="$ROOT/test/data/runs"
"$TANDEM" archive 20261121T0315 --results "$runs" --to kept
find kept -type f | sort
"$TANDEM" show 20261121T0315 --results kept --format md | grep '^|'
mkdir -p results && mv kept results/reference
"$TANDEM" show 2026 --results results | tail -1
complain archive
complain archive 20261121T0320 --results "$runs" --to kept
complain archive last --results results
complain archive 20261121T0399 --results "$runs" --to kept
"$TANDEM" archive 20261121T0320 --results "$runs" --to kept --force
run_null --pairs 2 --impl constant >run
"$TANDEM" archive last
(cd "$TANDEM_RESULTS"/reference && find . -type f | sort)
for form in text md json; do
    "$TANDEM" show last --format $form >shown
    "$TANDEM" show "$TANDEM_RESULTS"/reference/2* --format $form | diff shown -
done
