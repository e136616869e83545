# Each mistake with its JSON path, status 2, and nothing on standard output.
. "$ROOT/test/cli/lib.sh"
while read -r request; do
    status=0
    printf '%s' "$request" | "$TANDEM" analyze >stdout 2>stderr || status=$?
    echo "$request"
    sed 's/^/    /' stdout stderr
    [ "$status" = 2 ] || echo "    status $status"
done <<'JSON'

[1]
nothing
{}
{"a":[[1]],"b":[[1]]
{"a":[[1]],"b":[[1]],}
{"a":[[1]],"b":[[1]]} {}
{"a":[[1]]}
{"a":[[1],[2]],"b":[[1]]}
{"a":[[1],[2]],"b":[[1],[2]],"aa":[[1]]}
{"a":[[1]],"b":[[1]],"confidnce":0.9}
{"a":[[1]],"b":[[1]],"confidence":95}
{"a":[[1]],"b":[[1]],"threshold":-0.1}
{"a":[[1]],"b":[[1]],"threshold":"2%"}
{"a":[[1]],"b":[[1]],"seed":1.5}
{"a":[[1]],"b":[[1]],"order":"ABBA"}
{"a":[[1]],"b":[[1]],"first":["c"]}
{"a":[[1]],"b":[[1]],"paired":1}
{"a":[[1]],"b":[[1]],"kind":"warmup"}
{"a":[[1,-2]],"b":[[1]]}
{"a":[[1,NaN]],"b":[[1]]}
{"a":[[1,1e400]],"b":[[1]]}
{"a":[["1"]],"b":[[1]]}
{"a":[1,2],"b":[1,2]}
{"a":[[]],"b":[[1]]}
{"a":[],"b":[]}
{"series":[1,2]}
{"series":[1,-2],"kind":"warmup"}
{"series":[1,2],"kind":"wramup"}
{"samples":[1,null]}
{"samples":[1],"quantiles":[50]}
{"samples":[1],"npy":"x"}
{"sizes":[1,2,3],"times":[1,2]}
{"sizes":[0],"times":[1]}
{"cases":[{"samples":[1]},{"samples":[]}]}
{"cases":[{"cases":[]}]}
{"cases":[],"seed":3}
JSON
complain analyze one two
complain analyze --seed 3
