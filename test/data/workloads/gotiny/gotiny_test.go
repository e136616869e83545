package gotiny

import (
	"errors"
	"testing"

	"tandem/drivers/gotest/tandem"
)

func sum(n int) (total int) {
	for i := 1; i <= n; i++ {
		total += i
	}
	return total
}

func BenchmarkSum(b *testing.B) {
	n := tandem.Int(b, "n", 100)
	tandem.Run(b, func() int { return sum(n) })
}

func BenchmarkNested(b *testing.B) {
	b.Run("sum", BenchmarkSum)
}

// BenchmarkCount never returns the same answer twice.
func BenchmarkCount(b *testing.B) {
	n := 0
	tandem.Run(b, func() int {
		n++
		return n
	})
}

func BenchmarkPanic(b *testing.B) {
	var table map[string]int
	tandem.Run(b, func() int {
		table["x"]++
		return 0
	})
}

func BenchmarkError(b *testing.B) {
	tandem.RunErr(b, func() (string, error) {
		return "", errors.New("the disk is made of cheese")
	})
}

// BenchmarkUnready fails before it is ready.
func BenchmarkUnready(b *testing.B) {
	b.Fatal("no input to read")
}
