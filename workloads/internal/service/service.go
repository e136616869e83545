// Package service is what the Go servers of the workloads share besides their
// handlers: parameters, listening on loopback, and ending in good order.
package service

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// Env is the environment variable name, or fallback where it is not set.
func Env(name, fallback string) string {
	if value, ok := os.LookupEnv(name); ok {
		return value
	}
	return fallback
}

// String is the workload's parameter name: TANDEM_P_name, or fallback.
func String(name, fallback string) string {
	return Env("TANDEM_P_"+name, fallback)
}

// Int is a parameter that must be a number of at least 0.
func Int(name string, fallback int) (int, error) {
	text := String(name, strconv.Itoa(fallback))
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("TANDEM_P_%s: %q is not a number of at least 0", name, text)
	}
	return n, nil
}

// Serve listens on 127.0.0.1 and the port in PORT (8000) until SIGTERM or
// SIGINT. Then requests under way have five seconds to be answered.
func Serve(handler http.Handler) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", Env("PORT", "8000")))
	if err != nil {
		return err
	}
	return serve(ctx, listener, handler)
}

// serve serves until the context is done.
func serve(ctx context.Context, listener net.Listener, handler http.Handler) error {
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	deadline, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := server.Shutdown(deadline)
	if errors.Is(err, context.DeadlineExceeded) {
		return server.Close()
	}
	return err
}
