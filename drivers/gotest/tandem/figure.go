// SPDX-License-Identifier: MIT

package tandem

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"
	"testing"
)

// Figure reports a number besides the time of an operation: memory a task, a
// latency that the operation measured itself. It may be called any time but
// inside the timed operation; of one name the last value counts. The name is
// lower-case letters, digits and underscores, the unit one word ("B", "ns",
// "1/s").
//
// By hand it is a metric of the benchmark, NAME-UNIT.
func Figure(b testing.TB, name string, value float64, unit string) {
	b.Helper()
	if math.IsNaN(value) || math.IsInf(value, 0) {
		fatal(b, fmt.Errorf("figure %s: %v is not a number to report", name, value))
	}
	s := connected(b)
	if s == nil {
		metrics.add(b, name+"-"+unit, value)
		return
	}
	if err := s.report(name, value, unit); err != nil && !errors.Is(err, errQuit) {
		fatal(b, err)
	}
}

// report keeps a figure until the harness asks for it, or sends it when that
// has happened.
func (s *session) report(name string, value float64, unit string) error {
	line := fields{
		"name":  name,
		"value": strconv.FormatFloat(value, 'g', -1, 64),
		"unit":  unit,
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.told {
		return s.send("figure", line)
	}
	if s.figures == nil {
		s.figures = map[string]fields{}
	}
	s.figures[name] = line
	return nil
}

// tell sends the figures so far.
func (s *session) tell() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.told = true
	names := make([]string, 0, len(s.figures))
	for name := range s.figures {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := s.send("figure", s.figures[name]); err != nil {
			return err
		}
	}
	return nil
}

// byHandMetrics are those of the benchmark that runs: what it reported before
// its timer was reset would be lost.
type byHandMetrics struct {
	mu sync.Mutex
	of testing.TB
	at map[string]float64
}

var metrics byHandMetrics

func (m *byHandMetrics) add(b testing.TB, unit string, value float64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of != b {
		m.of, m.at = b, map[string]float64{}
	}
	m.at[unit] = value
	show(b, unit, value)
}

// again reports what b has reported so far.
func (m *byHandMetrics) again(b testing.TB) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.of != b {
		return
	}
	for unit, value := range m.at {
		show(b, unit, value)
	}
}

func show(b testing.TB, unit string, value float64) {
	if benchmark, ok := b.(*testing.B); ok {
		benchmark.ReportMetric(value, unit)
		return
	}
	b.Logf("%v %s", value, unit)
}
