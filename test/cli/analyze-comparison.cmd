# A comparison's kinds: interleaved, sequential, unpaired, adaptive.
. "$ROOT/test/cli/lib.sh"
cat >make.py <<'PYTHON'
import json, math, sys

def side(factor, shift, n=16, samples=12):
    """Deterministic "noise" of about 1 %."""
    return [
        [factor * math.exp(0.01 * math.sin(7 * i * i + 3 * j + shift)) for j in range(samples)]
        for i in range(n)
    ]

request = {"a": side(5, 0), "b": side(5.5, 1)}
for extra in sys.argv[1:]:
    request.update(json.loads(extra, object_hook=lambda d: d))
for name in ("a", "b", "aa"):
    if isinstance(request.get(name), dict):
        request[name] = side(**request[name])
print(json.dumps(request))
PYTHON
# What was not asked for is left out of what is shown.
ask() {
    echo "== $*"
    python3 make.py "$@" | "$TANDEM" analyze | rounded verdict reason \
        noise_floor ratio median_ratio companion effect_size mann_whitney \
        computed_at truncated class warnings
}
ask
ask '{"aa":{"factor":5,"shift":2}}'
ask '{"aa":{"factor":5,"shift":2},"order":"sequential"}'
ask '{"a":{"factor":5.5,"shift":3},"order":"sequential"}'
ask '{"b":{"factor":5.5,"shift":1,"n":12},"paired":false}'
ask '{"adaptive":true,"threshold":0.2}'
ask '{"b":{"factor":5.5,"shift":1,"n":1},"a":{"factor":5,"shift":1,"n":1}}'
ask '{"a":[[5,0,5],[0,0]],"b":[[5,6],[5,6]]}'
python3 make.py '{"a":{"factor":5,"shift":0,"samples":10}}' >request
"$TANDEM" analyze request >one
"$TANDEM" analyze - <request >two
cmp one two
