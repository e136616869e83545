package boundary

import (
	"os/exec"
	"path/filepath"
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkStdlib(b *testing.B) {
	callee := tandem.String(b, "callee", "")
	transport := tandem.String(b, "transport", "pipe")
	if callee == "" {
		callee = build(b)
	}
	caller, err := Start(callee, transport)
	if err != nil {
		b.Fatal(err)
	}
	defer caller.Close()
	items := Order()
	tandem.RunErr(b, func() (int, error) { return caller.Total(items) })
}

// build makes the callee that a run by hand has not got.
func build(tb testing.TB) string {
	callee := filepath.Join(tb.TempDir(), "callee")
	if out, err := exec.Command("go", "build", "-o", callee, "callee/main.go").CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, out)
	}
	return callee
}

func TestTotal(t *testing.T) {
	callee := build(t)
	for _, transport := range []string{"pipe", "http"} {
		caller, err := Start(callee, transport)
		if err != nil {
			t.Fatal(err)
		}
		for _, test := range []struct {
			items []Item
			want  int
		}{
			{Order(), 55055},
			{Order()[:1], 995},
			{nil, 0},
		} {
			got, err := caller.Total(test.items)
			if err != nil || got != test.want {
				t.Errorf("%s: %d, %v; want %d", transport, got, err, test.want)
			}
		}
		if err := caller.Close(); err != nil {
			t.Errorf("%s: the callee ended with %v", transport, err)
		}
	}
}

func TestMistakes(t *testing.T) {
	callee := build(t)
	if _, err := Start(callee, "telegraph"); err == nil {
		t.Error("an unknown transport went unnoticed")
	}
	if _, err := Start(callee+".not", "pipe"); err == nil {
		t.Error("a callee that does not exist was started")
	}
	for _, transport := range []string{"pipe", "http"} {
		caller, err := Start(callee, transport)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := caller.send([]byte("{")); err == nil {
			t.Errorf("%s: half a request was answered", transport)
		}
		caller.Close()
	}
}
