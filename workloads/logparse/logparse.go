// Package logparse counts the error patterns in a log of JSON lines, in four
// ways.
//
// An error is an entry of level ERROR; its pattern is the part of its message
// before the first colon. The answer is a digest of the table of counts.
package logparse

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
)

// entry is one line of the log.
type entry struct {
	Timestamp int64  `json:"timestamp"`
	LogGroup  string `json:"logGroup"`
	LogStream string `json:"logStream"`
	Level     string `json:"level"`
	RequestID string `json:"requestId"`
	Message   string `json:"message"`
}

func (e *entry) pattern() string {
	name, _, _ := strings.Cut(e.Message, ":")
	return name
}

// patterns is how often each pattern was seen.
type patterns map[string]int

// digest is the first 16 hexadecimal digits of the sorted table's SHA-256.
func (p patterns) digest() string {
	table := make([]string, 0, len(p))
	for name, n := range p {
		table = append(table, fmt.Sprintf("%s %d\n", name, n))
	}
	slices.Sort(table)
	sum := sha256.Sum256([]byte(strings.Join(table, "")))
	return fmt.Sprintf("%x", sum[:8])
}

// eachLine calls f with every line of the file; f must not keep the slice.
func eachLine(path string, f func(line []byte) error) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if err := f(lines.Bytes()); err != nil {
			return err
		}
	}
	return lines.Err()
}

// JSONStream decodes line by line and holds one entry at a time.
func JSONStream(log string) (string, error) {
	found := patterns{}
	err := eachLine(log, func(line []byte) error {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		if e.Level == "ERROR" {
			found[e.pattern()]++
		}
		return nil
	})
	return found.digest(), err
}

// JSONLoadAll decodes every entry into memory first, then counts.
func JSONLoadAll(log string) (string, error) {
	var entries []entry
	err := eachLine(log, func(line []byte) error {
		var e entry
		if err := json.Unmarshal(line, &e); err != nil {
			return err
		}
		entries = append(entries, e)
		return nil
	})
	if err != nil {
		return "", err
	}
	found := patterns{}
	for i := range entries {
		if entries[i].Level == "ERROR" {
			found[entries[i].pattern()]++
		}
	}
	return found.digest(), nil
}

var errorRE = regexp.MustCompile(`"level":"ERROR".*"message":"([^:"]*):`)

// Regex searches every line for one regular expression and decodes no JSON.
func Regex(log string) (string, error) {
	found := patterns{}
	err := eachLine(log, func(line []byte) error {
		if match := errorRE.FindSubmatch(line); match != nil {
			found[string(match[1])]++
		}
		return nil
	})
	return found.digest(), err
}

// Substring looks for the bytes that mark an error and cuts the pattern out.
func Substring(log string) (string, error) {
	var (
		mark  = []byte(`"level":"ERROR"`)
		start = []byte(`"message":"`)
		end   = []byte(":")
		found = patterns{}
	)
	err := eachLine(log, func(line []byte) error {
		if bytes.Contains(line, mark) {
			_, message, _ := bytes.Cut(line, start)
			name, _, _ := bytes.Cut(message, end)
			found[string(name)]++
		}
		return nil
	})
	return found.digest(), err
}
