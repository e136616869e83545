# Shown, set and put back in a made-up /sys; SMT and ASLR are left alone.
. "$ROOT/test/cli/lib.sh"
cp -r "$ROOT/test/data/host/laptop" laptop
mkdir untouched && cp -r laptop untouched/
for words in --dry-run '' '--restore --dry-run' --restore --restore; do
    echo "== tune $words"
    "$TANDEM" tune --root laptop $words
done
rm -r laptop/var
diff -r laptop untouched/laptop && echo 'as it was'
"$TANDEM" tune --root laptop --state kept --format json
complain tune --root laptop --state kept
"$TANDEM" tune --root laptop --state kept --dry-run | tail -1
sed -i s/no_turbo/no_such/ kept
complain tune --root laptop --state kept --restore
