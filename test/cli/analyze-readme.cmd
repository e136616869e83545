# Every example of harness/analyze/README.md is answered as it says.
python3 - <<'PYTHON'
import json, os, re, subprocess

def same(said, found):
    if isinstance(said, dict):
        return list(said) == list(found) and all(same(said[k], found[k]) for k in said)
    if isinstance(said, list):
        return len(said) == len(found) and all(map(same, said, found))
    if isinstance(said, float):
        return abs(said - found) <= 1e-5 * abs(said)
    return said == found

text = open(os.environ["ROOT"] + "/harness/analyze/README.md").read()
blocks = re.findall(r"^```json\n(.*?)^```$", text, re.M | re.S)
for request, answer in zip(blocks[::2], blocks[1::2]):
    found = subprocess.run(
        [os.environ["TANDEM"], "analyze"], input=request, capture_output=True, text=True
    ).stdout
    if not same(json.loads(answer), json.loads(found)):
        print(request, "is answered with", found)
print(len(blocks) // 2, "examples")
PYTHON
