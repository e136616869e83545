# usage: sh prepare.sh cold|warm|touched SRC GO MODULE PACKAGE
#
# What `go build` finds: the module's sources in SRC, copied once; for warm and
# touched a cache in GOCACHE that has built them before; for touched one
# source that is not the one that was built. MODULE is "." or the folder below
# workloads/ that has a go.mod of its own; PACKAGE lies below workloads/.
set -e
state=$1 src=$2 go=$3 module=$4 package=$5
if [ ! -d "$src" ]; then
    mkdir -p "$src/workloads"
    cp ../../go.mod ../../go.sum "$src"
    for folder in internal build primes rest-get iac-preview; do
        cp -R "../$folder" "$src/workloads"
    done
fi
[ "$state" != cold ] || exit 0
"$go" build -C "$src/workloads/$module" -o /dev/null "$src/workloads/$package"
if [ "$state" = touched ]; then
    main=$src/workloads/$package/main.go
    [ -f "$main.whole" ] || cp "$main" "$main.whole"
    { cat "$main.whole"; printf '\nvar touched = "%s"\n' "$(date +%s%N)"; } >"$main"
fi
