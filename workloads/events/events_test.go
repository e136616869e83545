package events

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkConsumer(b *testing.B) {
	batches := stream(b)
	next := 0
	var took time.Duration
	tandem.RunErr(b, func() (string, error) {
		start := time.Now()
		tenants, err := Process(batches[next%len(batches)])
		if err != nil {
			return "", err
		}
		answer := Digest(tenants)
		took += time.Since(start)
		next++
		return answer, nil
	})
	events := next * len(batches[0])
	tandem.Figure(b, "events_per_s", float64(events)/took.Seconds(), "1/s")
}

func BenchmarkConsumers(b *testing.B) {
	consumers := tandem.Int(b, "consumers", 2)
	batches := stream(b)
	var took time.Duration
	operations := 0
	tandem.RunErr(b, func() (string, error) {
		start := time.Now()
		tenants, err := ProcessAll(batches, consumers)
		if err != nil {
			return "", err
		}
		answer := Digest(tenants)
		took += time.Since(start)
		operations++
		return answer, nil
	})
	events := operations * len(batches) * len(batches[0])
	tandem.Figure(b, "events_per_s", float64(events)/took.Seconds(), "1/s")
}

func stream(b *testing.B) [][][]byte {
	file := tandem.String(b, "batches", "")
	size := tandem.Int(b, "batch", 100)
	if file == "" {
		file, _, _ = generate(b, 100000, size)
	}
	batches, err := Read(file, size)
	if err != nil {
		b.Fatal(err)
	}
	return batches
}

// generate makes the events that a run by hand has not got, and returns the
// answers that the generator knows: of each batch, and of all.
func generate(tb testing.TB, events, size int) (file, each, all string) {
	python, err := exec.LookPath("python3")
	if err != nil {
		tb.Skip("no events without Python: ", err)
	}
	file = filepath.Join(tb.TempDir(), "batches")
	made := exec.Command(python, "generate_events.py",
		"--events", strconv.Itoa(events), "--batch", strconv.Itoa(size), file)
	made.Stderr = os.Stderr
	out, err := made.Output()
	if err != nil {
		tb.Fatal("generate_events.py: ", err)
	}
	each, all, _ = strings.Cut(strings.TrimSpace(string(out)), " ")
	return file, each, all
}

func TestGeneratedBatches(t *testing.T) {
	const size = 100
	file, each, all := generate(t, 3*size, size)
	batches, err := Read(file, size)
	if err != nil || len(batches) != 3 {
		t.Fatalf("%d batches, %v; want 3", len(batches), err)
	}
	for i, batch := range batches {
		tenants, err := Process(batch)
		if err != nil {
			t.Fatal(err)
		}
		if got := Digest(tenants); got != each || len(batch) != size {
			t.Errorf("batch %d of %d events: %s; the generator says %s", i, len(batch), got, each)
		}
	}
	for consumers := 1; consumers <= 4; consumers++ {
		tenants, err := ProcessAll(batches, consumers)
		if err != nil {
			t.Fatal(err)
		}
		if got := Digest(tenants); got != all {
			t.Errorf("%d consumers: %s; the generator says %s", consumers, got, all)
		}
	}
}

var sample = []string{
	`{"id":"1","type":"order.created","tenant":"a","at":1,"data":{"order":1,"lines":[{"sku":"x","quantity":2,"cents":30},{"sku":"y","quantity":1,"cents":5}]}}`,
	`{"id":"2","type":"payment.settled","tenant":"a","at":2,"data":{"order":1,"method":"card","cents":65}}`,
	`{"id":"3","type":"page.viewed","tenant":"b","at":3,"data":{"path":"/é","milliseconds":12}}`,
	`{"id":"4","type":"user.signed_in","tenant":"b","at":4,"data":{"user":7,"address":"10.0.0.1"}}`,
	`{"id":"5","type":"user.signed_in","tenant":"b","at":5,"data":{"user":7,"address":"10.0.0.2"}}`,
	`{"id":"6","type":"error.raised","tenant":"b","at":6,"data":{"code":504,"message":"\"type\":\"order.created\""}}`,
	`{"id":"7","type":"error.raised","tenant":"b","at":7,"data":{"code":401,"message":""}}`,
}

func lines(texts ...string) (batch [][]byte) {
	for _, text := range texts {
		batch = append(batch, []byte(text))
	}
	return batch
}

func TestProcess(t *testing.T) {
	tenants, err := Process(lines(sample...))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"a": "1 65 1 65 0 0 0 ",
		"b": "0 0 0 0 1 12 1 401:1,504:1",
	} {
		if got := tenants[name].String(); got != want {
			t.Errorf("tenant %s: %q, want %q", name, got, want)
		}
	}
}

func TestErrors(t *testing.T) {
	for _, bad := range []string{
		`{"id":"1"`,
		`{"id":"1","type":"unheard.of","tenant":"a","at":1,"data":{}}`,
		`{"id":"1","type":"page.viewed","tenant":"a","at":1,"data":{"milliseconds":"x"}}`,
	} {
		if _, err := Process(lines(sample[0], bad)); err == nil {
			t.Errorf("%s went unnoticed", bad)
		}
		if _, err := ProcessAll([][][]byte{lines(sample...), lines(bad)}, 2); err == nil {
			t.Errorf("%s went unnoticed by two consumers", bad)
		}
	}
}
