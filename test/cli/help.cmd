"$TANDEM" help
