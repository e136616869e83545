$B/bench/hist_record: $B/obj/test/bench/hist_record.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

BENCH_OVERHEAD_BINARIES += $B/bench/hist_record
BENCH_OVERHEAD += $B/bench/hist_record
