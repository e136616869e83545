// Package rename gives the *.csv files of a directory names in lower case,
// without blanks.
package rename

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// All renames and returns how many files it has renamed. Others stay; so does
// a file whose new name is taken: that is an error.
func All(directory string) (renamed int, err error) {
	paths, err := filepath.Glob(filepath.Join(directory, "*.csv"))
	if err != nil {
		return 0, err
	}
	for _, path := range paths {
		name := filepath.Base(path)
		better := strings.ReplaceAll(strings.ToLower(name), " ", "_")
		if better == name {
			continue
		}
		target := filepath.Join(directory, better)
		if _, err := os.Stat(target); err == nil {
			return renamed, fmt.Errorf("%s: there is a %s already", path, better)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return renamed, err
		}
		if err := os.Rename(path, target); err != nil {
			return renamed, err
		}
		renamed++
	}
	return renamed, nil
}
