# `tandem help X` and `tandem X --help` say the same.
for command in run list runtimes show claims compare tables doctor analyze tune selftest load service origin help; do
    "$TANDEM" help "$command" >help
    "$TANDEM" "$command" --help | diff help -
    sed '/^Exit codes/,$d' help
done
