package fanout

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkNetHTTP(b *testing.B) {
	origin := tandem.String(b, "origin", "")
	delay := tandem.String(b, "delay", "100ms")
	requests := tandem.Int(b, "requests", 10)
	if origin == "" {
		origin = serve(b)
	}
	tandem.RunErr(b, func() (string, error) {
		return FetchAll(origin, delay, requests)
	})
}

// serve starts an origin for tests and for a run by hand.
func serve(tb testing.TB) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /delay/{delay}/{item}", answer)
	server := httptest.NewServer(mux)
	tb.Cleanup(server.Close)
	return server.URL
}

func answer(w http.ResponseWriter, r *http.Request) {
	delay, err := time.ParseDuration(r.PathValue("delay"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	time.Sleep(delay)
	line := "tandem origin item " + r.PathValue("item") + "\n"
	w.Header().Set("Content-Type", "text/plain")
	w.Write([]byte(strings.Repeat(line, 16)))
}

func TestFetchAll(t *testing.T) {
	start := time.Now()
	got, err := FetchAll(serve(t), "50ms", 10)
	if err != nil {
		t.Fatal(err)
	}
	if want := "aee95733737a1301"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
	if took := time.Since(start); took < 50*time.Millisecond {
		t.Errorf("took %v, less than the delay", took)
	}
}

func TestFetchAllFails(t *testing.T) {
	if _, err := FetchAll(serve(t), "soon", 1); err == nil {
		t.Error("a status other than 200 went unnoticed")
	}
}
