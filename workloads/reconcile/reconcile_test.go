package reconcile

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkController(b *testing.B) { run(b, Pass) }
func BenchmarkYielding(b *testing.B)   { run(b, YieldingPass) }

func run(b *testing.B, pass func([]Object) ([]Action, error)) {
	items := tandem.String(b, "items", "")
	webhooks := tandem.String(b, "webhooks", "")
	rate := tandem.Int(b, "rate", 200)
	if items == "" {
		items, _ = generate(b, "5000")
	}
	if webhooks == "" {
		webhooks = build(b)
	}
	controller := start(b, pass, items, webhooks, rate)
	tandem.RunErr(b, func() (string, error) {
		plan, err := controller.Round()
		return Summary(plan), err
	})
	report, err := controller.Report()
	if err != nil {
		b.Fatal(err)
	}
	tandem.Figure(b, "webhook_p50_ns", float64(report.P50Ns), "ns")
	tandem.Figure(b, "webhook_p99_ns", float64(report.P99Ns), "ns")
	tandem.Figure(b, "webhook_max_ns", float64(report.MaxNs), "ns")
	tandem.Figure(b, "webhook_lag_ns", float64(report.LagP99Ns), "ns")
	tandem.Figure(b, "webhook_calls", float64(report.Calls), "calls")
	tandem.Figure(b, "budget_share", controller.BudgetShare(), "x")
}

func start(tb testing.TB, pass func([]Object) ([]Action, error),
	items, webhooks string, rate int) *Controller {
	objects, err := Read(items)
	if err != nil {
		tb.Fatal(err)
	}
	controller, err := Start(objects, pass, webhooks, rate)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := controller.Close(); err != nil {
			tb.Error(err)
		}
	})
	return controller
}

// generate makes the objects that a run by hand has not got, and returns what
// the generator knows: created/patched/deleted.
func generate(tb testing.TB, objects string) (items, work string) {
	python, err := exec.LookPath("python3")
	if err != nil {
		tb.Skip("no objects without Python: ", err)
	}
	items = filepath.Join(tb.TempDir(), "items")
	made := exec.Command(python, "generate_objects.py", "--objects", objects, items)
	made.Stderr = os.Stderr
	out, err := made.Output()
	if err != nil {
		tb.Fatal("generate_objects.py: ", err)
	}
	return items, strings.TrimSpace(string(out))
}

func build(tb testing.TB) string {
	program := filepath.Join(tb.TempDir(), "webhooks")
	if out, err := exec.Command("go", "build", "-o", program, "webhooks/main.go").CombinedOutput(); err != nil {
		tb.Fatalf("go build: %v\n%s", err, out)
	}
	return program
}

func TestGeneratedObjects(t *testing.T) {
	items, work := generate(t, "1000")
	controller := start(t, YieldingPass, items, build(t), 2000)
	for range 20 {
		plan, err := controller.Round()
		if got := Summary(plan); err != nil || !strings.HasPrefix(got, work+":") {
			t.Fatalf("%s, %v; the generator says %s", got, err, work)
		}
	}
	report, err := controller.Report()
	if err != nil || report.Calls == 0 || report.P50Ns <= 0 ||
		report.MaxNs < report.P99Ns || report.P99Ns < report.P50Ns {
		t.Errorf("%+v, %v", report, err)
	}
	if share := controller.BudgetShare(); share <= 0 || share > 1 {
		t.Errorf("share of the budget: %v", share)
	}
}

func TestPassesPlanTheSame(t *testing.T) {
	items, work := generate(t, "200")
	objects, err := Read(items)
	if err != nil {
		t.Fatal(err)
	}
	plan, err := Pass(objects)
	yielding, second := YieldingPass(objects)
	if err != nil || second != nil {
		t.Fatal(err, second)
	}
	want := Summary(plan)
	if got := Summary(yielding); got != want || !strings.HasPrefix(got, work+":") {
		t.Errorf("yielding: %s, otherwise: %s; the generator says %s", got, want, work)
	}
}

func TestReconcile(t *testing.T) {
	want := &Spec{Env: map[string]string{"A": "1", "B": "2"}, Image: "i:1", Labels: map[string]string{"l": "x"}, Replicas: 2}
	// printf '{"env":{"A":"1","B":"2"},"image":"i:1","labels":{"l":"x"},"replicas":2}' | sha256sum
	const hash = "14a1a4fadf6edae9"
	same := &Observed{Hash: hash, Spec: *want}
	other := &Observed{Hash: "0", Spec: Spec{Env: map[string]string{"B": "3", "C": "4"}, Image: "i:2", Replicas: 1}}
	for name, test := range map[string]struct {
		object     Object
		verb, body string
	}{
		"as it should be": {Object{"n", "o", want, same}, "", ""},
		"missing": {Object{"n", "o", want, nil}, "create",
			`{"metadata":{"hash":"` + hash + `","name":"o"},"spec":{"env":{"A":"1","B":"2"},"image":"i:1","labels":{"l":"x"},"replicas":2}}`},
		"unwanted": {Object{"n", "o", nil, same}, "delete", `{"propagationPolicy":"Background"}`},
		"drifted": {Object{"n", "o", want, other}, "patch",
			`[{"op":"replace","path":"/spec/replicas","value":2},{"op":"replace","path":"/spec/image","value":"i:1"},` +
				`{"op":"add","path":"/spec/labels/l","value":"x"},{"op":"add","path":"/spec/env/A","value":"1"},` +
				`{"op":"replace","path":"/spec/env/B","value":"2"},{"op":"remove","path":"/spec/env/C"},` +
				`{"op":"replace","path":"/metadata/hash","value":"` + hash + `"}]`},
	} {
		got, err := reconcile(&test.object)
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			got = &Action{}
		} else if got.Key != "n/o" {
			t.Errorf("%s: key %s", name, got.Key)
		}
		if got.Verb != test.verb || string(got.Body) != test.body {
			t.Errorf("%s: %s %s, want %s %s", name, got.Verb, got.Body, test.verb, test.body)
		}
	}
}

func TestReview(t *testing.T) {
	const head, tail = `{"apiVersion":"v1","kind":"R","response":{"uid":"7","allowed":`, "}}\n"
	for spec, want := range map[string]string{
		`{"image":"a:1","replicas":50,"labels":{"team":"x"}}`:      `true`,
		`{"image":"a:latest","replicas":1,"labels":{"team":"x"}}`:  `false,"status":{"message":"the image has no version"}`,
		`{"image":"a","replicas":1,"labels":{"team":"x"}}`:         `false,"status":{"message":"the image has no version"}`,
		`{"image":"a:1","replicas":51,"labels":{"team":"x"}}`:      `false,"status":{"message":"more than 50 replicas"}`,
		`{"image":"a:1","replicas":1,"labels":{"tier":"batches"}}`: `false,"status":{"message":"no label says whose it is"}`,
	} {
		body := `{"apiVersion":"v1","kind":"R","request":{"uid":"7","object":{"spec":` + spec + `}}}`
		recorder := httptest.NewRecorder()
		Review(recorder, httptest.NewRequest(http.MethodPost, "/validate", strings.NewReader(body)))
		if got := recorder.Body.String(); got != head+want+tail {
			t.Errorf("%s: %s, want %s", spec, got, want)
		}
	}
	recorder := httptest.NewRecorder()
	Review(recorder, httptest.NewRequest(http.MethodPost, "/validate", strings.NewReader("{")))
	if recorder.Code != http.StatusBadRequest {
		t.Errorf("half a review: status %d", recorder.Code)
	}
}
