. "$ROOT/test/cli/lib.sh"
"$TANDEM" list null complete
"$TANDEM" list --workloads "$ROOT/workloads" | grep -v '^ '
