# The origin's own benchmark: its client, and the command that runs both.
$B/bench/origin_load: $B/obj/test/bench/origin_load.o
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $<

BENCH_OVERHEAD_BINARIES += $B/bench/origin_load
BENCH_OVERHEAD += scripts/bench-origin
