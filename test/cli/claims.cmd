# Verdicts of every kind, from runs as an archive keeps them: text, Markdown;
# and from the runs that are named alone.
export TANDEM_WORKLOADS="$ROOT/test/data/claims/workloads"
claims() {
    "$TANDEM" claims --claims "$ROOT/test/data/claims/$1.ini" \
        --results "$ROOT/test/data/claims/results" $2 $3
}
claims claims
claims claims --format=md | sed -n '1,/^$/p; $p'
echo
claims samples 20261122 # of the reference
claims samples last     # of the service
claims samples 20261123T000002Z
