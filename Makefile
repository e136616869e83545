# tandem: `make bench` measures, `make test` tests, `make help` lists the rest.
B ?= build
CC ?= gcc
PKGS = libuv jansson inih gsl zlib libmd
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wundef \
 -Wvla -Wwrite-strings -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
 -Wold-style-definition -Wswitch-enum -fno-common
CFLAGS ?= -O2 -g
SYSTEM := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS)))
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARN) -Iharness -I. $(SYSTEM) $(CFLAGS)
LIBS = $(shell pkg-config --libs $(PKGS)) -lm -lpthread

LIB_SRC := $(filter-out harness/main.c %_main.c,$(wildcard harness/*.c harness/*/*.c)) \
 $(wildcard drivers/*.c) $(wildcard drivers/*/driver_*.c)
LIB_OBJ := $(LIB_SRC:%.c=$B/obj/%.o)

BINARIES :=
-include $(wildcard drivers/*/*.mk harness/*/*.mk workloads/*.mk test/*/*.mk)

all: $B/bin/tandem $(BINARIES)

$B/bin/tandem: $B/obj/harness/main.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$B/libtandem.a: $(LIB_OBJ)
	@rm -f $@
	ar rcs $@ $^

$B/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Unit tests: test/unit/test_NAME.c is one cmocka program.
UNIT := $(patsubst test/unit/%.c,$B/unit/%,$(wildcard test/unit/test_*.c))
$B/unit/%: $B/obj/test/unit/%.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $< $B/libtandem.a $(LIBS) -lcmocka

unit: $(UNIT)
	@set -e; for t in $(UNIT); do $$t; done

clean:
	rm -rf $B

-include $(shell find $B/obj -name '*.d' 2>/dev/null)
.PHONY: all unit clean
.DEFAULT_GOAL := all
.SECONDARY:
