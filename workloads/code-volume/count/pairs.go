package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const language = "go"

var languages = []string{"cpython", "go"}

// pair is a workload that both languages have.
type pair struct {
	dir, kind string
	entries   []string
}

// section is one of a workload file; head is "set n=1000000".
type section struct {
	head string
	keys map[string]string
}

// parse reads the sections of a workload file.
func parse(text string) []section {
	var found []section
	for _, line := range strings.Split(text, "\n") {
		line, _, _ = strings.Cut(line, " ;")
		line = strings.TrimSpace(line)
		if line == "" || line[0] == ';' {
			continue
		}
		if head, ok := strings.CutPrefix(line, "["); ok {
			head = strings.TrimSuffix(head, "]")
			found = append(found, section{head, map[string]string{}})
			continue
		}
		key, value, ok := strings.Cut(line, "=")
		if ok && len(found) > 0 {
			found[len(found)-1].keys[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return found
}

// of returns the sections of one kind in their order.
func of(sections []section, kind string) []section {
	var found []section
	for _, s := range sections {
		if first, _, _ := strings.Cut(s.head, " "); first == kind {
			found = append(found, s)
		}
	}
	return found
}

// entries are those of the default implementation, or of the first that the
// language has.
func entries(sections []section, language string) []string {
	var fallback []string
	byDefault := "implementation "
	for _, s := range of(sections, "workload") {
		byDefault += s.keys["default"]
	}
	for _, s := range of(sections, "implementation") {
		found := expanded(s.keys[language], of(sections, "set"))
		if s.head == byDefault && found != nil {
			return found
		}
		if fallback == nil {
			fallback = found
		}
	}
	return fallback
}

// expanded is the entry with each set's parameters; once, if it has none. It
// is nil where the entry names no program.
func expanded(entry string, sets []section) []string {
	var found []string
	for _, set := range sets {
		text := entry
		for parameter, value := range set.keys {
			text = strings.ReplaceAll(text, "{"+parameter+"}", value)
		}
		word, _, _ := strings.Cut(text, " ")
		if word == "" || strings.Contains(word, "{") {
			return nil
		}
		if !slices.Contains(found, text) {
			found = append(found, text)
		}
	}
	return found
}

// isPair: both languages have it, and answers show that they do the same.
func isPair(sections []section) bool {
	compared := false
	for _, s := range of(sections, "set") {
		compared = compared || s.keys["answer"] != "none"
	}
	for _, language := range languages {
		compared = compared && entries(sections, language) != nil
	}
	return compared
}

// pairs are those of the workloads below root.
func pairs(root string) ([]pair, error) {
	files, err := filepath.Glob(filepath.Join(root, "*", "*.ini"))
	if err != nil {
		return nil, err
	}
	var found []pair
	for _, file := range files {
		dir := filepath.Dir(file)
		if filepath.Base(file) != filepath.Base(dir)+".ini" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		sections := parse(string(text))
		if !isPair(sections) {
			continue
		}
		kind := "function"
		if k := of(sections, "workload")[0].keys["kind"]; k != "" {
			kind = k
		}
		found = append(found, pair{dir, kind, entries(sections, language)})
	}
	return found, nil
}
