# A run of `tandem service` in a document: whole, and a figure in a cell.
. "$ROOT/test/cli/tables-lib.sh"
workload shop <<'INI'
[workload]
kind = server
summary = sell
base = go
default = shop
[set closed]
users = 1
rate = 0
connections = 2
requests = requests.txt
[set other]
users = 2
rate = 0
connections = 2
requests = requests.txt
[implementation shop]
title = a shop
cpython = shop.py
go = ./shop
INI
cat >workloads/tables.ini <<'INI'
[table deployment]
source = 003
label = Aspect
article = Python | Go
measured = python go ratio
[row deployment start]
label = Startup time
article = 1-3 seconds | Milliseconds
python = value(shop[closed].service.first_answer_ns, cpython)
go = value(shop[closed].service.first_answer_ns, go)
ratio = ratio(shop[closed].service.first_answer_ns, cpython/go)
[row deployment rate]
label = … highest rate, Go / Python
python = value(shop[closed].service.max_rate, cpython)
go = value(shop[closed].service.max_rate, go)
ratio = ratio(shop[closed].service.max_rate, go/cpython)
INI
run=20261121T100000Z-0000aa
mkdir -p results/$run
cat >results/$run/manifest.json <<JSON
{"schema": 1, "id": "$run", "kind": "service", "tandem": "0.1.0",
 "started": "2026-11-21T10:00:00Z", "status": "complete", "quick": false,
 "settings": {"confidence": 0.95}, "host": {}, "groups": [], "cases": []}
JSON
figure() {
    printf '{"value": %s, "lower": %s, "upper": %s, "invocations": 15, ' "$@"
    printf '"why": null, "values": []}'
}
row() {
    printf '{"name": "shop, %s-1", "implementation": "shop", ' "$1"
    printf '"runtime": "%s-1", "family": "%s", ' "$1" "$1"
    printf '"memory_limit_bytes": null, "memory_by": null, "at_least": false, '
    printf '"figures": {"first_answer_ns": %s, "max_rate": %s}, ' "$2" "$3"
    printf '"search": {"trials": 24}}'
}
cat >results/$run/service.json <<JSON
[{"title": "shop, closed", "workload": "shop", "set": "closed",
  "slo": "p99<50ms", "low_rate": 100, "high_rate": 500, "share": 0.8,
  "confidence": 0.95, "conditions": "one CPU each", "rows": [
  $(row cpython "$(figure 5e8 4e8 6e8)" "$(figure 7000 6900 7100)"),
  $(row go "$(figure 5e6 4e6 6e6)" "$(figure 70000 69000 71000)")]}]
JSON
cat >page.md <<'PAGE'
<!-- tandem:begin deployment -->
<!-- tandem:end -->
<!-- tandem:begin service workload=shop -->
<!-- tandem:end -->
<!-- tandem:begin service workload=shop set=other -->
<!-- tandem:end -->
PAGE
"$TANDEM" tables page.md --results results
"$TANDEM" tables page.md --results results --check
cat page.md
