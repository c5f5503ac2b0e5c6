package stream

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"iter"
)

// serverSent reads server-sent events (WHATWG HTML, section 9.2.6). Lines end with LF, CR LF or CR. Comments, events without data, and the fields
// id and retry are passed over. In two points it reads more than the standard: a last event without a blank line after it counts if its data is
// whole, and so does a field "error", which is llama.cpp's way to say what went wrong.
//
// An error of the reader is the last pair; io.ErrUnexpectedEOF is one of a stream that ends within an event.
func serverSent(r io.Reader) iter.Seq2[event, error] {
	return func(yield func(event, error) bool) {
		in := lines{r: bufio.NewReader(r)}
		var e event
		for {
			line, err := in.next()
			if len(line) > 0 {
				e.field(line)
			}
			switch {
			case err == io.EOF && !e.empty() && !e.whole():
				yield(event{}, io.ErrUnexpectedEOF)
				return
			case err != nil && err != io.EOF:
				yield(event{}, err)
				return
			case len(line) == 0 || err != nil: // the event is over
				if !e.empty() && !yield(e, nil) {
					return
				}
				e = event{}
			}
			if err != nil {
				return
			}
		}
	}
}

// field adds a line to an event.
func (e *event) field(line []byte) {
	name, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(name) {
	case "event":
		e.name = string(value)
	case "error":
		e.name, e.data = "error", bytes.Clone(value)
	case "data":
		if e.data != nil {
			e.data = append(e.data, '\n')
		}
		e.data = append(e.data, value...)
	}
}

// lines reads lines that end in one of three ways. It does not wait for the LF after a CR.
type lines struct {
	r       *bufio.Reader
	line    []byte
	started bool
	cr      bool // the last line ended with CR
}

// next returns a line without its end. It is valid until the next call. With an error, what there is of a line is returned too.
func (l *lines) next() ([]byte, error) {
	l.line = l.line[:0]
	for {
		if _, err := l.r.Peek(1); err != nil {
			return l.unmarked(), err
		}
		there, _ := l.r.Peek(l.r.Buffered())
		if l.cr && there[0] == '\n' { // the second half of CR LF
			there = there[1:]
			_, _ = l.r.Discard(1) // it is buffered, here and below
		}
		l.cr = false
		end := bytes.IndexAny(there, "\r\n")
		if end < 0 {
			l.line = append(l.line, there...)
			_, _ = l.r.Discard(len(there))
			continue
		}
		l.line, l.cr = append(l.line, there[:end]...), there[end] == '\r'
		_, _ = l.r.Discard(end + 1)
		return l.unmarked(), nil
	}
}

// unmarked returns the line; the first one without a byte order mark.
func (l *lines) unmarked() []byte {
	if !l.started {
		l.started = true
		return bytes.TrimPrefix(l.line, []byte("\ufeff"))
	}
	return l.line
}

// values reads JSON values one after the other; one a line is how they come. Errors are as in serverSent.
func values(r io.Reader) iter.Seq2[event, error] {
	return func(yield func(event, error) bool) {
		for in := json.NewDecoder(r); ; {
			var data json.RawMessage
			err := in.Decode(&data)
			switch {
			case errors.Is(err, io.EOF):
				return
			case err != nil:
				yield(event{}, err)
				return
			case !yield(event{data: data}, nil):
				return
			}
		}
	}
}
