# What is found differs from machine to machine; the form does not.
"$TANDEM" doctor --format json >found.json || [ $? = 5 ]
python3 - <<'PYTHON'
import json
doctor = json.load(open("found.json"))
assert isinstance(doctor["can_measure"], bool)
assert doctor["trials_s"] > 0
for check in doctor["checks"]:
    assert set(check) == {
        "name", "level", "found", "effect", "ratio", "why", "fix"
    }, check
    assert check["level"] in ("ok", "warn", "fail"), check
    assert check["found"] and check["why"] and check["fix"], check
    ratio = check["ratio"]
    if ratio and ratio["lower"] is not None:
        assert 0 < ratio["lower"] <= ratio["value"] <= ratio["upper"], check
        assert "95 % interval" in check["effect"], check
    print(check["name"])
PYTHON
"$TANDEM" doctor >text || [ $? = 5 ]
# Whatever is not in order has a fix.
awk '/^warn|^FAIL/ { open = 1; next }
     /^ok/ { if (open) print "no fix:", $0; open = 0 }
     /^      fix: ./ { open = 0 }' text
tail -1 text | sed -E 's/[0-9]+ ok, [0-9]+ to look at, [0-9]+ in/N ok, N to look at, N in/
    s/machine .*\. /machine SAYS. /; s/took .* s/took T s/'
