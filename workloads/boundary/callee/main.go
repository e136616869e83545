// Callee answers JSON-RPC requests, one at a time a connection, until its
// standard input ends:
//
//	callee pipe   a line a request on standard input, a line an answer
//	callee http   a POST a request, on loopback; the first line of standard
//	              output is its URL
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
)

type item struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Cents    int    `json:"cents"`
}

type request struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params []item `json:"params"`
}

type response struct {
	ID     int    `json:"id"`
	Result int    `json:"result"`
	Error  string `json:"error,omitempty"`
}

func main() {
	if len(os.Args) != 2 {
		fail(errors.New("expected one argument: pipe or http"))
	}
	switch os.Args[1] {
	case "pipe":
		fail(servePipe(os.Stdin, os.Stdout))
	case "http":
		fail(serveHTTP(os.Stdin, os.Stdout))
	default:
		fail(fmt.Errorf("%q: expected pipe or http", os.Args[1]))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "callee:", err)
		os.Exit(1)
	}
}

// answer returns what is sent back for a request.
func answer(data []byte) ([]byte, error) {
	var asked request
	if err := json.Unmarshal(data, &asked); err != nil {
		return nil, err
	}
	given := response{ID: asked.ID}
	switch asked.Method {
	case "total":
		for _, item := range asked.Params {
			given.Result += item.Quantity * item.Cents
		}
	default:
		given.Error = "no method " + asked.Method
	}
	return json.Marshal(given)
}

func servePipe(in io.Reader, out io.Writer) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err == io.EOF && len(line) == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		data, err := answer(line)
		if err != nil {
			return err
		}
		if _, err := out.Write(append(data, '\n')); err != nil {
			return err
		}
	}
}

func serveHTTP(in io.Reader, out io.Writer) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: http.HandlerFunc(handle)}
	go func() {
		io.Copy(io.Discard, in)
		server.Close()
	}()
	fmt.Fprintf(out, "http://%v\n", listener.Addr())
	if err := server.Serve(listener); err != http.ErrServerClosed {
		return err
	}
	return nil
}

func handle(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	data, err := answer(body)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(data)
}
