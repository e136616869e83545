// Package boundary calls another process, over a pipe or over HTTP on
// loopback.
package boundary

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
)

// Item is a line of an order.
type Item struct {
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
	Cents    int    `json:"cents"`
}

type request struct {
	ID     int    `json:"id"`
	Method string `json:"method"`
	Params []Item `json:"params"`
}

type response struct {
	ID     int    `json:"id"`
	Result int    `json:"result"`
	Error  string `json:"error"`
}

// Order returns the items whose total is asked for.
func Order() []Item {
	items := make([]Item, 10)
	for n := range items {
		items[n] = Item{SKU: fmt.Sprintf("A-%d", n), Quantity: 1 + n, Cents: 995 + n}
	}
	return items
}

// Caller calls a callee that it has started.
type Caller struct {
	send    func(request []byte) ([]byte, error)
	process *exec.Cmd
	input   io.Closer // the callee ends when it is closed
	number  int
}

// Start starts a callee and connects to it; transport is pipe or http.
func Start(callee, transport string) (*Caller, error) {
	process := exec.Command(callee, transport)
	input, err := process.StdinPipe()
	if err != nil {
		return nil, err
	}
	output, err := process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := process.Start(); err != nil {
		return nil, err
	}
	c := &Caller{process: process, input: input}
	lines := bufio.NewReader(output)
	switch transport {
	case "pipe":
		c.send = byPipe(input, lines)
	case "http":
		c.send, err = byHTTP(lines)
	default:
		err = fmt.Errorf("transport %q: expected pipe or http", transport)
	}
	if err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Close ends the callee.
func (c *Caller) Close() error {
	return errors.Join(c.input.Close(), c.process.Wait())
}

// Total asks the callee for the total of an order.
func (c *Caller) Total(items []Item) (int, error) {
	c.number++
	data, err := json.Marshal(request{ID: c.number, Method: "total", Params: items})
	if err != nil {
		return 0, err
	}
	if data, err = c.send(data); err != nil {
		return 0, err
	}
	var answer response
	if err := json.Unmarshal(data, &answer); err != nil {
		return 0, err
	}
	if answer.ID != c.number || answer.Error != "" {
		return 0, fmt.Errorf("request %d was answered with %s", c.number, data)
	}
	return answer.Result, nil
}

func byPipe(input io.Writer, lines *bufio.Reader) func([]byte) ([]byte, error) {
	return func(request []byte) ([]byte, error) {
		if _, err := input.Write(append(request, '\n')); err != nil {
			return nil, err
		}
		return lines.ReadBytes('\n')
	}
}

func byHTTP(lines *bufio.Reader) (func([]byte) ([]byte, error), error) {
	line, err := lines.ReadString('\n')
	if err != nil {
		return nil, err
	}
	url := strings.TrimSpace(line)
	client := &http.Client{}
	return func(request []byte) ([]byte, error) {
		response, err := client.Post(url, "application/json", bytes.NewReader(request))
		if err != nil {
			return nil, err
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		if err == nil && response.StatusCode != http.StatusOK {
			err = fmt.Errorf("%s: %s: %s", url, response.Status, body)
		}
		return body, err
	}, nil
}
