"""What plays tandem in test_nightly.py: a script that answers as it is told,
and the answers it may give."""

from __future__ import annotations

# plan.json: command -> list of answers, taken in turn, the last one for ever.
# An answer: {"status", "out", "makes": run id, "sleep"}.
FAKE = """#!/usr/bin/env python3
import json, os, pathlib, sys, time
home = pathlib.Path(__file__).parent
words = sys.argv[1:]
name = "rerun" if "--rerun" in words else words[0]
with open(home / "calls", "a") as calls:
    calls.write(json.dumps(words) + "\\n")
plan = json.loads((home / "plan.json").read_text())
answers = plan.get(name, [{}])
answer = answers[0]
if len(answers) > 1:
    plan[name] = answers[1:]
    (home / "plan.json").write_text(json.dumps(plan))
if "makes" in answer:
    run = pathlib.Path(os.environ["TANDEM_RESULTS"]) / answer["makes"]
    run.mkdir(parents=True)
    (run / "manifest.json").write_text("x" * answer.get("size", 10))
if "--format" in words and "json" in words and "json" in answer:
    print(json.dumps(answer["json"]))
else:
    print(answer.get("out", name + " said so"))
try:
    time.sleep(answer.get("sleep", 0))
except KeyboardInterrupt:
    sys.exit(130)
sys.exit(answer.get("status", 0))
"""


def run_id(number: int, day: str = "20991201") -> str:
    return f"{day}T03{number:02}00Z-00000{number}"


def tables(level: float = 1000.0) -> dict:
    """What `tandem show --format json` says of a run."""

    def group(workload: str, name: str, *means: float, **more: bool) -> dict:
        series = {"mean_ns": list(means)}
        case = {"runtime": "go-1", "implementation": "trial", "series": series}
        return {"workload": workload, "set": name, "cases": [case], **more}

    work = group("w", "n=1", level, level * 1.01)
    return {"groups": [work, group("ref", "n=2", 100.0, 100.0, reference=True)]}


def comparison(gate: str) -> dict:
    return {"gate": gate, "cases": [{"workload": "w", "gate": gate}]}
