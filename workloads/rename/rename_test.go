package rename

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func fill(tb testing.TB, names ...string) string {
	directory := tb.TempDir()
	for _, name := range names {
		if err := os.WriteFile(filepath.Join(directory, name), nil, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return directory
}

func names(tb testing.TB, directory string) (found []string) {
	entries, err := os.ReadDir(directory)
	if err != nil {
		tb.Fatal(err)
	}
	for _, entry := range entries {
		found = append(found, entry.Name())
	}
	return found
}

func TestAll(t *testing.T) {
	directory := fill(t, "Sales Report 1.csv", "Über uns.csv", "good.csv", "Notes 1.txt", "Totals 1.CSV")
	renamed, err := All(directory)
	if err != nil || renamed != 2 {
		t.Errorf("%d renamed, %v; want 2", renamed, err)
	}
	want := []string{"Notes 1.txt", "Totals 1.CSV", "good.csv", "sales_report_1.csv", "über_uns.csv"}
	if got := names(t, directory); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if renamed, err := All(directory); err != nil || renamed != 0 {
		t.Errorf("again: %d renamed, %v; want none", renamed, err)
	}
}

func TestTakenNameIsKept(t *testing.T) {
	directory := fill(t, "A b.csv", "a_b.csv")
	if _, err := All(directory); err == nil {
		t.Error("a file was overwritten")
	}
	if got := names(t, directory); len(got) != 2 {
		t.Errorf("%q are left", got)
	}
}
