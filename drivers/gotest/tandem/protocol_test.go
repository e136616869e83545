// SPDX-License-Identifier: MIT

package tandem

import (
	"maps"
	"testing"
)

func TestLinesComeBackAsTheyWent(t *testing.T) {
	var all []byte
	for c := 0; c < 256; c++ {
		all = append(all, byte(c))
	}
	for _, f := range []fields{
		{},
		{"answer": ""},
		{"answer": "78498", "p.n": "1000000"},
		{"message": "line one\nline two: 100 % of a=b", "bytes": string(all)},
	} {
		line := encode("done", f)
		verb, got, err := decode(line[:len(line)-1])
		if err != nil || verb != "done" || !maps.Equal(f, got) {
			t.Errorf("%q came back as %q %q, %v", line, verb, got, err)
		}
	}
}

func TestEncodeIsWhatTheProtocolSays(t *testing.T) {
	got := encode("error", fields{"message": "a b\n%", "at": "x.go:3,+*~_-"})
	if want := "error at=x.go:3,+*~_- message=a%20b%0A%25\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBadLinesAreRefused(t *testing.T) {
	for _, line := range []string{
		"", " a=b", "Run", "run count", "run =3", "run a=b  c=d",
		"run a=%", "run a=%2", "run a=%zz", "run\x00 a=b",
	} {
		if verb, f, err := decode(line); err == nil {
			t.Errorf("%q was read as %q %q", line, verb, f)
		}
	}
}

func TestRequest(t *testing.T) {
	r, err := fields{"count": "3", "warm_ns": "5"}.request()
	if want := (request{count: 3, loops: 1, warmNs: 5}); err != nil || r != want {
		t.Errorf("got %+v, %v, want %+v", r, err, want)
	}
	for _, bad := range []string{"", "-1", "1.5", "99999999999999999999"} {
		if _, err := (fields{"count": bad}).request(); err == nil {
			t.Errorf("count=%q was accepted", bad)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("run count=3 loops=1 warm=0 warm_ns=0")
	f.Add("setup answer=%E2%82%AC p.n=1")
	f.Fuzz(func(t *testing.T, line string) {
		verb, got, err := decode(line)
		if err != nil {
			return
		}
		again := encode(verb, got)
		if _, same, err := decode(again[:len(again)-1]); err != nil || !maps.Equal(got, same) {
			t.Errorf("%q: %q became %q, %v", line, got, same, err)
		}
	})
}
