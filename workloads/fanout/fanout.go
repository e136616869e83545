// Package fanout fetches URLs that answer after a delay, all at the same time.
package fanout

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
)

// FetchAll is what a script does: make a client, get every URL in a goroutine
// of its own, close the client. The answer is a digest of the bodies in the
// order of the URLs.
func FetchAll(origin, delay string, requests int) (string, error) {
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport}

	bodies := make([][]byte, requests)
	errs := make([]error, requests)
	var wg sync.WaitGroup
	for item := range requests {
		wg.Add(1)
		go func() {
			defer wg.Done()
			url := fmt.Sprintf("%s/delay/%s/%d", origin, delay, item)
			bodies[item], errs[item] = fetch(client, url)
		}()
	}
	wg.Wait()
	return digest(bodies), errors.Join(errs...)
}

func fetch(client *http.Client, url string) ([]byte, error) {
	response, err := client.Get(url)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, response.Status)
	}
	return io.ReadAll(response.Body)
}

// digest is the first 16 hexadecimal digits of the bodies' SHA-256.
func digest(bodies [][]byte) string {
	sum := sha256.Sum256(bytes.Join(bodies, nil))
	return fmt.Sprintf("%x", sum[:8])
}
