// Package tasks starts many tasks that wait for one event, releases them and
// waits for all.
package tasks

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Result is what one pass gives.
type Result struct {
	Total  int
	Create time.Duration // until all wait
	Finish time.Duration // from the release on
}

// Run starts that many goroutines; each returns its number, and Total is
// their sum. look is called while all of them wait.
func Run(tasks int, look func()) Result {
	return run(tasks, look, func() {})
}

// RunThreads is Run with a thread of the operating system for each goroutine.
func RunThreads(tasks int, look func()) Result {
	// Who ends with its thread locked takes the thread along.
	return run(tasks, look, runtime.LockOSThread)
}

func run(tasks int, look, enter func()) Result {
	release := make(chan struct{})
	var waiting, finished sync.WaitGroup
	var total atomic.Int64

	begun := time.Now()
	waiting.Add(tasks)
	finished.Add(tasks)
	for number := range tasks {
		go func() {
			defer finished.Done()
			enter()
			waiting.Done()
			<-release
			total.Add(int64(number))
		}()
	}
	waiting.Wait()
	create := time.Since(begun)
	look()
	released := time.Now()
	close(release)
	finished.Wait()
	return Result{int(total.Load()), create, time.Since(released)}
}

// RSS is the resident memory of this process in bytes.
func RSS() (int, error) {
	file, err := os.Open("/proc/self/smaps_rollup")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		var kib int
		if n, _ := fmt.Sscanf(lines.Text(), "Rss: %d kB", &kib); n == 1 {
			return kib * 1024, nil
		}
	}
	return 0, fmt.Errorf("%s has no line Rss", file.Name())
}
