"$TANDEM" --version
