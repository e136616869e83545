// SPDX-License-Identifier: MIT

package tandem

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"testing"
)

// Int returns the parameter name as a whole number: what the harness says
// or, by hand, the environment variable TANDEM_P_name or fallback.
func Int(b *testing.B, name string, fallback int) int {
	b.Helper()
	text := String(b, name, strconv.Itoa(fallback))
	n, err := strconv.Atoi(text)
	if err != nil {
		fatal(b, fmt.Errorf("parameter %s: %q is not a whole number", name, text))
	}
	return n
}

// String returns the parameter name as text, from where Int takes it.
func String(b *testing.B, name, fallback string) string {
	b.Helper()
	s := connected(b)
	if s == nil {
		if text, ok := os.LookupEnv("TANDEM_P_" + name); ok {
			return text
		}
		return fallback
	}
	text, ok := s.setup["p."+name]
	if !ok {
		// The default would be measured under the wrong name.
		fatal(b, fmt.Errorf("the workload has no parameter %q", name))
	}
	return text
}

// Run measures op. The answer, written with fmt.Sprint, must be the same each
// time and the one that the workload's other languages give.
func Run[T comparable](b *testing.B, op func() T) {
	b.Helper()
	s := connected(b)
	if s == nil {
		byHand(b, op)
		return
	}
	if err := serve(s, op); err != nil {
		fatal(b, err)
	}
}

// RunErr is Run for an operation that can fail. A failure ends the benchmark.
func RunErr[T comparable](b *testing.B, op func() (T, error)) {
	b.Helper()
	// Run's loop calls op directly; the rarer kind pays for the wrapper.
	Run(b, func() T {
		answer, err := op()
		if err != nil {
			panic(failure{err})
		}
		return answer
	})
}

// failure carries an operation's error out of the timed loop.
type failure struct{ err error }

func (f failure) Error() string { return f.err.Error() }

func byHand[T comparable](b *testing.B, op func() T) {
	b.Helper()
	defer func() {
		p := recover()
		if f, ok := p.(failure); ok {
			b.Fatal(f.err)
		} else if p != nil {
			panic(p)
		}
	}()
	c := checker[T]{}
	b.ResetTimer()
	defer metrics.again(b)
	for i := 0; i < b.N; i++ {
		if got := op(); !c.right(got) {
			b.Fatalf("operation %d answered %v, the first one %v", i+1, got, c.want)
		}
	}
}

var harness = sync.OnceValues(open)

// connected returns the session with the harness, set up, or nil when the
// benchmark was started by hand.
func connected(b testing.TB) *session {
	b.Helper()
	s, err := harness()
	if errors.Is(err, errQuit) {
		os.Exit(0)
	}
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// fatal tells both the harness, if there is one, and the reader of the
// benchmark's output.
func fatal(b testing.TB, err error) {
	b.Helper()
	if s, _ := harness(); s != nil {
		s.fail(err)
	}
	b.Fatal(err)
}
