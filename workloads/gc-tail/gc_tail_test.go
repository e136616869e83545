package gctail

import (
	"fmt"
	"runtime/debug"
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkDefault(b *testing.B) { benchmark(b) }

func BenchmarkGOGC400(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	benchmark(b)
}

func benchmark(b *testing.B) {
	window := NewWindow(tandem.Int(b, "live", 1000000))
	replaced := tandem.Int(b, "replaced", 1000)
	tandem.Run(b, func() int { return window.Replace(replaced) })
}

func TestReplace(t *testing.T) {
	const live, want = 3000, 3 * 499500
	window := NewWindow(live)
	for range 5 {
		if got := window.Replace(700); got != want {
			t.Errorf("the sum is %d, not %d", got, want)
		}
	}
	seen := map[int]bool{}
	for _, record := range window.records {
		seen[record.Number] = true
		if key := fmt.Sprintf("record-%012d", record.Number); record.Key != key {
			t.Errorf("record %d has the key %s", record.Number, record.Key)
		}
	}
	for number := 5 * 700; number < 5*700+live; number++ {
		if !seen[number] {
			t.Fatalf("record %d is not among the newest %d", number, live)
		}
	}
}
