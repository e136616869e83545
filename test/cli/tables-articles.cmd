# The articles' own rows and cells, in their order; every name in an expression
# is one of the workload files.  Without a run nothing is measured, and each
# row says so.
for kind in comparison scenario deployment ci-cd; do
    printf '<!-- tandem:begin %s -->\n<!-- tandem:end -->\n' $kind >page.md
    "$TANDEM" tables page.md --results nowhere
    echo "$kind"
    grep '^|' page.md | cut -d'|' -f1-4 | grep -v '^| …'
    sed -n '3,$p' page.md | grep '^|' | grep -vc -e 'not measured: ' -e '^|:' \
        -e '| [0-9]*: ' || true
done

# The documents of the articles can be filled.
cp "$ROOT"/results/articles/0*.md "$ROOT/README.md" .
"$TANDEM" tables ./*.md --results nowhere
"$TANDEM" tables --check ./*.md --results nowhere && echo fresh
