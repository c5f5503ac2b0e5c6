package store

import (
	"encoding/binary"
	"errors"
	"iter"

	"cheaptalk/debate"
)

// What went over the wire in one debate is stored as one text. Each prompt of a debate repeats most of what was said before it, so that together
// they are compressed to a fraction of what they are one by one, in a fraction of the time.

// bodies is what is stored of one call beside its row in the table calls.
type bodies struct {
	share             string // its key; "" is not shared
	request, response []byte // nil is none
}

// replies yields every reply of the record that may have calls, with the seq that its calls are stored under, in ascending order.
func replies(rec *debate.Record) iter.Seq2[int, *debate.Message] {
	return func(yield func(int, *debate.Message) bool) {
		for i := len(rec.Verdicts) - 1; i >= 0; i-- {
			if rec.Verdicts[i].Reply != nil && !yield(-1-i, rec.Verdicts[i].Reply) {
				return
			}
		}
		if rec.Transcript == nil {
			return
		}
		for i := range rec.Transcript.Messages {
			if !yield(i, &rec.Transcript.Messages[i]) {
				return
			}
		}
	}
}

// appendBodies adds those of one call to the text of a debate: the key, the request and the response, each after its length; a body
// after its length and one, and 0 for none.
func appendBodies(text []byte, x *debate.Exchange) []byte {
	text = binary.AppendUvarint(text, uint64(len(x.Share)))
	text = append(text, x.Share...)
	for _, body := range [][]byte{x.Request, x.Response} {
		if body == nil {
			text = binary.AppendUvarint(text, 0)
			continue
		}
		text = binary.AppendUvarint(text, uint64(len(body))+1)
		text = append(text, body...)
	}
	return text
}

// errBodies says that a text is not what appendBodies makes.
var errBodies = errors.New("the bodies of its calls cannot be read")

// nextBodies reads those of one call off the beginning of a text. They are parts of it.
func nextBodies(text []byte) (b bodies, rest []byte, err error) {
	share, text, err := nextPart(text, 0)
	if err != nil {
		return bodies{}, nil, err
	}
	b.share = string(share)
	if b.request, text, err = nextPart(text, 1); err != nil {
		return bodies{}, nil, err
	}
	b.response, text, err = nextPart(text, 1)
	return b, text, err
}

// nextPart reads a part whose length is written as so much more than it is. One that is written as less is nil.
func nextPart(text []byte, more uint64) (part, rest []byte, err error) {
	length, n := binary.Uvarint(text)
	if n <= 0 {
		return nil, nil, errBodies
	}
	text = text[n:]
	if length < more {
		return nil, text, nil
	}
	length -= more
	if length > uint64(len(text)) {
		return nil, nil, errBodies
	}
	return text[:length:length], text[length:], nil
}
