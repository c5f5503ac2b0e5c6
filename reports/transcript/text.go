package transcript

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports/paint"
)

// full prints a reply in full: how sure its speaker is by each source, what was asked, hidden thinking, and what was said.
func (p *printer) full(r debate.Reply) {
	if line := sources(r.Sources); line != "" {
		p.line(p.pen.In(paint.Grey, "    confidence: "+line))
	}
	var before []spoken
	for i, e := range r.Exchanges {
		head := fmt.Sprintf("    request %d to %s", i+1, Line(e.Model))
		switch {
		case e.Cached:
			head += ", paid for before"
		case e.Shared:
			head += ", shared with another arm"
		}
		asked := messagesOf(e.Request)
		again := i > 0 && slices.Equal(asked, before)
		if again {
			head += ", the same again"
		}
		p.line(p.pen.In(paint.Grey, paint.Cut(head, p.opts.Width)))
		if again {
			continue
		}
		before = asked
		if how := parameters(e.Request); how != "" {
			p.line(p.pen.In(paint.Grey, paint.Cut("      "+how, p.opts.Width)))
		}
		for _, m := range asked {
			p.line(p.pen.In(paint.Grey, paint.Cut("    "+Line(m.role)+":", p.opts.Width)))
			p.block("      ", m.text)
		}
	}
	if r.Thinking != "" {
		p.line(p.pen.In(paint.Grey, "    thinking:"))
		p.block("      ", r.Thinking)
	}
	if r.Text != "" {
		p.line(p.pen.In(paint.Grey, "    reply:"))
		p.block("      ", r.Text)
	}
}

// sources writes "stated .80  logprob .93", or nothing when there are not several.
func sources(s debate.Sources) string {
	var said []string
	for _, source := range []struct {
		name string
		sure debate.Confidence
	}{{"stated", s.Stated}, {"logprob", s.Logprob}, {"samples", s.Samples}} {
		if source.sure.Stated {
			said = append(said, source.name+" "+source.sure.String())
		}
	}
	if len(said) < 2 {
		return ""
	}
	return strings.Join(said, "  ")
}

// spoken is one message of a request.
type spoken struct{ role, text string }

// messagesOf returns the messages of a chat request, or the whole body as one message where it has another form.
func messagesOf(body json.RawMessage) []spoken {
	if len(body) == 0 {
		return nil
	}
	var request struct {
		System   json.RawMessage `json:"system"`
		Messages []struct {
			Role    string          `json:"role"`
			Content json.RawMessage `json:"content"`
		} `json:"messages"`
	}
	if err := json.Unmarshal(body, &request); err != nil || len(request.Messages) == 0 {
		return []spoken{{"body", string(body)}}
	}
	var out []spoken
	if len(request.System) > 0 {
		out = append(out, spoken{"system", content(request.System)})
	}
	for _, m := range request.Messages {
		out = append(out, spoken{m.Role, content(m.Content)})
	}
	return out
}

// parameters writes all of a chat request but its texts, by name: "max_tokens 100  model m  temperature 0.7"; "" for a body of another form.
func parameters(body json.RawMessage) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields["messages"] == nil {
		return ""
	}
	delete(fields, "messages")
	delete(fields, "system")
	var said []string
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		value := string(fields[name])
		var text string
		if json.Unmarshal(fields[name], &text) == nil {
			value = text
		}
		said = append(said, Line(name+" "+value))
	}
	return strings.Join(said, "  ")
}

// content returns the text of a message's content: a string, or a list of parts.
func content(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		return s
	}
	var parts []struct {
		Text string `json:"text"`
	}
	if json.Unmarshal(raw, &parts) != nil {
		return string(raw)
	}
	for _, part := range parts {
		s += part.Text
	}
	return s
}
