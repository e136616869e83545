// Encodes the histograms described on standard input (one JSON object a
// line) with hdr-histogram-js, one base64 string a line.
const fs = require("node:fs");
const hdr = require("hdr-histogram-js");

for (const line of fs.readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const recipe = JSON.parse(line);
  const histogram = hdr.build({
    lowestDiscernibleValue: recipe.lowest,
    highestTrackableValue: recipe.highest,
    numberOfSignificantValueDigits: recipe.digits,
    bitBucketSize: 64,
  });
  for (const [value, count] of recipe.values) {
    histogram.recordValueWithCount(value, count);
  }
  console.log(hdr.encodeIntoCompressedBase64(histogram));
}
