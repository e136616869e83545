// Encodes the histograms described on standard input (one JSON object a
// line) with hdrhistogram-go, one base64 string a line.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"os"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

type recipe struct {
	Lowest, Highest int64
	Digits          int
	Values          [][2]int64
}

func main() {
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		var r recipe
		if err := json.Unmarshal(in.Bytes(), &r); err != nil {
			log.Fatal(err)
		}
		h := hdr.New(r.Lowest, r.Highest, r.Digits)
		for _, v := range r.Values {
			if err := h.RecordValues(v[0], v[1]); err != nil {
				log.Fatal(err)
			}
		}
		encoded, err := h.Encode(hdr.V2CompressedEncodingCookieBase)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(string(encoded))
	}
}
