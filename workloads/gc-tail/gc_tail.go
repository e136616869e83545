// Package gctail replaces some of many live records, again and again: what
// does the garbage collector add to the slowest operations?
package gctail

import "fmt"

// Record is one of the live ones.
type Record struct {
	Number  int
	Key     string
	Amounts []int
}

func makeRecord(number int) *Record {
	return &Record{number, fmt.Sprintf("record-%012d", number), []int{number % 1000, number % 7}}
}

// Window holds the newest records, in a ring, and the sum of their first
// amounts. Amounts follow from numbers, so that the sum stays the same.
type Window struct {
	records []*Record
	oldest  int // index
	next    int // number
	total   int
}

// NewWindow makes one of that many records.
func NewWindow(live int) *Window {
	w := &Window{records: make([]*Record, live), next: live}
	for number := range live {
		w.records[number] = makeRecord(number)
		w.total += w.records[number].Amounts[0]
	}
	return w
}

// Replace puts count new records in the place of the oldest ones and returns
// the sum.
func (w *Window) Replace(count int) int {
	arrived := make([]*Record, count)
	for i := range arrived {
		arrived[i] = makeRecord(w.next + i)
	}
	w.next += count
	for _, record := range arrived {
		w.total += record.Amounts[0] - w.records[w.oldest].Amounts[0]
		w.records[w.oldest] = record
		w.oldest = (w.oldest + 1) % len(w.records)
	}
	return w.total
}
