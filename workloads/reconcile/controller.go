package reconcile

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strconv"
	"time"
)

// budget: a pass every ten seconds.
const budget = 10 * time.Second

// Controller makes passes over its objects and answers webhooks meanwhile.
type Controller struct {
	objects  []Object
	pass     func([]Object) ([]Action, error)
	server   *http.Server
	webhooks *exec.Cmd
	commands io.WriteCloser
	answers  *bufio.Reader
	passes   int
	took     time.Duration // all passes
}

// Report is what is known of the webhook calls so far.
type Report struct {
	Calls    int   `json:"calls"`
	P50Ns    int64 `json:"p50_ns"`
	P99Ns    int64 `json:"p99_ns"`
	MaxNs    int64 `json:"max_ns"`
	LagP99Ns int64 `json:"lag_p99_ns"`
}

// Start listens, starts the program that calls, and makes a first pass, which
// does not count.
func Start(objects []Object, pass func([]Object) ([]Action, error),
	webhooks string, rate int) (*Controller, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /validate", Review)
	c := &Controller{objects: objects, pass: pass, server: &http.Server{Handler: mux}}
	go c.server.Serve(listener)

	url := fmt.Sprintf("http://%v/validate", listener.Addr())
	if err := c.startWebhooks(webhooks, url, rate); err != nil {
		return nil, errors.Join(err, c.server.Close())
	}
	if _, err := c.Round(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	c.passes, c.took = 0, 0
	return c, c.tell("forget")
}

func (c *Controller) startWebhooks(program, url string, rate int) (err error) {
	c.webhooks = exec.Command(program, url, strconv.Itoa(rate))
	if c.commands, err = c.webhooks.StdinPipe(); err != nil {
		return err
	}
	out, err := c.webhooks.StdoutPipe()
	if err != nil {
		return err
	}
	c.answers = bufio.NewReader(out)
	return c.webhooks.Start()
}

// Close ends the calls and the server.
func (c *Controller) Close() error {
	return errors.Join(c.commands.Close(), c.webhooks.Wait(), c.server.Close())
}

func (c *Controller) tell(command string) error {
	_, err := io.WriteString(c.commands, command+"\n")
	return err
}

func (c *Controller) ask(command string) (string, error) {
	if err := c.tell(command); err != nil {
		return "", err
	}
	line, err := c.answers.ReadString('\n')
	if err != nil {
		return "", fmt.Errorf("the program that calls the webhook has ended: %w", err)
	}
	return line, nil
}

// Round is a pass with webhook calls from its start to its end.
func (c *Controller) Round() ([]Action, error) {
	if err := c.tell("start"); err != nil {
		return nil, err
	}
	begin := time.Now()
	plan, err := c.pass(c.objects)
	c.took += time.Since(begin)
	c.passes++
	if err != nil {
		return nil, err
	}
	_, err = c.ask("stop")
	return plan, err
}

// BudgetShare is the mean pass by the time between two passes.
func (c *Controller) BudgetShare() float64 {
	return float64(c.took) / float64(c.passes) / float64(budget)
}

// Report asks the calling program.
func (c *Controller) Report() (report Report, err error) {
	line, err := c.ask("report")
	if err != nil {
		return report, err
	}
	return report, json.Unmarshal([]byte(line), &report)
}
