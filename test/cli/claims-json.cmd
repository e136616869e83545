# The list, and in whole what is in it of a claim that contradicts another.
. "$ROOT/test/cli/lib.sh"
export TANDEM_WORKLOADS="$ROOT/test/data/claims/workloads"
"$TANDEM" claims --claims "$ROOT/test/data/claims/claims.ini" \
    --results "$ROOT/test/data/claims/results" --format=json >claims.json
python3 -c '
import json
claims = json.load(open("claims.json"))
for c in claims:
    print(c["id"], c["part"], c["verdict"], c["unit"], c["invocations"], c["run"])
print(json.dumps({"claim": claims[0]}))' >short
sed '$d' short
tail -n 1 short | rounded
