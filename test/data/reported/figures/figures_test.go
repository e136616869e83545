package figures

import (
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkSum(b *testing.B) {
	n := tandem.Int(b, "n", 1000)
	tandem.Figure(b, "terms", -1, "terms")
	tandem.Figure(b, "terms", float64(n)/2, "terms")
	calls := 0
	tandem.Run(b, func() int {
		calls++
		sum := 0
		for i := range n {
			sum += i
		}
		return sum
	})
	tandem.Figure(b, "called", float64(min(calls, 1)), "x")
}
