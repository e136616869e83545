# usage: sh forget.sh warm|cold PROGRAM [LISTER]
#
# cold: has the kernel drop the files of PROGRAM from the page cache: the
# program itself, or what it prints as an interpreter of LISTER. Pages that
# another process has mapped stay; so do inodes and directories.
set -e
[ "$1" = cold ] || exit 0
list=$TANDEM_SCRATCH/files
if [ -n "$3" ]; then
    "$2" "$3" handler.py event.json >"$list"
else
    printf '%s\n' "$2" "$PWD/event.json" >"$list"
fi
while read -r file; do
    if [ -f "$file" ]; then printf '%s\n' "$file"; fi
done <"$list" >"$list.there"
# What is not on the disk yet cannot be dropped.
xargs sync <"$list.there"
sed 's/^/if=/' "$list.there" | xargs -n 1 dd iflag=nocache count=0 status=none
