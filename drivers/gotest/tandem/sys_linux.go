// SPDX-License-Identifier: MIT

package tandem

import (
	"encoding/binary"
	"errors"
	"fmt"
	"syscall"
	"unsafe"
)

// nanotime reads CLOCK_MONOTONIC, the clock of the harness and of all other
// runtimes. The time package reads it too but hides the absolute value.
//
//go:linkname nanotime runtime.nanotime
//go:noescape
func nanotime() int64

// cpuNs is the CPU time of the whole process.
func cpuNs() int64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// prepareControl makes reads block, and keeps the channel from children.
func prepareControl(fd int) error {
	syscall.CloseOnExec(fd)
	return syscall.SetNonblock(fd, false)
}

// readSome returns 0 at the end of the channel.
func readSome(fd int, to []byte) (int, error) {
	for {
		n, err := syscall.Read(fd, to)
		if err == syscall.ECONNRESET {
			return 0, nil // the harness was killed with a line unread
		}
		if err != syscall.EINTR {
			return n, err
		}
	}
}

func writeAll(fd int, data []byte) error {
	for len(data) > 0 {
		n, err := syscall.Write(fd, data)
		if err == syscall.EINTR {
			continue
		}
		if err != nil {
			return err
		}
		data = data[n:]
	}
	return nil
}

// The header of the sample buffer.
const (
	headerSize = 64
	entrySize  = int(unsafe.Sizeof(entry{}))
)

// mapSamples maps the buffer for the rest of the process's life.
func mapSamples(fd int) ([]entry, error) {
	var stat syscall.Stat_t
	if err := syscall.Fstat(fd, &stat); err != nil {
		return nil, err
	}
	if stat.Size < headerSize {
		return nil, errors.New("too short")
	}
	syscall.CloseOnExec(fd)
	data, err := syscall.Mmap(fd, 0, int(stat.Size),
		syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("mmap: %w", err)
	}
	capacity, err := readHeader(data)
	if err != nil || capacity == 0 {
		return nil, err
	}
	return unsafe.Slice((*entry)(unsafe.Pointer(&data[headerSize])), capacity), nil
}

func readHeader(data []byte) (capacity uint64, err error) {
	order := binary.NativeEndian
	if string(data[:8]) != "TDSAMPLE" {
		return 0, errors.New("not a sample buffer")
	}
	if version, size := order.Uint32(data[8:]), order.Uint32(data[12:]); version != 1 || size != uint32(entrySize) {
		return 0, fmt.Errorf("version %d with entries of %d bytes is unknown", version, size)
	}
	capacity = order.Uint64(data[16:])
	if capacity > uint64(len(data)-headerSize)/uint64(entrySize) {
		return 0, fmt.Errorf("%d bytes do not hold %d entries", len(data), capacity)
	}
	return capacity, nil
}
