// SPDX-License-Identifier: MIT

//go:build !linux

package tandem

import (
	"errors"
	"time"
)

// Where the harness does not run, benchmarks can still be run by hand.
var errNoHarness = errors.New("the tandem harness runs on Linux only")

var base = time.Now()

func nanotime() int64 { return int64(time.Since(base)) }

func cpuNs() int64 { return 0 }

func prepareControl(int) error { return errNoHarness }

func readSome(int, []byte) (int, error) { return 0, errNoHarness }

func writeAll(int, []byte) error { return errNoHarness }

func mapSamples(int) ([]entry, error) { return nil, errNoHarness }
