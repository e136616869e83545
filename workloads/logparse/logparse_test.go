package logparse

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tandem/drivers/gotest/tandem"
)

var implementations = map[string]func(string) (string, error){
	"json-stream":   JSONStream,
	"json-load-all": JSONLoadAll,
	"regex":         Regex,
	"substring":     Substring,
}

func BenchmarkJSONStream(b *testing.B)  { run(b, JSONStream) }
func BenchmarkJSONLoadAll(b *testing.B) { run(b, JSONLoadAll) }
func BenchmarkRegex(b *testing.B)       { run(b, Regex) }
func BenchmarkSubstring(b *testing.B)   { run(b, Substring) }

func run(b *testing.B, operation func(log string) (string, error)) {
	log := tandem.String(b, "log", "")
	if log == "" {
		log, _ = generate(b, "100000")
	}
	tandem.RunErr(b, func() (string, error) { return operation(log) })
}

// generate makes the log that a run by hand has not got, and returns the
// answer that the generator knows.
func generate(tb testing.TB, entries string) (log, answer string) {
	python, err := exec.LookPath("python3")
	if err != nil {
		tb.Skip("no log without Python: ", err)
	}
	log = filepath.Join(tb.TempDir(), "log")
	made := exec.Command(python, "generate.py", "--entries", entries, log)
	made.Stderr = os.Stderr
	out, err := made.Output()
	if err != nil {
		tb.Fatal("generate.py: ", err)
	}
	return log, strings.TrimSpace(string(out))
}

const sample = `{"timestamp":1,"logGroup":"/ecs/a","logStream":"app/01","level":"INFO","requestId":"0","message":"ERROR budget: 3"}
{"timestamp":2,"logGroup":"/ecs/a","logStream":"app/01","level":"ERROR","requestId":"1","message":"Timeout 504: order 17"}
{"timestamp":3,"logGroup":"/ecs/b","logStream":"app/02","level":"INFO","requestId":"2","message":"{\"level\":\"ERROR\"}: 5"}
{"timestamp":4,"logGroup":"/ecs/b","logStream":"app/02","level":"ERROR","requestId":"3","message":"DiskFull 28: \"Zoë\": 9"}
{"timestamp":5,"logGroup":"/ecs/b","logStream":"app/02","level":"ERROR","requestId":"4","message":"Timeout 504: order 18"}
`

func TestGeneratedLog(t *testing.T) {
	log, want := generate(t, "20000")
	for name, operation := range implementations {
		if got, err := operation(log); got != want || err != nil {
			t.Errorf("%s: %s, %v; the generator says %s", name, got, err, want)
		}
	}
}

func TestImplementations(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	if err := os.WriteFile(log, []byte(sample), 0o600); err != nil {
		t.Fatal(err)
	}
	want := patterns{"Timeout 504": 2, "DiskFull 28": 1}.digest()
	for name, operation := range implementations {
		if got, err := operation(log); got != want || err != nil {
			t.Errorf("%s: %s, %v; want %s", name, got, err, want)
		}
	}
}

func TestDigest(t *testing.T) {
	// printf 'DiskFull 28 1\nTimeout 504 2\n' | sha256sum
	got := patterns{"Timeout 504": 2, "DiskFull 28": 1}.digest()
	if want := "b207ccde9c267ed3"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func TestErrors(t *testing.T) {
	log := filepath.Join(t.TempDir(), "log")
	if _, err := JSONStream(log); err == nil {
		t.Error("a log that does not exist was read")
	}
	if err := os.WriteFile(log, []byte("{\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := JSONStream(log); err == nil {
		t.Error("half an entry was decoded")
	}
}
