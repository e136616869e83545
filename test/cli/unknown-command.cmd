"$TANDEM" rnu primes
