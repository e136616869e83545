package tasks

import (
	"testing"
	"time"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkGoroutines(b *testing.B)    { benchmark(b, Run) }
func BenchmarkLockedThreads(b *testing.B) { benchmark(b, RunThreads) }

// grown is kept, since by hand a benchmark is called several times, and only
// the first time is the process fresh.
var grown = map[string]float64{}

func benchmark(b *testing.B, run func(tasks int, look func()) Result) {
	tasks := tandem.Int(b, "tasks", 2000)
	if _, known := grown[b.Name()]; !known {
		grown[b.Name()] = growth(b, tasks, run) / float64(tasks)
	}
	tandem.Figure(b, "task_bytes", grown[b.Name()], "B")

	var create, finish time.Duration
	times := 0
	tandem.Run(b, func() int {
		result := run(tasks, func() {})
		create += result.Create
		finish += result.Finish
		times++
		return result.Total
	})
	each := float64(tasks * max(times, 1))
	tandem.Figure(b, "create_ns", float64(create)/each, "ns")
	tandem.Figure(b, "finish_ns", float64(finish)/each, "ns")
}

// growth is by how many bytes the process grows until all tasks wait. Only in
// one that has had no tasks yet are they all theirs.
func growth(b *testing.B, tasks int, run func(int, func()) Result) float64 {
	rss := func() int {
		bytes, err := RSS()
		if err != nil {
			b.Fatal(err)
		}
		return bytes
	}
	before, waiting := rss(), 0
	run(tasks, func() { waiting = rss() })
	return float64(waiting - before)
}

func TestRun(t *testing.T) {
	for _, tasks := range []int{0, 1, 500} {
		for name, run := range map[string]func(int, func()) Result{
			"goroutines": Run, "threads": RunThreads,
		} {
			looked := 0
			result := run(tasks, func() { looked++ })
			if want := tasks * (tasks - 1) / 2; result.Total != want {
				t.Errorf("%d %s: %d, want %d", tasks, name, result.Total, want)
			}
			if looked != 1 {
				t.Errorf("%d %s: looked %d times", tasks, name, looked)
			}
		}
	}
}

func TestRSS(t *testing.T) {
	bytes, err := RSS()
	if err != nil || bytes < 1<<20 {
		t.Errorf("%d bytes, %v", bytes, err)
	}
}
