package primes

import (
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkTrial(b *testing.B) {
	n := tandem.Int(b, "n", 20000)
	tandem.Run(b, func() int { return Count(n) })
}

func TestCount(t *testing.T) {
	for limit, want := range map[int]int{
		0: 0, 2: 0, 3: 1, 4: 2, 5: 2, 10: 4, 26: 9, 1000: 168, 20000: 2262,
	} {
		if got := Count(limit); got != want {
			t.Errorf("Count(%d) = %d, want %d", limit, got, want)
		}
	}
}
