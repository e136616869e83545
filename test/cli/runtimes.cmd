# What is found differs from machine to machine; the form does not.
"$TANDEM" runtimes --format json >runtimes.json
python3 - <<'PYTHON'
import json
found = json.load(open("runtimes.json"))
for runtime in found:
    assert set(runtime) == {
        "name", "family", "version", "path", "hosting", "problem", "build"
    }, runtime
    assert isinstance(runtime["build"], dict), runtime
names = [runtime["name"] for runtime in found]
assert len(names) == len(set(names)), names
open("names", "w").writelines(name + "\n" for name in names)
for runtime in found:
    if runtime["family"] == "null":
        print(runtime["name"], runtime["version"], runtime["problem"])
PYTHON
"$TANDEM" runtimes >text
sed -n 's/^\([^ ]\+\) .*/\1/p' text | diff names -
