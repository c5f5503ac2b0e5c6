package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"cheaptalk/debate"
)

// Call is one call to a model.
type Call struct {
	Model, Served, Finish     string
	Request, Response         string
	Shared, Cached            bool
	PromptTokens, ReplyTokens int
}

// sources writes the confidences side by side, where there are several.
func sources(s debate.Sources) string {
	var b bytes.Buffer
	n := 0
	for _, source := range []struct {
		name string
		sure debate.Confidence
	}{{"stated", s.Stated}, {"logprob", s.Logprob}, {"samples", s.Samples}} {
		if source.sure.Stated {
			n++
			fmt.Fprintf(&b, "%s %s ", source.name, source.sure)
		}
	}
	if n < 2 {
		return ""
	}
	return string(bytes.TrimSpace(b.Bytes()))
}

func calls(exchanges []debate.Exchange) []Call {
	var out []Call
	for _, x := range exchanges {
		out = append(out, Call{Model: x.Model, Served: x.Served, Finish: x.Finish, Request: indent(x.Request), Response: indent(x.Response),
			Shared: x.Shared, Cached: x.Cached, PromptTokens: x.Usage.PromptTokens, ReplyTokens: x.Usage.CompletionTokens})
	}
	return out
}

// indent lays JSON out for reading, and returns anything else as it is.
func indent(body json.RawMessage) string {
	var b bytes.Buffer
	if err := json.Indent(&b, body, "", "  "); err != nil {
		return string(body)
	}
	return b.String()
}

// HasCalls reports whether some call to a model is shown.
func (d *Debate) HasCalls() bool {
	for _, r := range d.Rounds {
		if slices.ContainsFunc(r.Messages, func(m Message) bool { return len(m.Calls) > 0 }) {
			return true
		}
	}
	return slices.ContainsFunc(d.Verdicts, func(v Verdict) bool { return len(v.Calls) > 0 })
}
