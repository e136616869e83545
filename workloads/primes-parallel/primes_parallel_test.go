package primesparallel

import (
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkOne(b *testing.B) {
	numbers := Chunk{2, tandem.Int(b, "n", 200000)}
	tandem.Run(b, func() int { return Count(numbers) })
}

func BenchmarkGoroutines(b *testing.B) {
	n := tandem.Int(b, "n", 200000)
	workers := tandem.Int(b, "workers", 2)
	chunks := tandem.Int(b, "chunks", 32)
	tandem.Run(b, func() int { return CountParallel(n, workers, chunks) })
}

func TestCount(t *testing.T) {
	for limit, want := range map[int]int{
		2: 0, 3: 1, 4: 2, 5: 2, 10: 4, 26: 9, 1000: 168, 20000: 2262,
	} {
		if got := Count(Chunk{2, limit}); got != want {
			t.Errorf("one loop, below %d: %d, want %d", limit, got, want)
		}
		for _, workers := range []int{1, 2, 5} {
			if got := CountParallel(limit, workers, 7); got != want {
				t.Errorf("%d workers, below %d: %d, want %d", workers, limit, got, want)
			}
		}
	}
}

func TestSplit(t *testing.T) {
	next := 2
	for _, chunk := range Split(1000, 32) {
		if chunk.Start != next {
			t.Errorf("a chunk starts at %d, not at %d", chunk.Start, next)
		}
		next = chunk.Stop
	}
	if next != 1000 {
		t.Errorf("the chunks end at %d", next)
	}
}
