// Package primesparallel counts the primes below n by trial division, in one
// goroutine and in several.
package primesparallel

import (
	"sync"
	"sync/atomic"
)

// Chunk is the numbers from Start to Stop - 1.
type Chunk struct{ Start, Stop int }

// Count returns how many primes the chunk holds.
func Count(numbers Chunk) int {
	count := 0
candidates:
	for n := numbers.Start; n < numbers.Stop; n++ {
		for i := 2; i*i <= n; i++ {
			if n%i == 0 {
				continue candidates
			}
		}
		count++
	}
	return count
}

// Split cuts the numbers from 2 to limit - 1 into chunks of almost equal
// length.
func Split(limit, chunks int) []Chunk {
	edge := func(i int) int { return 2 + (limit-2)*i/chunks }
	split := make([]Chunk, chunks)
	for i := range split {
		split[i] = Chunk{edge(i), edge(i + 1)}
	}
	return split
}

// CountParallel counts with that many goroutines, which take the chunks from
// a channel.
func CountParallel(limit, workers, chunks int) int {
	todo := make(chan Chunk, chunks)
	for _, chunk := range Split(limit, chunks) {
		todo <- chunk
	}
	close(todo)

	var count atomic.Int64
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for chunk := range todo {
				count.Add(int64(Count(chunk)))
			}
		}()
	}
	wg.Wait()
	return int(count.Load())
}
