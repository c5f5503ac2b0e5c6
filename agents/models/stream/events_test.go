package stream

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// collect reads server-sent events to their end.
func collect(r io.Reader) (events []string, err error) {
	for e, err := range serverSent(r) {
		if err != nil {
			return events, err
		}
		events = append(events, e.name+"="+string(e.data))
	}
	return events, nil
}

func TestEventsAreReadAsServersWriteThem(t *testing.T) {
	for in, want := range map[string]string{
		"data: a\n\ndata: b\n\n":                      "[=a =b]",
		"data:a\n\ndata:  b\n\n":                      "[=a = b]", // one space belongs to the form
		"data: a\r\n\r\ndata: b\r\n\r\n":              "[=a =b]",
		"data: a\r\rdata: b\r\r":                      "[=a =b]",
		"data: a\r\n\n\rdata: b\n\r\n":                "[=a =b]",
		"\ufeffdata: a\n\n":                           "[=a]",
		": ping\n\n:\n\ndata: a\n: in the middle\n\n": "[=a]",
		"data: {\ndata: }\n\n":                        "[={\n}]",
		"event: x\nid: 7\nretry: 3\ndata: a\n\n":      "[x=a]",
		"event: x\n\ndata: a\n\n":                     "[=a]", // an event without data is none, and its name is forgotten
		"data\ndata:\n\ndata: a\n\n":                  "[=a]", // nothing but white space
		"data:\n\ndata: a\n\n":                        "[=a]",
		"\n\n\n":                                      "[]",
		"data: [DONE]":                                "[=[DONE]]",
		"data: {}\n":                                  "[={}]",
		"dat: a\nDATA: b\nerror: c\n\n":               "[error=c]",
		"":                                            "[]",
	} {
		for name, r := range map[string]io.Reader{"at once": strings.NewReader(in), "slowly": iotest.OneByteReader(strings.NewReader(in))} {
			if got, err := collect(r); err != nil || fmt.Sprint(got) != want {
				t.Errorf("%s %q: %q %v, want %s", name, in, got, err, want)
			}
		}
	}
	if got, err := collect(strings.NewReader("data: a\n\ndata: {")); !errors.Is(err, io.ErrUnexpectedEOF) || fmt.Sprint(got) != "[=a]" {
		t.Errorf("%q %v", got, err)
	}
}

// A server that writes CR alone must not be waited for: it writes no LF.
func TestAnEventIsThereWithItsLastByte(t *testing.T) {
	for _, in := range []string{"data: a\r\r", "data: a\n\n", "data: a\r\n\r"} {
		r, w := io.Pipe()
		go func() { io.WriteString(w, in) }() // and says no more
		for e, err := range serverSent(r) {
			if err != nil || string(e.data) != "a" {
				t.Errorf("%q: %q %v", in, e.data, err)
			}
			break
		}
		r.Close()
	}
}

func FuzzEvents(f *testing.F) {
	for _, in := range []string{"data: a\n\nevent: x\ndata:b\r\n\r\n", ": ping\rdata: a\r\r", "\ufeffdata\n\n", "error: {}", "data: {\ndata: }\n\n:\n"} {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		whole, err := collect(strings.NewReader(in))
		slowly, slowErr := collect(iotest.OneByteReader(strings.NewReader(in)))
		if fmt.Sprint(whole) != fmt.Sprint(slowly) || (err == nil) != (slowErr == nil) {
			t.Fatalf("%q: %q %v, byte by byte %q %v", in, whole, err, slowly, slowErr)
		}
		if strings.Contains(in, "\r") {
			return
		}
		for _, end := range []string{"\r", "\r\n"} {
			other, otherErr := collect(strings.NewReader(strings.ReplaceAll(in, "\n", end)))
			if fmt.Sprint(whole) != fmt.Sprint(other) || (err == nil) != (otherErr == nil) {
				t.Fatalf("%q: %q %v, with %q %q %v", in, whole, err, end, other, otherErr)
			}
		}
	})
}
