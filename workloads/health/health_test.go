package health

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tandem/drivers/gotest/tandem"
)

func BenchmarkNetHTTP(b *testing.B) {
	origin := tandem.String(b, "origin", "")
	count := tandem.Int(b, "endpoints", 50)
	timeout, err := time.ParseDuration(tandem.String(b, "timeout", "500ms"))
	if err != nil {
		b.Fatal(err)
	}
	if origin == "" {
		origin = serve(b)
	}
	endpoints := Endpoints(origin, count)
	tandem.Run(b, func() string { return CheckAll(endpoints, timeout) })
}

// serve starts an origin for tests and for a run by hand, with the faults of
// `tandem origin`.
func serve(tb testing.TB) string {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /delay/{delay}/{item}", func(w http.ResponseWriter, r *http.Request) {
		delay, err := time.ParseDuration(r.PathValue("delay"))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		wait(r, delay)
		fmt.Fprintln(w, "item", r.PathValue("item"))
	})
	mux.HandleFunc("GET /status/{code}", func(w http.ResponseWriter, r *http.Request) {
		var code int
		fmt.Sscan(r.PathValue("code"), &code)
		w.WriteHeader(code)
	})
	mux.HandleFunc("GET /hang", func(_ http.ResponseWriter, r *http.Request) {
		wait(r, time.Minute)
	})
	mux.HandleFunc("GET /drip/100ms/50", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "50")
		for range 50 {
			fmt.Fprint(w, ".")
			w.(http.Flusher).Flush()
			wait(r, 100*time.Millisecond)
		}
	})
	mux.HandleFunc("GET /{fault}", breakOff)
	server := httptest.NewServer(mux)
	tb.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	return server.URL
}

func wait(r *http.Request, delay time.Duration) {
	select {
	case <-time.After(delay):
	case <-r.Context().Done():
	}
}

func breakOff(w http.ResponseWriter, r *http.Request) {
	half := "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf\n"
	connection, buffer, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return
	}
	defer connection.Close()
	switch r.PathValue("fault") {
	case "short":
		send(buffer.Writer, half)
	case "reset":
		send(buffer.Writer, half)
		connection.(*net.TCPConn).SetLinger(0)
	case "garbage":
		send(buffer.Writer, strings.Repeat("?", 64)+"\n")
	}
}

func send(w *bufio.Writer, text string) {
	w.WriteString(text)
	w.Flush()
}

// seven is of endpoints=7: one endpoint of each kind, and four healthy ones.
const seven = "eu-north:1/1/0,eu-west:1/0/1,us-east:1/0/0,us-west:1/0/0,ap-south:0/1/0"

func TestCheckAll(t *testing.T) {
	origin := serve(t)
	if got := CheckAll(Endpoints(origin, 7), 500*time.Millisecond); got != seven {
		t.Errorf("%s, want %s", got, seven)
	}
}

func TestFaults(t *testing.T) {
	origin := serve(t)
	for want, paths := range map[Health][]string{
		Healthy:   {"/delay/1ms/1"},
		Unhealthy: append(append([]string{"/delay/soon/1"}, refusals...), breaks...),
		TimedOut:  stalls,
	} {
		for _, path := range paths {
			endpoints := []Endpoint{{regions[0], origin + path}}
			counts := []int{0, 0, 0}
			counts[want] = 1
			row := fmt.Sprintf("%s:%d/%d/%d", regions[0], counts[0], counts[1], counts[2])
			if got := CheckAll(endpoints, 100*time.Millisecond); got != row {
				t.Errorf("%s: %s, want %s", path, got, row)
			}
		}
	}
}

func TestNobodyListens(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	got := CheckAll([]Endpoint{{regions[0], server.URL}}, time.Second)
	if want := "eu-north:0/1/0"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
