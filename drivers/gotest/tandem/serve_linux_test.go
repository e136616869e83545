// SPDX-License-Identifier: MIT

package tandem

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unsafe"
)

// peer is the harness's side of a session.
type peer struct {
	t     *testing.T
	conn  *os.File
	lines *bufio.Reader
	hello fields
	ended chan error

	session *session
}

// converse starts op as a worker would and has it set up.
func converse[T comparable](t *testing.T, capacity uint64, setup fields, op func() T) *peer {
	t.Helper()
	pair, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM, 0)
	if err != nil {
		t.Fatal(err)
	}
	conn := os.NewFile(uintptr(pair[0]), "harness")
	t.Cleanup(func() { conn.Close() })
	p := &peer{t: t, conn: conn, lines: bufio.NewReader(conn), ended: make(chan error, 1)}
	buffer := sampleFile(t, capacity)
	t.Cleanup(func() { syscall.Close(pair[1]) })
	go func() {
		s, err := newSession(pair[1], int(buffer.Fd()))
		p.session = s
		if err == nil {
			if err = serve(s, op); err != nil {
				s.fail(err)
			}
		}
		p.ended <- err
	}()
	p.hello = p.expect("hello")
	p.say("setup", setup)
	return p
}

func sampleFile(t *testing.T, capacity uint64) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "samples"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	header := make([]byte, headerSize)
	copy(header, "TDSAMPLE")
	binary.NativeEndian.PutUint32(header[8:], 1)
	binary.NativeEndian.PutUint32(header[12:], 16)
	binary.NativeEndian.PutUint64(header[16:], capacity)
	if _, err := file.Write(header); err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(headerSize + 16*int64(capacity)); err != nil {
		t.Fatal(err)
	}
	return file
}

func (p *peer) say(verb string, f fields) {
	p.t.Helper()
	if _, err := p.conn.WriteString(encode(verb, f)); err != nil {
		p.t.Fatal(err)
	}
}

func (p *peer) expect(verb string) fields {
	p.t.Helper()
	line, err := p.lines.ReadString('\n')
	if err != nil {
		p.t.Fatalf("instead of %q: %v", verb, err)
	}
	got, f, err := decode(strings.TrimSuffix(line, "\n"))
	if err != nil || got != verb {
		p.t.Fatalf("instead of %q: %q, %v", verb, line, err)
	}
	return f
}

func (p *peer) quit() {
	p.t.Helper()
	p.say("quit", nil)
	if err := <-p.ended; err != nil {
		p.t.Errorf("after quit: %v", err)
	}
}

func TestSession(t *testing.T) {
	calls := 0
	p := converse(t, 8, fields{"p.n": "3", "answer": "42"}, func() int {
		calls++
		return 42
	})
	if p.hello["protocol"] != "1" || p.hello["runtime"] != "go" || p.hello["version"] == "" {
		t.Errorf("hello says %q", p.hello)
	}
	p.expect("ready")
	p.say("run", fields{"count": "8", "loops": "1", "warm": "5", "warm_ns": "0"})
	done := p.expect("done")
	if done["count"] != "8" || done["warm"] != "5" || done["answer"] != "42" || done["wrong"] != "" || calls != 13 {
		t.Errorf("%d calls, done says %q", calls, done)
	}
	calls = 0
	p.say("run", fields{"count": "2", "loops": "100"})
	if done = p.expect("done"); done["count"] != "2" || done["warm"] != "0" || calls != 200 {
		t.Errorf("%d calls, done says %q", calls, done)
	}
	p.say("run", fields{"count": "0", "warm_ns": "2000000"})
	done = p.expect("done")
	if warm, _ := strconv.Atoi(done["warm"]); warm < 2 || done["count"] != "0" {
		t.Errorf("2 ms of warm-up: %q", done)
	}
	p.quit()
}

func TestFiguresAreToldAtTheEnd(t *testing.T) {
	p := converse(t, 8, nil, func() int { return 1 })
	p.expect("ready")
	for name, value := range map[string]float64{"b_first": 1, "a_second": 2.5e-7} {
		if err := p.session.report(name, value, "1/s"); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.session.report("b_first", 3, "x"); err != nil {
		t.Fatal(err)
	}
	p.say("run", fields{"count": "2"})
	p.expect("done")
	p.say("quit", nil)
	for _, want := range []fields{
		{"name": "a_second", "value": "2.5e-07", "unit": "1/s"},
		{"name": "b_first", "value": "3", "unit": "x"},
	} {
		if got := p.expect("figure"); !maps.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if err := <-p.ended; err != nil {
		t.Errorf("after quit: %v", err)
	}
	// What a benchmark reports after Run goes out at once.
	if err := p.session.report("late", 4, "B"); err != nil {
		t.Fatal(err)
	}
	if got := p.expect("figure"); got["name"] != "late" || got["value"] != "4" {
		t.Errorf("after the end came %q", got)
	}
}

func TestGarbageCollectionsAreCounted(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	collect := false
	p := converse(t, 8, nil, func() int {
		if collect {
			runtime.GC()
		}
		return 0
	})
	p.expect("ready")
	for _, want := range []string{"0", "3"} {
		collect = want != "0"
		p.say("run", fields{"count": "3", "warm": "2"})
		if done := p.expect("done"); done["gc_cycles"] != want {
			t.Errorf("%s collections in the timed part: done says %q", want, done)
		}
	}
	p.quit()
}

func TestSessionEndsWithTheChannel(t *testing.T) {
	p := converse(t, 1, nil, func() int { return 0 })
	p.expect("ready")
	p.conn.Close()
	if err := <-p.ended; err != nil {
		t.Errorf("at the end of the channel: %v", err)
	}
}

func TestWrongAnswer(t *testing.T) {
	n := 0
	count := func() int { n++; return n }
	for _, c := range []struct {
		setup       fields
		loops, done string
	}{
		{nil, "1", "2"},
		{nil, "4", "1"},
		{fields{"answer": "7"}, "1", "1"},
	} {
		n = 0
		p := converse(t, 8, c.setup, count)
		p.expect("ready")
		p.say("run", fields{"count": "8", "loops": c.loops})
		if done := p.expect("done"); done["wrong"] != "1" || done["count"] != c.done {
			t.Errorf("setup %q loops %s: done says %q", c.setup, c.loops, done)
		}
		p.quit()
	}
}

func TestFailures(t *testing.T) {
	for _, c := range []struct {
		run  fields
		op   func() string
		want []string
	}{
		{fields{"count": "1"}, func() string { panic("out of\nluck") },
			[]string{"panic: out of\nluck", "TestFailures"}},
		{fields{"count": "1"}, func() string { panic(failure{errors.New("no log")}) },
			[]string{"no log"}},
		{fields{"count": "9"}, func() string { return "" },
			[]string{"9 samples do not fit"}},
		{fields{"count": "x"}, func() string { return "" },
			[]string{`count="x"`}},
		{fields{"count": "1"}, func() string { panic(strings.Repeat("%", 1<<17)) },
			[]string{"panic: %%%"}},
	} {
		p := converse(t, 8, nil, c.op)
		p.expect("ready")
		p.say("run", c.run)
		message := p.expect("error")["message"]
		for _, want := range c.want {
			if !strings.Contains(message, want) {
				t.Errorf("run %q: %q is not in %q", c.run, want, message)
			}
		}
		if err := <-p.ended; err == nil {
			t.Errorf("run %q: the session went on", c.run)
		}
	}
}

func TestBadBuffers(t *testing.T) {
	file := sampleFile(t, 4)
	for offset, change := range map[int64]string{0: "X", 8: "\x02", 12: "\x08", 16: "\x05"} {
		old := make([]byte, 1)
		file.ReadAt(old, offset)
		file.WriteAt([]byte(change), offset)
		if _, err := mapSamples(int(file.Fd())); err == nil {
			t.Errorf("a header with byte %d changed was accepted", offset)
		}
		file.WriteAt(old, offset)
	}
	if entries, err := mapSamples(int(file.Fd())); err != nil || len(entries) != 4 {
		t.Errorf("%d entries, %v", len(entries), err)
	}
	file.Truncate(10)
	if _, err := mapSamples(int(file.Fd())); err == nil {
		t.Error("a buffer without a header was accepted")
	}
}

func TestSamplesAreInOrderAndInTheBuffer(t *testing.T) {
	file := sampleFile(t, 100)
	entries, err := mapSamples(int(file.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	begin := nanotime()
	timeEach(func() int { return 1 }, entries, &checker[int]{})
	end := nanotime()
	data, err := os.ReadFile(file.Name())
	if err != nil {
		t.Fatal(err)
	}
	last := uint64(begin)
	for i := range entries {
		at := headerSize + 16*i
		start := binary.NativeEndian.Uint64(data[at:])
		stop := binary.NativeEndian.Uint64(data[at+8:])
		if start < last || stop < start || stop > uint64(end) {
			t.Fatalf("entry %d is %d..%d after %d", i, start, stop, last)
		}
		last = stop
	}
}

func TestTimedLoopsDoNotAllocate(t *testing.T) {
	entries := make([]entry, 64)
	kept := make([]string, 16)
	op := func() string { return "same" }
	c := checker[string]{}
	c.right(op())
	if n := testing.AllocsPerRun(100, func() { timeEach(op, entries, &c) }); n != 0 {
		t.Errorf("timeEach allocates %v times", n)
	}
	if n := testing.AllocsPerRun(100, func() { timeGroups(op, entries, kept, &c) }); n != 0 {
		t.Errorf("timeGroups allocates %v times", n)
	}
	r := runner[string]{}
	r.gcCycles()
	if n := testing.AllocsPerRun(100, func() { r.gcCycles() }); n != 0 {
		t.Errorf("gcCycles allocates %v times", n)
	}
}

func TestNanotimeIsClockMonotonic(t *testing.T) {
	const clockMonotonic = 1
	var now syscall.Timespec
	before := nanotime()
	_, _, errno := syscall.RawSyscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic,
		uintptr(unsafe.Pointer(&now)), 0)
	after := nanotime()
	if errno != 0 || now.Nano() < before || now.Nano() > after {
		t.Errorf("clock_gettime says %d (%v) between %d and %d", now.Nano(), errno, before, after)
	}
}

// A worker that waits for its turn must leave the CPU to the others.
func TestWaitingTakesNoCPU(t *testing.T) {
	p := converse(t, 8, nil, func() int { return len(fmt.Sprint(t)) })
	p.expect("ready")
	p.say("run", fields{"count": "8", "warm": "1000"})
	p.expect("done")
	time.Sleep(20 * time.Millisecond)
	before := cpuNs()
	time.Sleep(200 * time.Millisecond)
	if used := cpuNs() - before; used > 10e6 {
		t.Errorf("waiting 200 ms took %d ns of CPU", used)
	}
	p.quit()
}
