// Package primes counts the primes below n by trial division.
package primes

// Count returns how many primes are below limit.
func Count(limit int) int {
	count := 0
candidates:
	for n := 2; n < limit; n++ {
		for i := 2; i*i <= n; i++ {
			if n%i == 0 {
				continue candidates
			}
		}
		count++
	}
	return count
}
