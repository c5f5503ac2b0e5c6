package models

import (
	"bytes"
	"io"
)

// What is read of an answer at most, in bytes. An answer in hand is in memory several times over, and many are: without a bound, a few servers
// that run wild are more than a machine has.
const (
	bodyLimit    = 16 << 20 // of a completion in one piece: a hundred thousand tokens, each with its log-probability
	streamLimit  = 64 << 20 // of one that is streamed, with an object around each token
	refusalLimit = 1 << 20  // of what is no completion
	textLimit    = 4 << 20  // of the text of a completion, hidden thinking included: a million tokens
)

// incoming is the body of a response.
type incoming struct {
	io.Reader
	failed bool // it ended before its end
}

func (in *incoming) Read(p []byte) (int, error) {
	n, err := in.Reader.Read(p)
	in.failed = in.failed || err != nil && err != io.EOF
	return n, err
}

// readAll reads a body that says how long it is, or -1. The length is within the limits.
func readAll(body io.Reader, length int64) ([]byte, error) {
	var b bytes.Buffer
	if length > 0 {
		b.Grow(int(length) + bytes.MinRead)
	}
	_, err := b.ReadFrom(body)
	return b.Bytes(), err
}
