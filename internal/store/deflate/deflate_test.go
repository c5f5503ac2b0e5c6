package deflate

import (
	"bytes"
	"strings"
	"testing"
)

func TestWhatGoesInComesOut(t *testing.T) {
	var in Deflater // one for all, as it is used
	var out Inflater
	var kept [][]byte
	texts := []string{"", "short", strings.Repeat("a long text repeats itself ", 500), "\x00\x01" + strings.Repeat("\xff", 300), "again short"}
	for _, text := range texts {
		stored := in.Deflate([]byte(text))
		got, err := out.Inflate(stored)
		if err != nil || string(got) != text {
			t.Errorf("%.20q came back as %.20q, %v", text, got, err)
		}
		kept = append(kept, got)
		if len(text) > 1000 && len(stored) > len(text)/10 {
			t.Errorf("%d bytes became %d", len(text), len(stored))
		}
	}
	for i, text := range texts { // a result is not overwritten by the next one
		if string(kept[i]) != text {
			t.Errorf("%.20q was overwritten by %.20q", text, kept[i])
		}
	}
}

func TestFromIsALength(t *testing.T) {
	text := []byte(strings.Repeat("again ", 50))
	for from, want := range map[int]bool{0: true, len(text): true, len(text) + 1: false} {
		z := Deflater{From: from}
		if got := len(z.Deflate(text)) < len(text); got != want {
			t.Errorf("compressed from %d: %t", from, got)
		}
	}
}

func FuzzInflate(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{7, 1, 2})
	f.Add(new(Deflater).Deflate(bytes.Repeat([]byte("text "), 100)))
	f.Fuzz(func(t *testing.T, stored []byte) {
		if len(stored) > 1<<12 {
			return // small inputs find what there is; large ones may inflate to gigabytes
		}
		var z Inflater
		content, err := z.Inflate(stored)
		if err != nil {
			return
		}
		if got, err := z.Inflate(new(Deflater).Deflate(content)); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%q came back as %q, %v", content, got, err)
		}
	})
}
