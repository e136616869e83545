$B/real/test_cpython: $B/obj/test/real/test_cpython.o \
 $B/obj/test/real/cpython_session.o $B/libtandem.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) -o $@ $^ $(LIBS) -lcmocka
