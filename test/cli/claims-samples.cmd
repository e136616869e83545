# No verdict stands anywhere: change the samples, or the figures where there
# are no samples, and it is another one.
export TANDEM_WORKLOADS="$ROOT/test/data/claims/workloads"
cp -r "$ROOT/test/data/compare/20261122T031501Z-000001" run
chmod -R u+w run
verdict() {
    "$TANDEM" claims "$PWD/run" --claims "$ROOT/test/data/claims/samples.ini" |
        sed -n '/^ratio/{N;p}'
}
verdict
# Rows of 32 bytes after a header of 256: duration_ns is the second u8.
python3 -c '
import struct
data = bytearray(open("run/samples/000.npy", "rb").read())
for at in range(256, len(data), 32):
    (ns,) = struct.unpack_from("<Q", data, at + 16)
    struct.pack_into("<Q", data, at + 16, 3 * ns)
open("run/samples/000.npy", "wb").write(data)'
verdict
# An archive has the figures alone.
"$TANDEM" show "$PWD/run" --format json >run/summary.json
rm -r run/samples run/journal.jsonl
verdict
python3 -c '
import json
summary = json.load(open("run/summary.json"))
series = summary["groups"][0]["cases"][0]["series"]
series["mean_ns"] = [ns / 3 for ns in series["mean_ns"]]
json.dump(summary, open("run/summary.json", "w"))'
verdict
