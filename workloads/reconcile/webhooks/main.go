// Webhooks calls an admission webhook at a constant rate while it is told to:
//
//	webhooks URL RATE
//
// Commands come as lines on standard input. `start` begins calling. `stop`
// ends it, and is answered with `idle` when no call is under way any more.
// `forget` drops the latencies so far. `report` is answered with a line of
// JSON. The program ends with its input, or with status 1 when an answer is
// wrong.
//
// Every call is sent when it is due, however many are still to be answered, so
// that a server that does not answer cannot hold back the calls that would have
// shown it. A call's latency counts from its sending; what lies between that and
// the time at which it was due is the program's own lateness, reported apart.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"
)

const reviewFormat = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"%s","operation":"UPDATE",` +
	`"object":{"spec":{"env":{"LOG_LEVEL":"info"},"image":"registry.example/app:%s","labels":{"app":"app","team":"orders"},"replicas":3}}}}`

type review struct {
	Response struct {
		UID     string `json:"uid"`
		Allowed bool   `json:"allowed"`
	} `json:"response"`
}

type caller struct {
	url      string
	client   *http.Client
	interval time.Duration
	calls    int
	underWay sync.WaitGroup
	mu       sync.Mutex
	latency  []time.Duration // from when it was sent to the answer's end
	lag      []time.Duration // from when it was due to when it was sent
}

func main() {
	if len(os.Args) != 3 {
		fail(fmt.Errorf("expected two arguments, URL and RATE"))
	}
	rate, err := strconv.ParseFloat(os.Args[2], 64)
	if err != nil || rate <= 0 {
		fail(fmt.Errorf("rate %q: expected calls a second", os.Args[2]))
	}
	c := &caller{
		url:      os.Args[1],
		client:   &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
		interval: time.Duration(float64(time.Second) / rate),
	}
	c.obey(lines(os.Stdin))
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "webhooks:", err)
	os.Exit(1)
}

func lines(in io.Reader) <-chan string {
	out := make(chan string)
	go func() {
		defer close(out)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			out <- scanner.Text()
		}
	}()
	return out
}

// obey carries out commands. Calls are due by a clock that stands still while
// the caller is stopped.
func (c *caller) obey(commands <-chan string) {
	left := c.interval / 2 // until the next call is due
	var due time.Time
	var wake <-chan time.Time // nil while stopped
	for {
		select {
		case command, ok := <-commands:
			if !ok {
				return
			}
			switch command {
			case "start":
				due = time.Now().Add(left)
				wake = time.After(left)
			case "stop":
				left = max(0, time.Until(due))
				wake = nil
				c.underWay.Wait()
				fmt.Println("idle")
			case "forget":
				c.latency, c.lag = nil, nil
			case "report":
				fmt.Println(c.report())
			default:
				fail(fmt.Errorf("no command %q", command))
			}
		case <-wake:
			c.underWay.Add(1)
			go c.call(c.calls, due)
			c.calls++
			due = due.Add(c.interval)
			wake = time.After(time.Until(due))
		}
	}
}

// call asks for a review; every fourth object must be refused.
func (c *caller) call(number int, due time.Time) {
	defer c.underWay.Done()
	uid, allowed, tag := fmt.Sprintf("%08x", number), number%4 != 3, "1.2.3"
	if !allowed {
		tag = "latest"
	}
	body := fmt.Appendf(nil, reviewFormat, uid, tag)
	sent := time.Now()
	response, err := c.client.Post(c.url, "application/json", bytes.NewReader(body))
	if err != nil {
		fail(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	latency := time.Since(sent)
	if err != nil {
		fail(err)
	}
	var got review
	err = json.Unmarshal(answer, &got)
	if err != nil || got.Response.UID != uid || got.Response.Allowed != allowed {
		fail(fmt.Errorf("call %d: %s: %s", number, response.Status, answer))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.latency = append(c.latency, latency)
	c.lag = append(c.lag, sent.Sub(due))
}

func (c *caller) report() string {
	c.underWay.Wait()
	return fmt.Sprintf(`{"calls":%d,"p50_ns":%d,"p99_ns":%d,"max_ns":%d,"lag_p99_ns":%d}`,
		len(c.latency), quantile(c.latency, .5), quantile(c.latency, .99),
		quantile(c.latency, 1), quantile(c.lag, .99))
}

// quantile is the smallest value that at least that share of all do not
// exceed.
func quantile(values []time.Duration, share float64) time.Duration {
	if len(values) == 0 {
		return 0
	}
	slices.Sort(values)
	rank := int(share * float64(len(values)))
	if float64(rank) == share*float64(len(values)) {
		rank--
	}
	return values[max(rank, 0)]
}
