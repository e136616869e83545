// Primes prints how many primes there are below a million.
package main

import (
	"fmt"

	"tandem/workloads/primes"
)

func main() {
	fmt.Println(primes.Count(1000000))
}
