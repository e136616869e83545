"""What HdrHistogram_py and NumPy read: read_files.py FILE... prints JSON.

An .hlog gives its intervals, an .npy the sums that listing.h describes.
"""

import json
import sys

import numpy
from hdrh.histogram import HdrHistogram
from hdrh.log import HistogramLogReader

PERCENTILES = (0, 1, 50, 90, 99, 99.9, 99.99, 100)


def describe(histogram):
    recorded = (
        (histogram.get_value_from_index(i), histogram.get_count_at_index(i))
        for i in range(histogram.counts_len)
    )
    return {
        "lowest": histogram.lowest_trackable_value,
        "highest": histogram.highest_trackable_value,
        "digits": histogram.significant_figures,
        "total": histogram.get_total_count(),
        "min": histogram.get_min_value(),
        "max": histogram.get_max_value(),
        "mean": histogram.get_mean_value(),
        "percentiles": [[p, histogram.get_value_at_percentile(p)] for p in PERCENTILES],
        "counts": [[value, count] for value, count in recorded if count],
    }


def read_log(path):
    reader = HistogramLogReader(path, HdrHistogram(1, 2, 1))
    intervals = []
    while (histogram := reader.get_next_interval_histogram()) is not None:
        intervals.append(describe(histogram))
    return {"intervals": intervals}


def read_samples(path):
    rows = numpy.load(path, mmap_mode="r")
    weights = numpy.arange(1, len(rows) + 1, dtype=numpy.uint64)
    fields = {}
    for name in rows.dtype.names:
        column = rows[name].astype(numpy.uint64)
        fields[name] = [
            str(numpy.sum(column, dtype=numpy.uint64)),
            str(numpy.sum(column * weights, dtype=numpy.uint64)),
        ]
    return {"rows": len(rows), "fields": fields, "itemsize": rows.dtype.itemsize}


def read(path):
    return read_samples(path) if path.endswith(".npy") else read_log(path)


json.dump({path: read(path) for path in sys.argv[1:]}, sys.stdout)
