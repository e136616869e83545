// Script renames the *.csv files of a directory. It prints how many, and how
// long that took without the process's start and end.
package main

import (
	"fmt"
	"os"
	"time"

	"tandem/workloads/rename"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: script DIRECTORY")
		os.Exit(1)
	}
	start := time.Now()
	renamed, err := rename.All(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Printf("figure rename_ns %d ns\n", time.Since(start))
	fmt.Println(renamed)
}
