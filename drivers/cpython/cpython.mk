# The cpython driver's workers: see README.md here.
#
# PYTHON gives the headers and, where its distribution has one, the archive
# (libpythonX.Y.a) that the static worker is linked with.
# CPYTHON_ARCHIVE= builds without a static worker.
#
# PYTHON_T is a free-threaded interpreter with its headers (python3.13t), for
# which a module of its own is built beside the others.
PYTHON ?= $(firstword $(wildcard /usr/bin/python3) python3)

CPYTHON_CONFIG := $(shell $(PYTHON) drivers/cpython/build_config.py)
CPYTHON_INCLUDE := $(patsubst include=%,%,$(filter include=%,$(CPYTHON_CONFIG)))
CPYTHON_ARCHIVE ?= $(patsubst archive=%,%,$(filter archive=%,$(CPYTHON_CONFIG)))
CPYTHON_LIBS := $(patsubst lib=%,%,$(filter lib=%,$(CPYTHON_CONFIG)))
# A sanitizer's runtime cannot come second into an interpreter's process.
CPYTHON_PLAIN = $(filter-out -fsanitize% -fno-sanitize%,$(ALL_CFLAGS)) \
 -isystem $(CPYTHON_INCLUDE) -fno-lto
CPYTHON_CFLAGS = $(CPYTHON_PLAIN) -DPy_LIMITED_API=0x03080000

PYTHON_T ?= $(shell command -v python3.14t || command -v python3.13t)
ifneq ($(PYTHON_T),)
CPYTHON_T_CONFIG := $(shell $(PYTHON_T) drivers/cpython/build_config.py)
CPYTHON_T_INCLUDE := $(patsubst include=%,%,\
 $(filter include=%,$(CPYTHON_T_CONFIG)))
CPYTHON_T_MODULE := $B/libexec/_tandem$(patsubst extension=%,%,\
 $(filter extension=%,$(CPYTHON_T_CONFIG)))
BINARIES += $(CPYTHON_T_MODULE)

$(CPYTHON_T_MODULE): drivers/cpython/tandem_module.c $B/flags
	@mkdir -p $(@D)
	$(CC) $(filter-out -fsanitize% -fno-sanitize%,$(ALL_CFLAGS)) \
	  -isystem $(CPYTHON_T_INCLUDE) -fno-lto -fPIC -shared \
	  -fvisibility=hidden -o $@ $< -ldl
endif

BINARIES += $B/libexec/_tandem.abi3.so $B/libexec/tandem_worker.py \
 $B/libexec/tandem_probe.py $B/libexec/worker-cpython-shared
ifneq ($(CPYTHON_ARCHIVE),)
BINARIES += $B/libexec/worker-cpython-static.build
endif

$B/libexec/_tandem.abi3.so: drivers/cpython/tandem_module.c $B/flags
	@mkdir -p $(@D)
	$(CC) $(CPYTHON_CFLAGS) -fPIC -shared -fvisibility=hidden -o $@ $< -ldl

$B/libexec/tandem_%.py: drivers/cpython/tandem_%.py
	@mkdir -p $(@D)
	install -m 644 $< $@

$B/libexec/worker-cpython-shared: drivers/cpython/worker_main.c $B/flags
	@mkdir -p $(@D)
	$(CC) $(CPYTHON_PLAIN) -o $@ $< -ldl

# Extension modules look for the interpreter's symbols in the executable.
$B/libexec/worker-cpython-static: drivers/cpython/worker_main.c \
 drivers/cpython/tandem_module.c $(CPYTHON_ARCHIVE) $B/flags
	@mkdir -p $(@D)
	$(CC) $(CPYTHON_CFLAGS) -DTD_WORKER_STATIC -no-pie -Wl,-export-dynamic \
	  -o $@ drivers/cpython/worker_main.c drivers/cpython/tandem_module.c \
	  $(CPYTHON_ARCHIVE) $(CPYTHON_LIBS) -ldl -lm -lpthread

# sys.version of what was linked: the driver takes this worker for those
# interpreters only that were built with it, to the second.
$B/libexec/worker-cpython-static.build: $B/libexec/worker-cpython-static
	$< -I -S -c 'import sys; print(sys.version)' >$@.tmp
	@mv $@.tmp $@
