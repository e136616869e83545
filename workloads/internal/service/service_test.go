package service

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

func TestIntRefuses(t *testing.T) {
	for _, text := range []string{"many", "-1", ""} {
		t.Setenv("TANDEM_P_users", text)
		if n, err := Int("users", 7); err == nil {
			t.Errorf("%q was taken as %d", text, n)
		}
	}
}

func TestIntReads(t *testing.T) {
	if n, err := Int("not_set", 7); n != 7 || err != nil {
		t.Errorf("got %d, %v; want the fallback", n, err)
	}
	t.Setenv("TANDEM_P_users", "12")
	if n, err := Int("users", 7); n != 12 || err != nil {
		t.Errorf("got %d, %v; want 12", n, err)
	}
}

// A request that is under way when the end is asked for gets its answer.
func TestServeEndsInGoodOrder(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, end := context.WithCancel(context.Background())
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		end()
		time.Sleep(20 * time.Millisecond)
		io.WriteString(w, "answered")
	})
	ended := make(chan error)
	go func() { ended <- serve(ctx, listener, handler) }()
	response, err := http.Get("http://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || string(body) != "answered" {
		t.Errorf("got %q, %v", body, err)
	}
	if err := <-ended; err != nil {
		t.Errorf("serve: %v", err)
	}
}
