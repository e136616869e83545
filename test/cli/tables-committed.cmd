# README and articles hold what the committed runs give.
cd "$ROOT" || exit
"$TANDEM" tables --check --results results/reference \
    README.md results/articles/*.md
