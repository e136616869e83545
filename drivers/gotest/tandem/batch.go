// SPDX-License-Identifier: MIT

package tandem

import (
	"fmt"
	"runtime/debug"
	"strconv"
)

// serve does what the harness asks until it asks for nothing more.
func serve[T comparable](s *session, op func() T) error {
	if s.ended {
		return nil
	}
	r := runner[T]{op: op, samples: s.samples}
	r.expected, r.mustEqual = s.setup["answer"]
	r.gcCycles() // makes room for what it reads
	if err := s.send("ready", nil); err != nil {
		return err
	}
	for {
		verb, f, err := s.receive()
		if err == errQuit {
			s.ended = true
			if verb != "quit" {
				return nil // the harness is gone
			}
			return s.tell()
		}
		if err != nil {
			return err
		}
		if verb != "run" {
			return fmt.Errorf("control channel: expected run or quit, got %q", verb)
		}
		if f, err = r.batch(f); err != nil {
			return err
		}
		if err = s.send("done", f); err != nil {
			return err
		}
	}
}

// runner performs batches of one operation.
type runner[T comparable] struct {
	op      func() T
	samples []entry
	kept    []T // the answers of one sample of several operations
	gc      debug.GCStats
	checker[T]
}

// request is what "run" asks for.
type request struct{ count, loops, warm, warmNs uint64 }

func (f fields) request() (r request, err error) {
	for name, to := range map[string]*uint64{"count": &r.count,
		"loops": &r.loops, "warm": &r.warm, "warm_ns": &r.warmNs} {
		if *to, err = f.uint(name); err != nil {
			return r, err
		}
	}
	r.loops = max(r.loops, 1)
	return r, nil
}

// batch performs one batch and returns the fields of "done".
func (r *runner[T]) batch(asked fields) (done fields, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = crash(p)
		}
	}()
	req, err := asked.request()
	if err != nil {
		return nil, err
	}
	if req.count > uint64(len(r.samples)) {
		return nil, fmt.Errorf("%d samples do not fit into a buffer for %d",
			req.count, len(r.samples))
	}
	if req.loops > 1 && uint64(len(r.kept)) != req.loops {
		r.kept = make([]T, req.loops)
	}
	warm := r.warm(req.warm, int64(req.warmNs))
	count := 0
	cycles := r.gcCycles()
	before := cpuNs()
	if !r.wrong {
		count = r.timed(r.samples[:req.count], req.loops)
	}
	after := cpuNs()
	cycles = r.gcCycles() - cycles
	done = fields{
		"count":     strconv.Itoa(count),
		"warm":      strconv.FormatUint(warm, 10),
		"cpu_ns":    strconv.FormatInt(after-before, 10),
		"gc_cycles": strconv.FormatInt(cycles, 10),
		"answer":    r.text,
	}
	if r.wrong {
		done["wrong"] = "1"
	}
	return done, nil
}

// gcCycles is how many garbage collections have ended so far. It stops no
// goroutine and, after the first time, allocates nothing.
func (r *runner[T]) gcCycles() int64 {
	debug.ReadGCStats(&r.gc)
	return r.gc.NumGC
}

// crash makes an error of what the operation panicked with.
func crash(p any) error {
	if f, ok := p.(failure); ok {
		return f
	}
	return fmt.Errorf("panic: %v\n\n%s", p, debug.Stack())
}

// warm performs the operation untimed, at least least times and for ns.
func (r *runner[T]) warm(least uint64, ns int64) (n uint64) {
	begin := nanotime()
	for n < least || nanotime()-begin < ns {
		n++
		if !r.right(r.op()) {
			break
		}
	}
	return n
}

// timed fills the entries and returns how many it filled: fewer than asked for
// when an answer is wrong.
func (r *runner[T]) timed(entries []entry, loops uint64) int {
	if loops > 1 {
		return timeGroups(r.op, entries, r.kept, &r.checker)
	}
	return timeEach(r.op, entries, &r.checker)
}

// timeEach times each operation by itself.
func timeEach[T comparable](op func() T, entries []entry, c *checker[T]) int {
	for i := range entries {
		start := nanotime()
		answer := op()
		end := nanotime()
		entries[i] = entry{start, end}
		if !c.right(answer) {
			return i + 1
		}
	}
	return len(entries)
}

// timeGroups times len(kept) operations together; their answers are kept, so
// that each can be compared after the second reading.
func timeGroups[T comparable](op func() T, entries []entry, kept []T, c *checker[T]) int {
	for i := range entries {
		start := nanotime()
		for j := range kept {
			kept[j] = op()
		}
		end := nanotime()
		entries[i] = entry{start, end}
		for j := range kept {
			if !c.right(kept[j]) {
				return i + 1
			}
		}
	}
	return len(entries)
}

// checker compares every answer with the first one, and that with the expected
// text.
type checker[T comparable] struct {
	want      T
	known     bool   // want is the first answer
	text      string // the last answer that was written out
	expected  string
	mustEqual bool // expected is known
	wrong     bool
}

// right says whether the answer is right. It is small, to be inlined.
func (c *checker[T]) right(answer T) bool {
	return answer == c.want && c.known || c.look(answer)
}

// look takes the slow way: the first answer, and one that seems to differ.
// The text decides, so that a NaN equals the NaN before it.
func (c *checker[T]) look(answer T) bool {
	text := fmt.Sprint(answer)
	c.wrong = c.known && text != c.text || c.mustEqual && text != c.expected
	if !c.known {
		c.want, c.known = answer, true
	}
	c.text = text
	return !c.wrong
}
