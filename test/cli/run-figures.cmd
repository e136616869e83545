. "$ROOT/test/cli/lib.sh"
export TANDEM_WORKLOADS="$ROOT/test/data/reported"
"$TANDEM" run sizes --runtime null-1,null-2 --seed 5 --count 22 --pairs 3 >run 2>stderr
show_last text
show_last md | grep '^-'
"$TANDEM" show --format json | python3 -c '
import json, sys
for case in json.load(sys.stdin)["groups"][0]["cases"]:
    print(json.dumps(case["figures"]["pause"]), case["series"]["figures"]["pause"])'
