// Package events decodes batches of events, routes each by its type and
// counts by tenant.
package events

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
)

type event struct {
	ID     string          `json:"id"`
	Type   string          `json:"type"`
	Tenant string          `json:"tenant"`
	At     int64           `json:"at"`
	Data   json.RawMessage `json:"data"`
}

// Totals are what is known of a tenant after a batch.
type Totals struct {
	Orders, Revenue     int
	Payments, Settled   int
	Views, Milliseconds int
	Users               map[int]struct{}
	Errors              map[int]int
}

func newTotals() *Totals {
	return &Totals{Users: map[int]struct{}{}, Errors: map[int]int{}}
}

// Add counts what another consumer has counted.
func (t *Totals) Add(other *Totals) {
	t.Orders += other.Orders
	t.Revenue += other.Revenue
	t.Payments += other.Payments
	t.Settled += other.Settled
	t.Views += other.Views
	t.Milliseconds += other.Milliseconds
	for user := range other.Users {
		t.Users[user] = struct{}{}
	}
	for code, n := range other.Errors {
		t.Errors[code] += n
	}
}

func (t *Totals) String() string {
	var codes []string
	for _, code := range sortedKeys(t.Errors) {
		codes = append(codes, fmt.Sprintf("%d:%d", code, t.Errors[code]))
	}
	return fmt.Sprintf("%d %d %d %d %d %d %d %s", t.Orders, t.Revenue, t.Payments,
		t.Settled, t.Views, t.Milliseconds, len(t.Users), strings.Join(codes, ","))
}

// handlers say what an event of each type adds to its tenant's totals.
var handlers = map[string]func(*Totals, json.RawMessage) error{
	"page.viewed":     pageViewed,
	"user.signed_in":  userSignedIn,
	"order.created":   orderCreated,
	"payment.settled": paymentSettled,
	"error.raised":    errorRaised,
}

func pageViewed(totals *Totals, data json.RawMessage) error {
	var page struct {
		Path         string `json:"path"`
		Milliseconds int    `json:"milliseconds"`
	}
	if err := json.Unmarshal(data, &page); err != nil {
		return err
	}
	totals.Views++
	totals.Milliseconds += page.Milliseconds
	return nil
}

func userSignedIn(totals *Totals, data json.RawMessage) error {
	var user struct {
		User    int    `json:"user"`
		Address string `json:"address"`
	}
	if err := json.Unmarshal(data, &user); err != nil {
		return err
	}
	totals.Users[user.User] = struct{}{}
	return nil
}

func orderCreated(totals *Totals, data json.RawMessage) error {
	var order struct {
		Order int `json:"order"`
		Lines []struct {
			SKU      string `json:"sku"`
			Quantity int    `json:"quantity"`
			Cents    int    `json:"cents"`
		} `json:"lines"`
	}
	if err := json.Unmarshal(data, &order); err != nil {
		return err
	}
	totals.Orders++
	for _, line := range order.Lines {
		totals.Revenue += line.Quantity * line.Cents
	}
	return nil
}

func paymentSettled(totals *Totals, data json.RawMessage) error {
	var payment struct {
		Order  int    `json:"order"`
		Method string `json:"method"`
		Cents  int    `json:"cents"`
	}
	if err := json.Unmarshal(data, &payment); err != nil {
		return err
	}
	totals.Payments++
	totals.Settled += payment.Cents
	return nil
}

func errorRaised(totals *Totals, data json.RawMessage) error {
	var failure struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	}
	if err := json.Unmarshal(data, &failure); err != nil {
		return err
	}
	totals.Errors[failure.Code]++
	return nil
}

// Process returns the totals of each tenant in a batch.
func Process(batch [][]byte) (map[string]*Totals, error) {
	tenants := map[string]*Totals{}
	for _, line := range batch {
		var e event
		if err := json.Unmarshal(line, &e); err != nil {
			return nil, err
		}
		handle, ok := handlers[e.Type]
		if !ok {
			return nil, fmt.Errorf("event %s: unknown type %q", e.ID, e.Type)
		}
		totals, ok := tenants[e.Tenant]
		if !ok {
			totals = newTotals()
			tenants[e.Tenant] = totals
		}
		if err := handle(totals, e.Data); err != nil {
			return nil, fmt.Errorf("event %s: %w", e.ID, err)
		}
	}
	return tenants, nil
}

func merge(tenants, more map[string]*Totals) {
	for name, totals := range more {
		if tenants[name] == nil {
			tenants[name] = newTotals()
		}
		tenants[name].Add(totals)
	}
}

// ProcessAll has all batches processed, each consumer its part of them.
func ProcessAll(batches [][][]byte, consumers int) (map[string]*Totals, error) {
	parts := make([]map[string]*Totals, consumers)
	errs := make([]error, consumers)
	var wg sync.WaitGroup
	for part := range consumers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			parts[part], errs[part] = consume(batches, part, consumers)
		}()
	}
	wg.Wait()
	tenants := map[string]*Totals{}
	for _, part := range parts {
		merge(tenants, part)
	}
	return tenants, errors.Join(errs...)
}

// consume returns the totals of every parts-th batch.
func consume(batches [][][]byte, part, parts int) (map[string]*Totals, error) {
	tenants := map[string]*Totals{}
	for i := part; i < len(batches); i += parts {
		totals, err := Process(batches[i])
		if err != nil {
			return nil, err
		}
		merge(tenants, totals)
	}
	return tenants, nil
}

// Digest is the first 16 hexadecimal digits of the table's SHA-256.
func Digest(tenants map[string]*Totals) string {
	table := sha256.New()
	for _, name := range sortedKeys(tenants) {
		fmt.Fprintf(table, "%s %v\n", name, tenants[name])
	}
	return fmt.Sprintf("%x", table.Sum(nil)[:8])
}

func sortedKeys[K cmp.Ordered, V any](m map[K]V) []K {
	keys := make([]K, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// Read returns the batches of a file, each a slice of that many lines.
func Read(path string, size int) ([][][]byte, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	lines := bytes.SplitAfter(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	var batches [][][]byte
	for len(lines) > size {
		batches = append(batches, lines[:size])
		lines = lines[size:]
	}
	return append(batches, lines), nil
}
