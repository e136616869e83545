# Small and static for the same reason as the launcher: its size is known.
BINARIES += $B/libexec/tandem-null
NULL_OBJ := drivers/null/null_main drivers/null/null_faults drivers/null/null_formula \
 drivers/null/null_own drivers/null/null_figures harness/base/buf harness/base/err harness/base/fields
$B/libexec/tandem-null: $(NULL_OBJ:%=$B/obj/%.o)
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(STATIC) -o $@ $^
