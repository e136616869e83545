# What differs from run to run, from machine to machine, or with a release.
s/[0-9]{8}T[0-9]{6}Z-[0-9a-f]+/RUN/g
s/[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{8,}Z?/DATE/g
s/^tandem [0-9]+\.[0-9]+\.[0-9]+[^ ]*/tandem VERSION/
s/(127\.0\.0\.1|localhost):[0-9]+/\1:PORT/g
s/\b0x[0-9a-f]+\b/ADDRESS/g
