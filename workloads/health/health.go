// Package health checks the health of many endpoints at the same time.
package health

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

var (
	regions  = []string{"eu-north", "eu-west", "us-east", "us-west", "ap-south"}
	refusals = []string{"/status/503", "/status/500", "/status/404"}
	breaks   = []string{"/close", "/reset", "/short", "/garbage"}
	stalls   = []string{"/hang", "/delay/2s/late", "/drip/100ms/50"}
)

// Health is what a check found.
type Health int

const (
	Healthy Health = iota
	Unhealthy
	TimedOut
	kinds // how many there are
)

// Endpoint is what is checked.
type Endpoint struct{ Region, URL string }

// path says what an endpoint does: of seven four answer, one refuses, one
// breaks, one stalls.
func path(number int) string {
	turn, kind := number/7, number%7
	switch kind {
	case 4:
		return refusals[turn%len(refusals)]
	case 5:
		return breaks[turn%len(breaks)]
	case 6:
		return stalls[turn%len(stalls)]
	}
	return fmt.Sprintf("/delay/%dms/%d", 10+number*37%90, number)
}

// Endpoints returns the first count endpoints of an origin.
func Endpoints(origin string, count int) []Endpoint {
	endpoints := make([]Endpoint, count)
	for number := range endpoints {
		endpoints[number] = Endpoint{regions[number%len(regions)], origin + path(number)}
	}
	return endpoints
}

// CheckAll checks every endpoint in a goroutine of its own, and returns how
// many of each region are healthy, unhealthy and late:
// `region:healthy/unhealthy/timed-out`.
func CheckAll(endpoints []Endpoint, timeout time.Duration) string {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	found := make([]Health, len(endpoints))
	var wg sync.WaitGroup
	for i, endpoint := range endpoints {
		wg.Add(1)
		go func() {
			defer wg.Done()
			ctx, cancel := context.WithTimeout(context.Background(), timeout)
			defer cancel()
			found[i] = check(ctx, client, endpoint.URL)
		}()
	}
	wg.Wait()
	return table(endpoints, found)
}

func check(ctx context.Context, client *http.Client, url string) Health {
	status, err := get(ctx, client, url)
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return TimedOut
	case err != nil || status != http.StatusOK:
		return Unhealthy
	}
	return Healthy
}

// get reads the answer to its end and returns its status.
func get(ctx context.Context, client *http.Client, url string) (int, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.ReadAll(response.Body)
	return response.StatusCode, err
}

func table(endpoints []Endpoint, found []Health) string {
	counts := map[string]*[kinds]int{}
	for i, endpoint := range endpoints {
		if counts[endpoint.Region] == nil {
			counts[endpoint.Region] = new([kinds]int)
		}
		counts[endpoint.Region][found[i]]++
	}
	var rows []string
	for _, region := range regions {
		if n := counts[region]; n != nil {
			rows = append(rows, fmt.Sprintf("%s:%d/%d/%d", region, n[Healthy], n[Unhealthy], n[TimedOut]))
		}
	}
	return strings.Join(rows, ",")
}
