# Every test/fuzz/fuzz_NAME.c is a libFuzzer target; test/fuzz/corpus/NAME/
# holds what it starts from, $B/fuzzing/corpus/NAME/ what it has found since.
FUZZ_SECONDS ?= 20
FUZZ_NAMES := $(patsubst test/fuzz/fuzz_%.c,%,$(wildcard test/fuzz/fuzz_*.c))
FUZZ_FLAGS := -O1 -g -fno-omit-frame-pointer \
 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
 -Wno-format-nonliteral -Wno-missing-field-initializers
FUZZ_MAKE = $(MAKE) --no-print-directory B=$B/fuzzing CC=clang \
 CFLAGS='$(FUZZ_FLAGS)' WERROR=

fuzz-smoke: ## run each fuzz target for FUZZ_SECONDS=20
	@$(FUZZ_MAKE) fuzz-run

fuzz-run: $(FUZZ_NAMES:%=$B/fuzz/fuzz_%)
	@B=$B SECONDS_EACH=$(FUZZ_SECONDS) scripts/fuzz $(FUZZ_NAMES)

$B/fuzz/%: $B/obj/test/fuzz/%.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

.PHONY: fuzz-smoke fuzz-run
