# For cases with the line "# figures": measured figures and the blanks that
# align them.
s/[0-9]+(\.[0-9]+)? ?(ns|µs|us|ms|s|B|kB|MB|GB|KiB|MiB|GiB|%)([^a-zA-Z]|$)/N \2\3/g
s/[0-9]+(\.[0-9]+)?x/Nx/g
s/  +/ /g
s/[-─=]{3,}/---/g
