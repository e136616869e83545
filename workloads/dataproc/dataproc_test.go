package dataproc

import (
	"slices"
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkPlain(b *testing.B) {
	records := tandem.Int(b, "records", 100000)
	sales := MakeSales(records, uint64(tandem.Int(b, "seed", 1)))
	products := MakeProducts()
	tandem.Run(b, func() string { return Answer(sales, products) })
}

func TestAnswer(t *testing.T) {
	got := Answer(MakeSales(100000, 1), MakeProducts())
	if want := "349f9b26fa14f537"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func TestSplitMix64(t *testing.T) {
	// The sequence for seed 1234567 that other implementations are tested with.
	words := splitMix64(1234567)
	for _, want := range []uint64{6457827717110365317, 3203168211198807973} {
		if got := words.next(); got != want {
			t.Errorf("%d, want %d", got, want)
		}
	}
}

func TestSales(t *testing.T) {
	sales := MakeSales(5000, 7)
	seconds := map[int]bool{}
	for _, sale := range sales {
		seconds[sale.Second] = true
	}
	if len(seconds) != len(sales) {
		t.Errorf("%d different seconds in %d sales", len(seconds), len(sales))
	}
	before := slices.Clone(sales)
	Answer(sales, MakeProducts())
	if !slices.Equal(before, sales) {
		t.Error("the operation changed its records")
	}
}

func TestParts(t *testing.T) {
	sales := []Sale{
		{ID: 0, Second: 9, Region: "b", Product: 1, Customer: 2, Quantity: 2, Cents: 100},
		{ID: 1, Second: 8, Region: "a", Product: 2, Customer: 2, Quantity: 1, Cents: 300},
		{ID: 2, Second: 7, Region: "b", Product: 1, Customer: 1, Quantity: 1, Cents: 300},
	}
	products := map[int]Product{1: {Category: 4, Cost: 50}, 2: {Category: 3, Cost: 400}}
	for name, c := range map[string]struct{ got, want []string }{
		"group": {group(sales), []string{"a 2 1 1 300", "b 1 2 3 500"}},
		"sort":  {sorted(sales), []string{"2"}},
		"join":  {join(sales, products), []string{"3 300 -100", "4 500 350"}},
		"rank":  {rank(sales), []string{"2", "1", "0"}},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}
