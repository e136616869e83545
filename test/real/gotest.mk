# Go workloads through the real toolchain; skips where there is none.
REAL += $B/real/test_gotest_run
$B/real/test_gotest_run: $B/obj/test/real/test_gotest_run.o $B/libtandem.a \
  $B/libexec/tandem-launch
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $B/libtandem.a $(LIBS) -lcmocka
