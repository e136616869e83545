"""Makes test/data/hist_known.json: histograms as other programs encode them.

Run it in an environment that has test/interop/readers.txt, with Go and
Node on the PATH:

    python test/interop/make_known.py > test/data/hist_known.json

The result is committed, so that unit tests need none of these.
"""

import json
import pathlib
import random
import subprocess
import tempfile

from hdrh.histogram import HdrHistogram

HERE = pathlib.Path(__file__).parent
HOUR_NS = 3_600_000_000_000
GO_VERSIONS = ("v1.0.0", "v1.1.2", "v1.4.0")
JS_VERSION = "3.0.1"
JS_LARGEST = 2**53 - 1


def recipe(name, lowest, highest, digits, values):
    return {
        "name": name,
        "lowest": lowest,
        "highest": highest,
        "digits": digits,
        "values": values,
    }


def recipes():
    chance = random.Random(3)
    spread = sorted({round(10 ** chance.uniform(0, 12)) for _ in range(60)})
    return [
        recipe("empty", 1, HOUR_NS, 3, []),
        recipe("zero", 1, HOUR_NS, 3, [[0, 1]]),
        recipe("one", 1, HOUR_NS, 3, [[1, 1]]),
        recipe("lone zeros", 1, HOUR_NS, 3, [[v, 1] for v in range(1, 20, 2)]),
        recipe("spread", 1, HOUR_NS, 3, [[v, 1 + v % 300] for v in spread]),
        recipe("coarse", 1, HOUR_NS, 1, [[v, 1 + v % 300] for v in spread]),
        recipe("fine", 1, HOUR_NS, 5, [[v, 1 + v % 300] for v in spread]),
        recipe("units", 1000, HOUR_NS, 3, [[v, 2] for v in spread]),
        recipe(
            "count sizes", 1, 10**9, 3, [[7 * k + 1, 1 << k] for k in range(0, 62, 3)]
        ),
        recipe("top", 1, HOUR_NS, 3, [[HOUR_NS, 5]]),
    ]


def by_python(wanted):
    for r in wanted:
        histogram = HdrHistogram(r["lowest"], r["highest"], r["digits"])
        for value, count in r["values"]:
            histogram.record_value(value, count)
        yield histogram.encode().decode()


def lines(command, wanted, cwd):
    text = "".join(json.dumps(r) + "\n" for r in wanted)
    done = subprocess.run(
        command, input=text, cwd=cwd, check=True, capture_output=True, text=True
    )
    return done.stdout.split()


def by_go(version, wanted):
    module = "github.com/HdrHistogram/hdrhistogram-go"
    with tempfile.TemporaryDirectory() as work:
        (pathlib.Path(work) / "main.go").write_text(
            (HERE / "go/known/known.go").read_text(), encoding="utf-8"
        )
        for command in (
            ["go", "mod", "init", "known"],
            ["go", "get", f"{module}@{version}"],
        ):
            subprocess.run(command, cwd=work, check=True, capture_output=True)
        return lines(["go", "run", "."], wanted, work)


def by_js(wanted):
    with tempfile.TemporaryDirectory() as work:
        (pathlib.Path(work) / "main.js").write_text(
            (HERE / "js/known.js").read_text(), encoding="utf-8"
        )
        subprocess.run(
            ["npm", "install", "--silent", f"hdr-histogram-js@{JS_VERSION}"],
            cwd=work,
            check=True,
        )
        return lines(["node", "main.js"], wanted, work)


def main():
    everything = recipes()
    small = [r for r in everything if all(c < JS_LARGEST for _, c in r["values"])]
    writers = [("HdrHistogram_py 0.10.8", everything, by_python(everything))]
    for version in GO_VERSIONS:
        writers.append(
            (f"hdrhistogram-go {version}", everything, by_go(version, everything))
        )
    writers.append((f"hdr-histogram-js {JS_VERSION}", small, by_js(small)))
    known = [
        {"writer": writer} | r | {"base64": encoded}
        for writer, wanted, made in writers
        for r, encoded in zip(wanted, made, strict=True)
    ]
    print("[")
    print(",\n".join(json.dumps(entry) for entry in known))
    print("]")


main()
