// What hdr-histogram-js reads: node read_files.js FILE.hlog... prints JSON,
// as read_files.py does, and besides the sum's percentile distribution in ms.
const fs = require("node:fs");
const hdr = require("hdr-histogram-js");

const PERCENTILES = [0, 1, 50, 90, 99, 99.9, 99.99, 100];

function describe(histogram) {
  const counts = [];
  histogram.recordedValuesIterator.reset();
  while (histogram.recordedValuesIterator.hasNext()) {
    const at = histogram.recordedValuesIterator.next();
    counts.push([
      histogram.lowestEquivalentValue(at.valueIteratedTo),
      at.countAtValueIteratedTo,
    ]);
  }
  return {
    lowest: histogram.lowestDiscernibleValue,
    highest: histogram.highestTrackableValue,
    digits: histogram.numberOfSignificantValueDigits,
    total: histogram.totalCount,
    min: histogram.totalCount ? histogram.getValueAtPercentile(0) : 0,
    max: histogram.maxValue,
    mean: histogram.mean,
    percentiles: PERCENTILES.map((p) => [p, histogram.getValueAtPercentile(p)]),
    counts,
  };
}

function read(path) {
  const reader = new hdr.HistogramLogReader(fs.readFileSync(path, "ascii"), 64);
  const intervals = [];
  let sum = null;
  for (;;) {
    const histogram = reader.nextIntervalHistogram();
    if (!histogram) {
      break;
    }
    intervals.push(describe(histogram));
    if (sum) {
      sum.add(histogram);
    } else {
      sum = histogram;
    }
  }
  return {
    intervals,
    distribution: sum ? sum.outputPercentileDistribution(5, 1e6) : "",
  };
}

const files = process.argv.slice(2);
console.log(JSON.stringify(Object.fromEntries(files.map((f) => [f, read(f)]))));
