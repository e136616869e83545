"""Other programs read what tandem writes, and find the same in it.

A small C program writes histograms and samples of many kinds with a listing
of what they hold; each reader's account of the files must equal it: every
count, minimum, maximum, total, mean and percentile.  With RUN=DIRECTORY the
files of that run are read too.
"""

import json
import math
import os
import re
import subprocess
import tempfile
import unittest
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).parent
TOOLS = Path(os.environ.get("B", "build")).absolute() / "interop"
READERS = {
    "HdrHistogram_py": [TOOLS / "venv/bin/python", HERE / "read_files.py"],
    "hdrhistogram-go": [TOOLS / "read_files"],
    "hdr-histogram-js": ["node", TOOLS / "js/read_files.js"],
}
JAVASCRIPT = "hdr-histogram-js"
# These round the rank that a percentile asks for to the nearest whole number;
# the reference (Java, and after it JavaScript) rounds up.
OTHER_PERCENTILES = {"HdrHistogram_py", "hdrhistogram-go"}


def output(command, *arguments):
    words = [str(word) for word in [*command, *arguments]]
    return json.loads(subprocess.run(words, check=True, capture_output=True).stdout)


def added_up(intervals):
    """Counts of all intervals by the low edge of their bucket."""
    counts = {}
    for interval in intervals:
        for value, count in interval["counts"]:
            counts[value] = counts.get(value, 0) + count
    return sorted([value, count] for value, count in counts.items())


def differs_by(one, other):
    """Two printed numbers, in units of the last digit that is printed."""
    decimals = len(one.partition(".")[2])
    return abs(Decimal(one) - Decimal(other)).scaleb(decimals)


class Compared(unittest.TestCase):
    maxDiff = 2000

    def assert_same_histogram(self, reader, found, listed):
        self.assertTrue(math.isclose(found["mean"], listed["mean"], rel_tol=1e-9))
        left_out = {"mean"}
        if reader in OTHER_PERCENTILES:
            left_out.add("percentiles")
        if reader == JAVASCRIPT and listed["lowest"] > 1:
            left_out.add("max")  # it adds the unit to the bucket's high edge twice
        for key in listed.keys() - left_out:
            self.assertEqual(found[key], listed[key], key)

    def assert_same_distribution(self, found, written):
        """Equal text, but for how half a digit is rounded."""
        self.assertEqual(re.sub(r"[0-9]", "0", found), re.sub(r"[0-9]", "0", written))
        numbers = [re.findall(r"[0-9]+[0-9.]*", text) for text in (found, written)]
        for one, other in zip(*numbers, strict=True):
            self.assertLessEqual(differs_by(one, other), 1)

    def assert_same_samples(self, path, listed):
        found = output(READERS["HdrHistogram_py"], path)[str(path)]
        self.assertEqual(found["itemsize"], 32)
        self.assertEqual(found["rows"], listed["rows"])
        self.assertEqual(found["fields"], listed["fields"])


class WrittenFiles(Compared):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory(prefix="tandem-interop-")
        cls.dir = Path(cls.work.name)
        cls.listing = output([TOOLS / "write_samples"], cls.dir)

    @classmethod
    def tearDownClass(cls):
        cls.work.cleanup()

    def readable_by(self, reader):
        return [
            listed
            for listed in self.listing["histograms"]
            if not (reader == JAVASCRIPT and listed["beyond_double"])
        ]

    def check_reader(self, reader):
        listing = self.readable_by(reader)
        self.assertGreater(len(listing), 10)
        paths = [self.dir / (listed["name"] + ".hlog") for listed in listing]
        found = output(READERS[reader], *paths)
        for path, listed in zip(paths, listing, strict=True):
            with self.subTest(path.name):
                intervals = found[str(path)]["intervals"]
                self.assertEqual(len(intervals), len(listed["intervals"]))
                for one, other in zip(intervals, listed["intervals"], strict=True):
                    self.assert_same_histogram(reader, one, other)
                self.assertEqual(added_up(intervals), listed["sum"]["counts"])

    def test_hlog_read_by_python(self):
        self.check_reader("HdrHistogram_py")

    def test_hlog_read_by_go(self):
        self.check_reader("hdrhistogram-go")

    def test_hlog_read_by_javascript(self):
        self.check_reader(JAVASCRIPT)

    def test_hgrm_equals_javascript_s(self):
        for listed in self.readable_by(JAVASCRIPT):
            name = listed["name"]
            with self.subTest(name):
                path = self.dir / f"{name}.hlog"
                found = output(READERS[JAVASCRIPT], path)[str(path)]
                written = (self.dir / f"{name}.hgrm").read_text(encoding="ascii")
                self.assert_same_distribution(found["distribution"], written)

    def test_npy_read_by_numpy(self):
        self.assert_same_samples(self.dir / "samples.npy", self.listing["samples"])


@unittest.skipUnless("RUN" in os.environ, "no RUN=DIRECTORY given")
class RunDirectory(Compared):
    @classmethod
    def setUpClass(cls):
        cls.listing = output([TOOLS / "list_run"], Path(os.environ["RUN"]))

    def check_reader(self, reader):
        self.assertTrue(self.listing["histograms"], "a run without histograms")
        paths = [listed["path"] for listed in self.listing["histograms"]]
        found = output(READERS[reader], *paths)
        for listed in self.listing["histograms"]:
            intervals = found[listed["path"]]["intervals"]
            self.assertEqual(len(intervals), listed["count"])
            self.assertEqual(added_up(intervals), listed["sum"]["counts"])

    def test_hlog_read_by_python(self):
        self.check_reader("HdrHistogram_py")

    def test_hlog_read_by_go(self):
        self.check_reader("hdrhistogram-go")

    def test_hlog_read_by_javascript(self):
        self.check_reader(JAVASCRIPT)

    def test_npy_read_by_numpy(self):
        self.assertTrue(self.listing["samples"], "a run without samples")
        for listed in self.listing["samples"]:
            self.assert_same_samples(listed["path"], listed)


if __name__ == "__main__":
    unittest.main()
