// SPDX-License-Identifier: MIT

package tandem

import (
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

// BenchmarkOverhead tells what an iteration of Run's timed loop costs on an empty
// operation, and one of a hand-written loop with the same clock, both measured
// in turns; "make bench-overhead" holds them against each other.
func BenchmarkOverhead(b *testing.B) {
	const rounds = 101
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
	b.ReportMetric(hand[rounds/2], "hand-ns/op")
	b.ReportMetric(run[rounds/2], "run-ns/op")
}
