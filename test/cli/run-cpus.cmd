# Workers that take turns are never put onto one CPU; a single one may be.
. "$ROOT/test/cli/lib.sh"
one=$(sed -n 's/^Cpus_allowed_list:[^0-9]*\([0-9]*\).*/\1/p' /proc/self/status)
plain() {
    sed "s/--cpus $one\b/--cpus ONE/; s/CPU [0-9,-]*;/CPU LIST;/
         s/this process has no.*out$/give at least two CPUs, or auto/"
}
complain run null --runtime null-1,null-2 --cpus "$one" | plain
complain run null --runtime null-1 --cpus 99999 | plain
complain run null --runtime null-1 --cpus 2-1
"$TANDEM" run null --runtime null-1 --impl constant --param latency_ns=1000 \
    --count 22 --pairs 3 --cpus "$one" >table 2>stderr
python3 - "$one" "$TANDEM_RESULTS"/*/manifest.json <<'PYTHON'
import json, sys
settings = json.load(open(sys.argv[2]))["settings"]
assert settings["cpus"] == sys.argv[1], settings
assert settings["service_cpus"] != "", settings
assert settings["placement"].startswith("as given: workers on CPU "), settings
print("pinned and recorded")
PYTHON
