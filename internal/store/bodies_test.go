package store

import (
	"bytes"
	"testing"

	"cheaptalk/debate"
)

func TestBodiesComeBack(t *testing.T) {
	want := []debate.Exchange{
		{Share: "key", Request: []byte("request"), Response: []byte("response")},
		{},
		{Request: []byte{}, Response: bytes.Repeat([]byte("long "), 1000)},
	}
	var text []byte
	for i := range want {
		text = appendBodies(text, &want[i])
	}
	for i, x := range want {
		var b bodies
		var err error
		if b, text, err = nextBodies(text); err != nil {
			t.Fatal(err)
		}
		if b.share != x.Share || !bytes.Equal(b.request, x.Request) || (b.request == nil) != (x.Request == nil) ||
			!bytes.Equal(b.response, x.Response) || (b.response == nil) != (x.Response == nil) {
			t.Errorf("call %d came back as %+v", i, b)
		}
	}
	if len(text) > 0 {
		t.Errorf("%d bytes are left", len(text))
	}
}

func FuzzNextBodies(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0, 0, 0})
	f.Add([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01, 1})
	f.Add(appendBodies(nil, &debate.Exchange{Share: "key", Request: []byte("request"), Response: []byte("response")}))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, rest, err := nextBodies(text)
		if err != nil {
			return
		}
		again := appendBodies(nil, &debate.Exchange{Share: b.share, Request: b.request, Response: b.response})
		c, left, err := nextBodies(append(again, rest...))
		if err != nil || c.share != b.share || !bytes.Equal(c.request, b.request) || !bytes.Equal(c.response, b.response) || !bytes.Equal(left, rest) {
			t.Errorf("%+v and %q came back as %+v and %q, %v", b, rest, c, left, err)
		}
	})
}
