// What hdrhistogram-go reads: read_files FILE.hlog... prints JSON, as
// read_files.py does.
package main

import (
	"encoding/json"
	"log"
	"os"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

type described struct {
	Lowest      int64        `json:"lowest"`
	Highest     int64        `json:"highest"`
	Digits      int64        `json:"digits"`
	Total       int64        `json:"total"`
	Min         int64        `json:"min"`
	Max         int64        `json:"max"`
	Mean        float64      `json:"mean"`
	Percentiles [][2]float64 `json:"percentiles"`
	Counts      [][2]int64   `json:"counts"`
}

type file struct {
	Intervals []described `json:"intervals"`
}

var percentiles = []float64{0, 1, 50, 90, 99, 99.9, 99.99, 100}

func describe(h *hdr.Histogram) described {
	d := described{
		Lowest:  h.LowestTrackableValue(),
		Highest: h.HighestTrackableValue(),
		Digits:  h.SignificantFigures(),
		Total:   h.TotalCount(),
		Min:     h.Min(),
		Max:     h.Max(),
		Mean:    h.Mean(),
		Counts:  [][2]int64{},
	}
	for _, p := range percentiles {
		d.Percentiles = append(d.Percentiles,
			[2]float64{p, float64(h.ValueAtPercentile(p))})
	}
	for _, bar := range h.Distribution() {
		if bar.Count > 0 {
			d.Counts = append(d.Counts, [2]int64{bar.From, bar.Count})
		}
	}
	return d
}

func read(path string) (file, error) {
	content := file{Intervals: []described{}}
	in, err := os.Open(path)
	if err != nil {
		return content, err
	}
	defer in.Close()
	reader := hdr.NewHistogramLogReader(in)
	for {
		h, err := reader.NextIntervalHistogram()
		if err != nil || h == nil {
			return content, err
		}
		content.Intervals = append(content.Intervals, describe(h))
	}
}

func main() {
	log.SetFlags(0)
	files := map[string]file{}
	for _, path := range os.Args[1:] {
		content, err := read(path)
		if err != nil {
			log.Fatalf("%s: %v", path, err)
		}
		files[path] = content
	}
	if err := json.NewEncoder(os.Stdout).Encode(files); err != nil {
		log.Fatal(err)
	}
}
