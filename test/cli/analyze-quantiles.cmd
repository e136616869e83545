# The same from JSON, from a NumPy file and from a run's own sample file.
. "$ROOT/test/cli/lib.sh"
python3 - <<'PYTHON'
import json, struct

def npy(path, descr, shape, data):
    header = "{'descr': %s, 'fortran_order': False, 'shape': %s, }" % (descr, shape)
    header += " " * (117 - len(header)) + "\n"
    with open(path, "wb") as file:
        file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data)

values = [float(i * 7919 % 4001 - 100) for i in range(4000)]
json.dump({"samples": values}, open("samples", "w"))
data = struct.pack("<4000d", *values)
npy("good.npy", "'<f8'", "(4000,)", data)
npy("short.npy", "'<f8'", "(4001,)", data)
npy("matrix.npy", "'<f8'", "(40, 100)", data)
npy("float.npy", "'<f4'", "(4000,)", data)
npy("empty.npy", "'<f8'", "(0,)", b"")
npy("nan.npy", "'<f8'", "(2,)", struct.pack("<2d", 1, float("nan")))
PYTHON
"$TANDEM" analyze samples >from-json
echo '{"npy":"good.npy"}' | "$TANDEM" analyze >from-npy
cmp from-json from-npy
rounded <from-json
for file in short matrix float empty nan none samples; do
    echo '{"npy":"'"$file"'.npy"}' >request
    complain analyze request
done
complain analyze nothing
run_null --pairs 2 --impl ramp >run
for file in "$TANDEM_RESULTS"/*/samples/*.npy; do
    echo '{"npy":"'"$file"'","quantiles":[0.5]}' | "$TANDEM" analyze | rounded
done
