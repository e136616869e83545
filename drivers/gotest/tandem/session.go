// SPDX-License-Identifier: MIT

package tandem

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
)

// session is the conversation with the harness: lines over control, clock
// readings in samples.
type session struct {
	control int // a blocking descriptor, read and written directly
	unread  []byte
	samples []entry
	setup   fields
	ended   bool // nothing more will be said

	mu      sync.Mutex
	figures map[string]fields // to be told at the end
	told    bool              // they were: what comes now goes out at once
}

// entry is one timed interval as it lies in the sample buffer.
type entry struct{ start, end int64 }

// errQuit means that the harness wants nothing more.
var errQuit = errors.New("the harness has ended the session")

// open finds the harness by the environment, greets it, and waits until it has
// said what is to be measured. It returns nil when there is no harness.
func open() (*session, error) {
	if os.Getenv("TANDEM_CONTROL") == "" {
		return nil, nil
	}
	control, err := strconv.Atoi(os.Getenv("TANDEM_CONTROL"))
	if err != nil {
		return nil, fmt.Errorf("TANDEM_CONTROL: %w", err)
	}
	buffer, err := strconv.Atoi(os.Getenv("TANDEM_SAMPLES"))
	if err != nil {
		return nil, fmt.Errorf("TANDEM_SAMPLES: %w", err)
	}
	return newSession(control, buffer)
}

func newSession(control, buffer int) (*session, error) {
	if err := prepareControl(control); err != nil {
		return nil, fmt.Errorf("control channel: %w", err)
	}
	s := &session{control: control}
	if err := s.send("hello", greeting()); err != nil {
		return nil, err
	}
	err := s.start(buffer)
	if err != nil && err != errQuit {
		s.fail(err)
	}
	return s, err
}

// start maps the sample buffer and waits for "setup".
func (s *session) start(buffer int) error {
	var err error
	if s.samples, err = mapSamples(buffer); err != nil {
		return fmt.Errorf("sample buffer: %w", err)
	}
	verb, f, err := s.receive()
	if err != nil {
		return err
	}
	if verb != "setup" {
		return fmt.Errorf("control channel: expected setup, got %q", verb)
	}
	s.setup = f
	return nil
}

// greeting is all that is worth recording about this program.
func greeting() fields {
	f := fields{
		"protocol":   "1",
		"runtime":    "go",
		"version":    strings.TrimPrefix(runtime.Version(), "go"),
		"compiler":   runtime.Compiler,
		"goos":       runtime.GOOS,
		"goarch":     runtime.GOARCH,
		"gomaxprocs": strconv.Itoa(runtime.GOMAXPROCS(0)),
		"gogc":       "100",
	}
	if gogc := os.Getenv("GOGC"); gogc != "" {
		f["gogc"] = gogc
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		var build []string
		for _, setting := range info.Settings {
			build = append(build, setting.Key+"="+setting.Value)
			if setting.Key == "GOAMD64" {
				f["goamd64"] = setting.Value
			}
		}
		f["build"] = strings.Join(build, " ")
	}
	return f
}

// send writes one line.
func (s *session) send(verb string, f fields) error {
	line := encode(verb, f)
	if len(line) > maxLine {
		return fmt.Errorf("control channel: a %q of %d bytes is too long", verb, len(line))
	}
	if err := writeAll(s.control, []byte(line)); err != nil {
		return fmt.Errorf("control channel: write: %w", err)
	}
	return nil
}

// fail tells the harness, once, why this worker is of no use any more.
func (s *session) fail(err error) {
	if s.ended {
		return
	}
	s.ended = true
	text := err.Error()
	// Escaping makes a byte three at worst, and the line has to hold it.
	if most := maxLine/3 - 64; len(text) > most {
		text = text[:most]
	}
	_ = s.send("error", fields{"message": text})
}

// receive waits for the next line. It returns errQuit when there will be none.
// While it waits, the process takes no CPU: the descriptor is read directly,
// not through the runtime's poller.
func (s *session) receive() (string, fields, error) {
	for {
		if line, rest, ok := bytes.Cut(s.unread, []byte{'\n'}); ok {
			s.unread = rest
			verb, f, err := decode(string(line))
			if verb == "quit" {
				err = errQuit
			}
			return verb, f, err
		}
		if len(s.unread) >= maxLine {
			return "", nil, errors.New("control channel: a line is too long")
		}
		var chunk [4096]byte
		n, err := readSome(s.control, chunk[:])
		if err != nil {
			return "", nil, fmt.Errorf("control channel: read: %w", err)
		}
		if n == 0 {
			return "", nil, errQuit
		}
		s.unread = append(s.unread, chunk[:n]...)
	}
}
