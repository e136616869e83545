// Command httpserver answers every request with a short JSON object, by
// net/http as it comes: what `make bench-load` puts tandem and wrk against.
// It prints its address, and ends when its standard input does.
package main

import (
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
)

var answer = []byte(`{"id":1,"name":"Ada","email":"ada@example.org"}`)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		// The client may have gone; net/http sees to it.
		_, _ = w.Write(answer)
	})
	fmt.Printf("http://%s\n", listener.Addr())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	log.Fatal(http.Serve(listener, nil))
}
