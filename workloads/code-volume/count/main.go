// Command count counts the lines of Go code of every pair of programs in
// workloads/.
//
// A pair is the default implementation of a workload in both languages.
// Counted are lines that hold code: no blank ones and no comments; and only
// declarations that the implementation's entry needs, directly or not. Test
// files are read for what their benchmarks call, and not counted.
package main

import (
	"bytes"
	"flag"
	"fmt"
	"go/format"
	"log"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

// lines is the number of lines of each file that a pair's entries need.
func lines(root string, p pair) (map[string]int, error) {
	program := newProgram(root)
	for _, entry := range p.entries {
		word, _, _ := strings.Cut(entry, " ")
		var err error
		if p.kind == "function" {
			name, _, _ := strings.Cut(word, "/")
			err = program.benchmark(p.dir, name)
		} else {
			err = program.main(filepath.Join(p.dir, word))
		}
		if err != nil {
			return nil, err
		}
	}
	return program.lines(), nil
}

// unformatted says how many of the files gofmt would change.
func unformatted(files []string) (int, error) {
	changed := 0
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		standard, err := format.Source(source)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		if !bytes.Equal(source, standard) {
			changed++
		}
	}
	return changed, nil
}

// report prints a workload's figure, and returns its files and their sum.
func report(root string, p pair, list bool) (files []string, sum int, err error) {
	found, err := lines(root, p)
	if err != nil {
		return nil, 0, err
	}
	for file, n := range found {
		files = append(files, file)
		sum += n
	}
	sort.Strings(files)
	for _, file := range files {
		if name, err := filepath.Rel(root, file); err == nil && list {
			fmt.Printf("%5d %s\n", found[file], name)
		}
	}
	name := strings.ReplaceAll(filepath.Base(p.dir), "-", "_")
	fmt.Printf("figure lines_%s %d lines\n", name, sum)
	return files, sum, nil
}

func run(root string, list bool) error {
	found, err := pairs(root)
	if err != nil {
		return err
	}
	total, all := 0, []string{}
	for _, p := range found {
		files, sum, err := report(root, p, list)
		if err != nil {
			return fmt.Errorf("%s: %w", p.dir, err)
		}
		total += sum
		all = append(all, files...)
	}
	changed, err := unformatted(all)
	if err != nil {
		return err
	}
	fmt.Printf("figure total_lines %d lines\n", total)
	fmt.Printf("figure unformatted %d files\n", changed)
	return nil
}

func main() {
	list := flag.Bool("files", false, "list the files, too")
	flag.Parse()
	if flag.NArg() != 1 {
		log.Fatal("usage: count [-files] WORKLOADS")
	}
	root, err := filepath.Abs(flag.Arg(0))
	if err == nil {
		err = run(root, *list)
	}
	if err != nil {
		log.Fatal(err)
	}
}
