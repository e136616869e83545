# What `make interop` needs besides tandem itself: a writer of samples, and
# other people's readers of them (Python, Go, Node).
INTEROP := $B/interop/write_samples $B/interop/list_run \
 $B/interop/venv/requirements.txt $B/interop/read_files \
 $B/interop/js/node_modules

interop: $(INTEROP)

$B/interop/write_samples $B/interop/list_run: $B/interop/%: \
 $B/obj/test/interop/%.o $B/obj/test/interop/listing.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS)

$B/interop/venv/requirements.txt: test/interop/readers.txt
	@scripts/venv $(PYTHON) $< $(@D)

$B/interop/read_files: $(wildcard test/interop/go/*.go) \
 test/interop/go/go.mod test/interop/go/go.sum
	@mkdir -p $(@D)
	cd test/interop/go && go build -o $(abspath $@) .

$B/interop/js/node_modules: test/interop/js/package-lock.json \
 $(wildcard test/interop/js/*)
	@mkdir -p $(@D)
	cp $^ $(@D)
	cd $(@D) && npm ci --silent --no-audit --no-fund
	@touch $@
