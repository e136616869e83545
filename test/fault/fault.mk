# Tests with children: each test/fault/test_NAME.c is one cmocka program.
FAULT := $(patsubst test/fault/%.c,$B/fault/%,$(wildcard test/fault/test_*.c))
$B/fault/%: $B/obj/test/fault/%.o $B/libtandem.a $(BINARIES)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $B/libtandem.a $(LIBS) -lcmocka

fault: $(FAULT) $(BINARIES)
	@set -e; for t in $(FAULT); do $$t; done
.PHONY: fault
