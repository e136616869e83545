# tandem: `make bench` measures, `make test` tests, `make help` lists the rest.
#
# Parts bring their own rules in fragments (drivers/*/*.mk and so on): they
# add to BINARIES what `make all` builds, to TEST_BINARIES what the tests
# need besides.
B ?= build
PREFIX ?= /usr/local
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)
ifeq ($(origin CC),default)
CC := gcc
endif
.DEFAULT_GOAL := all
Q := $(if $(V),,@)
comma := ,
FRAGMENTS := $(wildcard drivers/*/*.mk harness/*/*.mk workloads/*.mk test/*/*.mk)

help: ## list the goals
	@echo 'Usage: make [GOAL] [B=build] [QUICK=1] [NO_INSTALL=1] [PYTHON=…] [WERROR=1] [V=1]'
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1\t\2/p' \
	  Makefile $(FRAGMENTS) | expand -t 20

deps: ## find what is missing and install it
	scripts/deps --with dev

clean: ## remove the build directory
	rm -rf $B

.PHONY: help deps clean

# Every other goal takes two passes.  The first sets the machine up (a stamp
# in $B: once) and calls make again; only the second asks pkg-config, Python
# and Go, which a fresh machine does not have.
GOALS := $(filter-out help deps clean,$(or $(MAKECMDGOALS),all))
ifneq ($(GOALS),)
ifndef READY

RUN_GOALS := all bench bench-all claims tables tables-check bench-overhead \
 bench-agreement bench-aa bench-slowdown bench-time bench-nightly selftest install $B/bin/tandem
TEST_GOALS := test unit cli fault real go san
LEVEL := $(if $(filter-out $(RUN_GOALS),$(GOALS)),$(if $(filter-out \
 $(RUN_GOALS) $(TEST_GOALS) $B/%,$(GOALS)),dev,test),run)

$(GOALS): again
	@:
again: $B/setup/$(LEVEL) | $(filter clean,$(MAKECMDGOALS))
	+@$(MAKE) --no-print-directory READY=1 $(GOALS)
$B/setup/%: scripts/deps | $(filter clean,$(MAKECMDGOALS))
	@scripts/deps --with $*
	@mkdir -p $(@D)
	@touch $@
.PHONY: again $(GOALS)

else

GO_DIR := $(shell scripts/deps --go-dir)
ifneq ($(GO_DIR),)
export PATH := $(GO_DIR):$(PATH)
endif

PKGS := libuv jansson inih gsl zlib libmd
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wformat=2 -Wundef \
 -Wvla -Wwrite-strings -Wcast-qual -Wstrict-prototypes -Wmissing-prototypes \
 -Wold-style-definition -Wswitch-enum -fno-common $(if $(WERROR),-Werror)
CFLAGS ?= -O2 -g
SYSTEM := $(patsubst -I%,-isystem %,$(shell pkg-config --cflags $(PKGS)))
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE $(WARN) -Iharness -I. $(SYSTEM) $(CFLAGS)
LIBS := $(shell pkg-config --libs $(PKGS)) -lm -lpthread

BINARIES :=
TEST_BINARIES :=
-include $(FRAGMENTS)

LIB_SRC := $(filter-out harness/main.c %_main.c,\
 $(wildcard harness/*.c harness/*/*.c drivers/*.c drivers/*/driver_*.c))
LIB_OBJ := $(LIB_SRC:%.c=$B/obj/%.o)

all: $B/bin/tandem $(BINARIES) ## build everything

$B/bin/tandem: $B/obj/harness/main.o $B/libtandem.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$B/libtandem.a: $(LIB_OBJ)
	@rm -f $@
	@echo '  AR    $@'
	$(Q)ar rcs $@ $^

$B/obj/%.o: %.c $B/flags
	@mkdir -p $(@D)
	@echo '  CC    $<'
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Other flags or another compiler: everything is built again.
$B/flags: force
	@mkdir -p $(@D)
	@echo '$(CC) $(ALL_CFLAGS)' | cmp -s - $@ || \
	  echo '$(CC) $(ALL_CFLAGS)' >$@

# What workloads need: their Python packages in a virtual environment of the
# build directory, their Go modules in Go's own cache.
$B/venv/requirements.txt: workloads/requirements.txt
	@scripts/venv $(PYTHON) $< $(@D)
GO_MODULES := $(wildcard go.mod workloads/*/go.mod workloads/*/*/go.mod)
$B/setup/go-modules: $(GO_MODULES) $(wildcard $(GO_MODULES:.mod=.sum))
	@if command -v go >/dev/null; then for file in $(GO_MODULES); do \
	  (cd $$(dirname $$file) && go mod download) || exit 1; done; fi
	@mkdir -p $(@D)
	@touch $@
workload-deps: $B/venv/requirements.txt $B/setup/go-modules

bench: all workload-deps ## measure the workloads (6 min; QUICK=1: 1 min)
	$B/bin/tandem run --suite \
	  $(if $(QUICK),quick --quick --time-budget 40s,bench --time-budget 310s)

# What every claim and table rests on.  With QUICK=1 a first look, which decides
# no claim: the runs are then named one by one, and the articles are copied.
bench-all: all workload-deps ## measure everything: growth, services, workloads (60 min; QUICK=1: 5 min)
	@$(PYTHON) scripts/bench-all --build $B $(if $(QUICK),--quick)

LAST_RUNS = $(if $(QUICK),$(shell cat $B/bench-all.runs 2>/dev/null))
ARTICLES := results/articles
claims: all ## hold the articles' claims against the last runs
	@$B/bin/tandem claims $(subst $(comma), ,$(LAST_RUNS))
tables: all ## renew the tables in README.md and results/articles from the last runs
ifdef QUICK
	@mkdir -p $B/articles && cp $(ARTICLES)/*.md $B/articles
	$B/bin/tandem tables --run $(LAST_RUNS) $B/articles/*.md
else
	$B/bin/tandem tables README.md $(ARTICLES)/*.md
endif
tables-check: all ## are they what the committed runs in results/reference give?
	@$B/bin/tandem tables --check --results results/reference \
	  README.md $(ARTICLES)/*.md

# Tests: test/KIND/test_NAME.c is one cmocka program, test/KIND/test_NAME.py
# one Python program, test/cli/NAME.cmd a command line.  scripts/test runs
# them.
KINDS := unit cli fault real go
C_TESTS = $(patsubst test/%.c,$B/%,$(wildcard $(KINDS:%=test/%/test_*.c)))
RUN_TESTS = $(PYTHON) scripts/test --build $B

$B/%: $B/obj/test/%.o $B/libtandem.a
	@mkdir -p $(@D)
	@echo '  LINK  $@'
	$(Q)$(CC) $(CFLAGS) -o $@ $< $B/libtandem.a $(LIBS) -lcmocka

test: all workload-deps $(C_TESTS) $(TEST_BINARIES) ## run all tests (KINDS="unit cli fault real go")
	@$(RUN_TESTS) $(KINDS)
unit: $(filter $B/unit/%,$(C_TESTS)) ## run the unit tests alone
	@$(RUN_TESTS) unit
cli: all ## run the command-line tests (UPDATE_GOLDEN=1 accepts the output)
	@$(RUN_TESTS) cli
fault: all $(filter $B/fault/%,$(C_TESTS)) $(TEST_BINARIES) ## break things one by one
	@$(RUN_TESTS) fault
real: all workload-deps $(filter $B/real/%,$(C_TESTS)) $(TEST_BINARIES) ## test with real runtimes
	@$(RUN_TESTS) real
go: ## run the Go package's own tests
	@$(RUN_TESTS) go

SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
 -fno-sanitize-recover=all -Wno-format-truncation
san: ## unit, cli and fault tests under ASan and UBSan
	@$(MAKE) --no-print-directory B=$B/san CFLAGS='$(SANITIZE)' WERROR= \
	  KINDS='unit cli fault' test

check: $B/flags $B/venv-dev/requirements-dev.txt ## format, includes, headers, style, clang-tidy
	@status=0; \
	B=$B CC='$(CC)' CFLAGS='$(ALL_CFLAGS)' scripts/check || status=1; \
	$(MAKE) --no-print-directory --keep-going tidy || status=1; \
	exit $$status
$B/venv-dev/requirements-dev.txt: scripts/requirements-dev.txt
	@scripts/venv $(PYTHON) $< $(@D)
tidy: $(LIB_SRC:%.c=$B/tidy/%) $B/tidy/harness/main
$B/tidy/%: %.c .clang-tidy $B/obj/%.o
	@echo '  TIDY  $<'
	@clang-tidy --quiet $< -- $(ALL_CFLAGS) 2>/dev/null
	@mkdir -p $(@D)
	@touch $@

selftest: all ## hold the statistics against known truth (1 min)
	$B/bin/tandem selftest

interop: all ## other programs read what tandem writes
	@$(RUN_TESTS) interop

nightly-check: ## all that CI runs, and what takes longer
	@set -e; for goal in check test san interop fuzz-smoke selftest \
	  bench-overhead bench-agreement bench-load; do \
	  echo "== make $$goal"; $(MAKE) --no-print-directory STRICT=1 $$goal; done

# share/ is a small source tree: Go builds its benchmarks there.
DEST = $(DESTDIR)$(PREFIX)
SHARED := workloads drivers/gotest/tandem $(wildcard go.mod go.sum)
install: all ## install below PREFIX (DESTDIR=… for packagers)
	install -d $(DEST)/bin $(DEST)/libexec/tandem $(DEST)/share/tandem
	install -m 755 $B/bin/tandem $(DEST)/bin/tandem
	cp -p $B/libexec/* $(DEST)/libexec/tandem/
	tar -cf - --exclude=__pycache__ $(SHARED) | tar -C $(DEST)/share/tandem -xf -

-include $(shell find $B/obj -name '*.d' 2>/dev/null)
.PHONY: force all workload-deps bench bench-all claims tables tables-check \
 test unit cli fault real go san check tidy selftest interop nightly-check install
.SECONDARY:
endif
endif
