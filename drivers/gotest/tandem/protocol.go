// SPDX-License-Identifier: MIT

package tandem

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// maxLine is the longest line of the control channel, newline included.
const maxLine = 65536

// fields are the name=value pairs of one line.
type fields map[string]string

// encode returns one line of the control channel, with its newline.
func encode(verb string, f fields) string {
	names := make([]string, 0, len(f))
	for name := range f {
		names = append(names, name)
	}
	sort.Strings(names)
	var line strings.Builder
	line.WriteString(verb)
	for _, name := range names {
		line.WriteString(" " + name + "=")
		escape(&line, f[name])
	}
	line.WriteByte('\n')
	return line.String()
}

func escape(line *strings.Builder, value string) {
	for i := 0; i < len(value); i++ {
		if c := value[i]; plain(c) {
			line.WriteByte(c)
		} else {
			fmt.Fprintf(line, "%%%02X", c)
		}
	}
}

func plain(c byte) bool {
	return 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || '0' <= c && c <= '9' ||
		strings.IndexByte("-._~/:,+*", c) >= 0
}

// decode takes a line, without its newline, apart.
func decode(line string) (verb string, f fields, err error) {
	words := strings.Split(line, " ")
	verb = words[0]
	if verb == "" || strings.Trim(verb, "abcdefghijklmnopqrstuvwxyz") != "" {
		return "", nil, fmt.Errorf("control channel: %q is not a verb", verb)
	}
	f = fields{}
	for _, word := range words[1:] {
		name, value, ok := strings.Cut(word, "=")
		if !ok || name == "" {
			return "", nil, fmt.Errorf("control channel: %q is not name=value", word)
		}
		if f[name], err = unescape(value); err != nil {
			return "", nil, fmt.Errorf("control channel: field %s: %w", name, err)
		}
	}
	return verb, f, nil
}

func unescape(value string) (string, error) {
	if strings.IndexByte(value, '%') < 0 {
		return value, nil
	}
	var text strings.Builder
	for i := 0; i < len(value); i++ {
		if value[i] != '%' {
			text.WriteByte(value[i])
			continue
		}
		if i+2 >= len(value) {
			return "", fmt.Errorf("%q ends in the middle of %%XX", value)
		}
		c, err := strconv.ParseUint(value[i+1:i+3], 16, 8)
		if err != nil {
			return "", fmt.Errorf("%q is not %%XX", value[i:i+3])
		}
		text.WriteByte(byte(c))
		i += 2
	}
	return text.String(), nil
}

// uint returns the field as a number; an absent one is 0.
func (f fields) uint(name string) (uint64, error) {
	text, ok := f[name]
	if !ok {
		return 0, nil
	}
	n, err := strconv.ParseUint(text, 10, 63)
	if err != nil {
		return 0, fmt.Errorf("control channel: %s=%q is not a number", name, text)
	}
	return n, nil
}
