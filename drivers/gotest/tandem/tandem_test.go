// SPDX-License-Identifier: MIT

package tandem

import (
	"errors"
	"math"
	"testing"
)

func TestByHandParameters(t *testing.T) {
	t.Setenv("TANDEM_P_n", "12")
	t.Setenv("TANDEM_P_path", "")
	testing.Benchmark(func(b *testing.B) {
		if n := Int(b, "n", 7); n != 12 {
			t.Errorf("n from the environment is %d", n)
		}
		if m := Int(b, "m", 7); m != 7 {
			t.Errorf("the default of m is %d", m)
		}
		if path := String(b, "path", "x"); path != "" {
			t.Errorf("an empty parameter is %q", path)
		}
	})
}

func TestByHandIsABenchmark(t *testing.T) {
	calls := 0
	result := testing.Benchmark(func(b *testing.B) {
		calls = 0
		Run(b, func() int {
			calls++
			return 42
		})
	})
	if result.N < 1000 || calls != result.N || result.T <= 0 {
		t.Errorf("%d calls, result %+v", calls, result)
	}
}

func TestByHandFailures(t *testing.T) {
	n := 0
	for name, run := range map[string]func(*testing.B){
		"changing answer": func(b *testing.B) {
			b.N = 3
			Run(b, func() int { n++; return n })
		},
		"error": func(b *testing.B) {
			RunErr(b, func() (string, error) { return "", errors.New("no") })
		},
		"not a number": func(b *testing.B) {
			b.Setenv("TANDEM_P_n", "many")
			Int(b, "n", 1)
		},
	} {
		// A benchmark that fails has no result.
		if result := testing.Benchmark(run); result.N != 0 {
			t.Errorf("%s: the benchmark went on: %v", name, result)
		}
	}
}

func TestChecker(t *testing.T) {
	c := checker[int]{}
	if !c.right(0) || c.text != "0" {
		t.Errorf("a first answer of zero was not looked at: %+v", c)
	}
	if !c.right(0) || c.right(1) || !c.wrong || c.text != "1" {
		t.Errorf("a differing answer was not seen: %+v", c)
	}
	e := checker[string]{expected: "a b", mustEqual: true}
	if !e.right("a b") || e.right("a") {
		t.Errorf("the expected answer is not compared: %+v", e)
	}
	f := checker[float64]{}
	if !f.right(math.NaN()) || !f.right(math.NaN()) {
		t.Errorf("NaN does not equal NaN: %+v", f)
	}
}
