// Command weigh builds a Go program and weighs all that it needs to run.
//
// It prints lines `figure NAME VALUE B`: the static binary as `go build`
// leaves it, and the same without symbols. The go command is that of the
// path; `go run` puts its own there.
package main

import (
	"debug/elf"
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
)

// compile builds a package into a static binary and returns its size.
func compile(pkg, binary string, flags ...string) (int64, error) {
	words := append([]string{"build", "-trimpath", "-o", binary}, flags...)
	build := exec.Command("go", append(words, pkg)...)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return 0, fmt.Errorf("go build %s: %w", pkg, err)
	}
	if err := standsAlone(binary); err != nil {
		return 0, err
	}
	info, err := os.Stat(binary)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// standsAlone returns an error if the binary needs a shared library: its
// bytes would be missing from the sum.
func standsAlone(binary string) error {
	file, err := elf.Open(binary)
	if err != nil {
		return err
	}
	defer file.Close()
	needed, err := file.ImportedLibraries()
	if err == nil && len(needed) > 0 {
		err = fmt.Errorf("%s is not static: it needs %v", binary, needed)
	}
	if errors.Is(err, elf.ErrNoSymbols) {
		return nil
	}
	return err
}

func run(pkg, dir string) error {
	plain, err := compile(pkg, filepath.Join(dir, "plain"))
	if err != nil {
		return err
	}
	stripped, err := compile(pkg, filepath.Join(dir, "stripped"), "-ldflags=-s -w")
	if err != nil {
		return err
	}
	fmt.Printf("figure program_bytes %d B\n", plain)
	fmt.Printf("figure total_bytes %d B\n", plain)
	fmt.Printf("figure stripped_bytes %d B\n", stripped)
	return nil
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: weigh PACKAGE DIRECTORY")
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}
