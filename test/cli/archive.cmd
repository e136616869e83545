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
# A sweep, so that there is growth too.
run_null --pairs 2 --impl constant --suite growth >run
run=$(sed -n 's/^Run \(.*\)\.$/\1/p' run)
"$TANDEM" archive last --to kept
find kept/"$run" -type f | sort | tail -3
for form in text md json; do
    "$TANDEM" show last --format $form >shown
    "$TANDEM" show kept/"$run" --format $form | diff shown -
done
