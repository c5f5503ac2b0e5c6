package models

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"cheaptalk/agents"
)

// TestTextsAreSentAsTheyAre has texts that JSON must escape, more of them than one digit numbers, and some that look like the stand-ins
// that langchaingo is given for them.
func TestTextsAreSentAsTheyAre(t *testing.T) {
	texts := []string{
		textMark + "1", `"` + textMark + `0"`, "two\nlines", `a "quote" and a \`, "<b> & 中文 \u2028", "bad \xff UTF-8", " spaces ", standIn,
		"eight", "nine", "ten", "eleven", "twelve",
	}
	for _, api := range apis {
		s := serve(t, api.ok)
		req := agents.Request{System: textMark + "2", Sampling: agents.Sampling{Stop: []string{textMark + "0"}}}
		for i, text := range texts {
			req.Messages = append(req.Messages, agents.Message{Role: agents.Role(i % 2), Text: text})
		}
		if _, err := open(t, Config{API: api.api, URL: s.URL}).Complete(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		var got []string
		collect(s.sent(t), &got)
		want := append([]string{req.System, req.Sampling.Stop[0]}, texts...)
		for i, text := range want {
			if want[i] = strings.ToValidUTF8(text, "\ufffd"); !slices.Contains(got, want[i]) {
				t.Errorf("%s: %q was not sent", api.api, text)
			}
		}
		if n := len(got); n != len(want) {
			t.Errorf("%s: %d texts were sent, want %d: %q", api.api, n, len(want), got)
		}
		at := func(i int) int { return slices.Index(got, want[2+i]) }
		for i := 1; i < len(texts); i++ {
			if at(i) < at(i-1) {
				t.Errorf("%s: text %d comes before text %d", api.api, i, i-1)
			}
		}
	}
}

// collect adds the texts in a JSON value, but for the names of roles, types and models.
func collect(value any, texts *[]string) {
	switch v := value.(type) {
	case string:
		*texts = append(*texts, v)
	case []any:
		for _, e := range v {
			collect(e, texts)
		}
	case map[string]any:
		for _, name := range []string{"system", "messages", "content", "text", "stop", "stop_sequences", "options"} {
			collect(v[name], texts)
		}
	}
}

func FuzzFill(f *testing.F) {
	f.Add(`{"a":"`+textMark+`0"}`, "x")
	f.Add(`"`+textMark, "x")
	f.Add(`"`+textMark+`99"`, "x")
	f.Fuzz(func(t *testing.T, value, text string) {
		quoted := []byte(strconv.Quote(text))
		got := string(fill(nil, []byte(value), [][]byte{quoted}))
		if !strings.Contains(value, `"`+textMark) && got != value {
			t.Errorf("%q became %q without a stand-in", value, got)
		}
	})
}
