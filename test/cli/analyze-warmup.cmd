# Warm-up is left out of the figures, unless it is to stay in.
. "$ROOT/test/cli/lib.sh"
for truncate in true false; do
    python3 - "$truncate" <<'PYTHON' | "$TANDEM" analyze >answer
import json, math, sys

def side(factor, slow, n=15):
    return [
        [factor * (1 + 0.002 * math.sin(5 * i + 3 * j)) + (3 if j < slow else 0) for j in range(40)]
        for i in range(n)
    ]

print(json.dumps({"a": side(5, 0), "b": side(5, 10), "truncate": sys.argv[1] == "true"}))
PYTHON
    rounded verdict ratio truncated class warnings <answer
    rounded warmup <answer | sort | uniq -c | sort -rn | head -8
done
