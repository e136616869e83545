// SPDX-License-Identifier: MIT

package tandem

import (
	"math"
	"testing"
)

func TestByHandAFigureIsAMetric(t *testing.T) {
	result := testing.Benchmark(func(b *testing.B) {
		Figure(b, "before", 1.5, "B")
		Figure(b, "twice", 1, "x")
		Run(b, func() int { return 1 })
		Figure(b, "twice", 2, "x")
	})
	for unit, want := range map[string]float64{"before-B": 1.5, "twice-x": 2} {
		if got, ok := result.Extra[unit]; !ok || got != want {
			t.Errorf("%s is %v (%v), want %v", unit, got, ok, want)
		}
	}
	other := testing.Benchmark(func(b *testing.B) {
		Run(b, func() int { return 1 })
	})
	if len(other.Extra) != 0 {
		t.Errorf("another benchmark's figures were kept: %v", other.Extra)
	}
}

func TestAFigureIsANumber(t *testing.T) {
	for _, value := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		result := testing.Benchmark(func(b *testing.B) {
			Figure(b, "bad", value, "x")
			Run(b, func() int { return 1 })
		})
		if result.N != 0 {
			t.Errorf("%v was reported: %v", value, result.Extra)
		}
	}
}
