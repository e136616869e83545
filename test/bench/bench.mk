# What measuring costs: every program here prints figures, each with its
# target, and `ok` or `missed` before it.  None fails because it is slow.
BENCH := test/bench
BENCH_PROGRAMS := $B/bench/null_loop $B/bench/hist_record \
 $(patsubst %,$(BENCH)/%.py,cpython_empty go_empty origin_late memory \
 timed_share against_others)
BENCH_NEEDS := $B/bench/null_loop $B/bench/hist_record $B/bench/origin_load \
 $B/bench/cpython_loop.so $B/bench/venv/requirements.txt

bench-overhead: all workload-deps $(BENCH_NEEDS) ## what measuring costs (STRICT=1: a miss is an error)
	@B=$B $(PYTHON) scripts/bench-overhead $(if $(STRICT),--strict) \
	  $(BENCH_PROGRAMS)

bench-agreement: all workload-deps ## is it the same in turns and alone? (STRICT=1)
	@B=$B $(PYTHON) scripts/bench-overhead $(if $(STRICT),--strict) \
	  $(BENCH)/agreement.py

bench-scanner: $B/bench/scanner ## what reading a response costs, here and with http_parser
	@$B/bench/scanner

bench-load: all $B/bench/httpserver ## the load generator against theory, faults and wrk (9 min; STRICT=1)
	@B=$B $(PYTHON) scripts/bench-overhead $(if $(STRICT),--strict) \
	  $(patsubst %,$(BENCH)/load_%.py,faults rate wrk stall queues)

# Truth on this machine, now: from ten minutes to an hour each.
LIVE := bench-aa bench-slowdown bench-time bench-nightly
$(LIVE): bench-%: all workload-deps $B/bench/venv/requirements.txt
	@B=$B $(PYTHON) -u $(BENCH)/live.py $* $(if $(RUNS),--runs $(RUNS))
bench-aa: ## how often is a difference claimed that is not there? (RUNS=60)
bench-slowdown: ## is 3 % more work found while other load comes and goes? (RUNS=30)
bench-time: ## how long a ratio takes, here and with pyperf and go test (RUNS=5)
bench-nightly: ## the nightly job on changes of 5 %, 2 % and nothing (RUNS=20)

.PHONY: bench-overhead bench-agreement bench-scanner $(LIVE)

$B/bench/scanner: LIBS += $(HTTP_PARSER)
$B/bench/null_loop $B/bench/hist_record $B/bench/origin_load $B/bench/scanner: \
 $B/bench/%: $B/obj/$(BENCH)/%.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$B/bench/cpython_loop.so: $(BENCH)/cpython_loop.c
	@mkdir -p $(@D)
	$(CC) $(CPYTHON_PLAIN) -DPy_LIMITED_API=0x03090000 -fPIC -shared -o $@ $<

$B/bench/httpserver: $(BENCH)/httpserver/main.go
	@mkdir -p $(@D)
	go build -o $@ ./$(BENCH)/httpserver

# What tandem is held against, in a virtual environment of its own.
$B/bench/venv/requirements.txt: $(BENCH)/bench-requirements.txt
	@scripts/venv $(PYTHON) $< $(@D)
