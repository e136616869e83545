// Package dataproc groups, sorts, joins and ranks sales held in memory.
package dataproc

import (
	"cmp"
	"container/heap"
	"crypto/sha256"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

const (
	sample = 1000 // of the sorted sales each 1000th is in the answer
	topK   = 100
)

type groupKey struct {
	region  string
	product int
}

type total struct{ sales, quantity, revenue int }

type result struct{ revenue, margin int }

// Answer does all four and digests the results.
func Answer(sales []Sale, products map[int]Product) string {
	lines := slices.Concat(group(sales), sorted(sales), join(sales, products), rank(sales))
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return fmt.Sprintf("%x", sum[:8])
}

// group gives sales, quantity and revenue of each product in each region.
func group(sales []Sale) []string {
	totals := map[groupKey]*total{}
	for i := range sales {
		sale := &sales[i]
		key := groupKey{sale.Region, sale.Product}
		t := totals[key]
		if t == nil {
			t = &total{}
			totals[key] = t
		}
		t.sales++
		t.quantity += sale.Quantity
		t.revenue += sale.Quantity * sale.Cents
	}
	keys := keysOf(totals)
	slices.SortFunc(keys, func(a, b groupKey) int {
		return cmp.Or(cmp.Compare(a.region, b.region), cmp.Compare(a.product, b.product))
	})
	lines := make([]string, len(keys))
	for i, key := range keys {
		t := totals[key]
		lines[i] = fmt.Sprintf("%s %d %d %d %d",
			key.region, key.product, t.sales, t.quantity, t.revenue)
	}
	return lines
}

// sorted puts each customer's sales in the order of their times.
func sorted(sales []Sale) []string {
	ordered := slices.Clone(sales)
	slices.SortFunc(ordered, func(a, b Sale) int {
		return cmp.Or(cmp.Compare(a.Customer, b.Customer), cmp.Compare(a.Second, b.Second))
	})
	var ids []string
	for i := 0; i < len(ordered); i += sample {
		ids = append(ids, strconv.Itoa(ordered[i].ID))
	}
	return ids
}

// join gives revenue and margin of each category, which the product says.
func join(sales []Sale, products map[int]Product) []string {
	results := map[int]*result{}
	for i := range sales {
		sale := &sales[i]
		product := products[sale.Product]
		r := results[product.Category]
		if r == nil {
			r = &result{}
			results[product.Category] = r
		}
		r.revenue += sale.Quantity * sale.Cents
		r.margin += sale.Quantity * (sale.Cents - product.Cost)
	}
	categories := keysOf(results)
	slices.Sort(categories)
	lines := make([]string, len(categories))
	for i, category := range categories {
		r := results[category]
		lines[i] = fmt.Sprintf("%d %d %d", category, r.revenue, r.margin)
	}
	return lines
}

func keysOf[K comparable, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	return keys
}

type ranked struct{ revenue, id int }

func (r ranked) compare(other ranked) int {
	return cmp.Or(cmp.Compare(r.revenue, other.revenue), cmp.Compare(r.id, other.id))
}

// ranking is a heap whose root is the least.
type ranking []ranked

func (r ranking) Len() int           { return len(r) }
func (r ranking) Less(i, j int) bool { return r[i].compare(r[j]) < 0 }
func (r ranking) Swap(i, j int)      { r[i], r[j] = r[j], r[i] }
func (r *ranking) Push(x any)        { *r = append(*r, x.(ranked)) }
func (r *ranking) Pop() any {
	last := (*r)[len(*r)-1]
	*r = (*r)[:len(*r)-1]
	return last
}

// rank gives the sales of the greatest revenue, the greatest first.
func rank(sales []Sale) []string {
	var top ranking
	for i := range sales {
		one := ranked{sales[i].Quantity * sales[i].Cents, sales[i].ID}
		if len(top) < topK {
			heap.Push(&top, one)
		} else if one.compare(top[0]) > 0 {
			top[0] = one
			heap.Fix(&top, 0)
		}
	}
	slices.SortFunc(top, func(a, b ranked) int { return b.compare(a) })
	ids := make([]string, len(top))
	for i, one := range top {
		ids[i] = strconv.Itoa(one.id)
	}
	return ids
}
