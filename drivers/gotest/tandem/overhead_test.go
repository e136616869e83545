// SPDX-License-Identifier: MIT

package tandem

import (
	"fmt"
	"os"
	"slices"
	"testing"
)

//go:noinline
func byHandLoop(op func() int, entries []entry) (sum int) {
	for i := range entries {
		start := nanotime()
		sum += op()
		end := nanotime()
		entries[i] = entry{start, end}
	}
	return sum
}

// BenchmarkOverhead prints what Run's timed loop costs on an empty operation as
// a multiple of a hand-written loop with the same clock, both measured in
// turns; "make bench-overhead" runs it.
func BenchmarkOverhead(b *testing.B) {
	const rounds, limit = 101, 1.2
	entries := make([]entry, 10000)
	op := func() int { return 0 }
	c := checker[int]{}
	var hand, run []float64
	for range rounds {
		begin := nanotime()
		sum := byHandLoop(op, entries)
		middle := nanotime()
		filled := timeEach(op, entries, &c)
		end := nanotime()
		if sum != 0 || filled != len(entries) {
			b.Fatal("the loops did not run")
		}
		hand = append(hand, float64(middle-begin)/float64(len(entries)))
		run = append(run, float64(end-middle)/float64(len(entries)))
	}
	slices.Sort(hand)
	slices.Sort(run)
	h, r := hand[rounds/2], run[rounds/2]
	b.ReportMetric(h, "hand-ns/op")
	b.ReportMetric(r, "run-ns/op")
	if b.N == 1 {
		fmt.Fprintf(os.Stdout, "go empty operation: %.1f ns, %.3f x a loop written by hand (limit %v)\n",
			r, r/h, limit)
	}
	if r/h > limit {
		b.Errorf("the loop costs %.3f x one written by hand", r/h)
	}
}
