# The launcher stays tiny (a child's ru_maxrss begins with its size): static
# where there is a libc.a, and nothing of the library.
STATIC_LIBC := $(wildcard $(shell $(CC) -print-file-name=libc.a))
STATIC = $(if $(findstring -fsanitize,$(CFLAGS)),,$(STATIC_LIBC:%=-static))

BINARIES += $B/libexec/tandem-launch
LAUNCHER_OBJ := $B/obj/harness/exec/launcher_main.o \
 $B/obj/harness/exec/launcher_cpus.o $B/obj/harness/exec/launcher_memory.o
$B/libexec/tandem-launch: $(LAUNCHER_OBJ)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(STATIC) -o $@ $^
