package inspect

import (
	"fmt"
	"strconv"

	"cheaptalk/debate"
)

// sampleOf returns a debate as a sample.
func sampleOf(rec *debate.Record) sample {
	s := sample{
		ID: sampleID(rec.Case), Epoch: rec.Case.Repeat + 1, Target: string(rec.Key), Scores: map[string]score{}, ModelUsage: usageOf(rec),
		Metadata: map[string]any{
			"arm": rec.Case.Arm, "item": rec.Case.Item, "draw": rec.Case.Draw, "repeat": rec.Case.Repeat,
			"seed": fmt.Sprintf("0x%016x", rec.Seed), "simulated": rec.Simulated,
		},
	}
	if rec.Took > 0 {
		seconds := rec.Took.Seconds()
		s.TotalTime = &seconds
	}
	if rec.Failed != "" {
		s.Error = &evalError{Message: rec.Failed}
	}
	s.said(rec)
	s.decided(rec)
	return s
}

// sampleID returns the item, with its draw where it is not the first: ids are unique within a log.
func sampleID(c debate.Case) string {
	if c.Draw == 0 {
		return c.Item
	}
	return fmt.Sprintf("%s draw %d", c.Item, c.Draw)
}

// said adds the transcript.
func (s *sample) said(rec *debate.Record) {
	s.Messages = []message{}
	t := rec.Transcript
	if t == nil {
		return
	}
	s.Input, s.Choices = t.Question.Text, t.Question.Choices
	s.Metadata["agents"], s.Metadata["rounds"] = t.Agents, t.LastRound()
	s.Messages = append(s.Messages, message{ID: messageID(rec.Case, "question"), Role: "user", Content: ask(t.Question), Source: "input"})
	var failed []map[string]any
	for _, m := range t.Messages {
		if m.Failed != "" {
			failed = append(failed, map[string]any{"seq": m.Seq, "round": m.Round, "agent": m.From, "error": m.Failed, "kind": m.FailureKind})
			continue
		}
		s.Messages = append(s.Messages, reply(rec, m))
	}
	if failed != nil {
		s.Metadata["failed_turns"] = failed
	}
}

// ask returns the question with its choices, as a person would write them.
func ask(q debate.Question) string {
	text := q.Text
	for i, c := range q.Choices {
		text += fmt.Sprintf("\n%s) %s", debate.Letter(i), c)
	}
	return text
}

// reply returns a reply as a message of the chat, with what a chat has no place for as metadata.
func reply(rec *debate.Record, m debate.Message) message {
	about := map[string]any{
		"seq": m.Seq, "round": m.Round, "agent": m.From, "task": m.Brief.Task.String(), "heard": append([]int{}, m.Heard...),
		"answer": m.Answer, "strict": m.Reading.Strict, "flexible": m.Reading.Flexible, "state": debate.Grade(m.Answer, rec.Key).String(),
		"confidence": m.Confidence,
	}
	if len(m.Unshown) > 0 {
		about["unshown"] = m.Unshown
	}
	if m.CutOff {
		about["cut_off"] = true
	}
	id := messageID(rec.Case, strconv.Itoa(m.Seq))
	return message{ID: id, Role: "assistant", Source: "generate", Model: m.From, Content: words(m.Reply), Metadata: about}
}

// messageID returns an id that no other message of a run has.
func messageID(c debate.Case, what string) string {
	return fmt.Sprintf("%016x", debate.DeriveSeed(0, c.Arm, c.Item, strconv.Itoa(c.Draw), strconv.Itoa(c.Repeat), what))
}

// words returns the text of a reply, with the hidden thinking before it where there was some.
func words(r debate.Reply) any {
	if r.Thinking == "" {
		return r.Text
	}
	return []content{{Type: "reasoning", Reasoning: r.Thinking}, {Type: "text", Text: r.Text}}
}

// decided adds the verdicts: the primary one is the output, each is a score. A debate that failed has none.
func (s *sample) decided(rec *debate.Record) {
	s.Output.Choices = []choice{}
	for i, v := range rec.Verdicts {
		if i == 0 && v.Failed == "" {
			said := message{ID: messageID(rec.Case, "verdict"), Role: "assistant", Content: string(v.Answer), Source: "generate", Model: v.Judge}
			s.Output = output{Model: v.Judge, Completion: string(v.Answer), Choices: []choice{{Message: said, StopReason: "stop"}}}
			if v.Usage != (debate.Usage{}) {
				u := usage(v.Usage)
				s.Output.Usage = &u
			}
		}
		if v.Failed != "" {
			s.Metadata["judge_failed "+v.Judge] = v.Failed
			continue
		}
		sc := score{Answer: string(v.Answer), Explanation: v.Why, Metadata: map[string]any{"tied": v.Tied, "primary": i == 0}}
		if v.Tally != nil {
			sc.Metadata["tally"] = v.Tally
		}
		if v.Reply != nil {
			sc.Explanation = v.Reply.Text
		}
		switch debate.Grade(v.Answer, rec.Key) {
		case debate.Correct:
			sc.Value = "C"
		case debate.Incorrect:
			sc.Value = "I"
		default:
			sc.Value, sc.Reason = "N", "invalid_response_format"
		}
		s.Scores[v.Judge] = sc
	}
}

// usageOf returns what each agent and each speaking judge used.
func usageOf(rec *debate.Record) map[string]modelUsage {
	used := map[string]modelUsage{}
	if rec.Transcript != nil {
		for _, m := range rec.Transcript.Messages {
			used[m.From] = used[m.From].add(usage(m.Usage))
		}
	}
	for _, v := range rec.Verdicts {
		if v.Usage != (debate.Usage{}) {
			used[v.Judge] = used[v.Judge].add(usage(v.Usage))
		}
	}
	return used
}

func usage(u debate.Usage) modelUsage {
	return modelUsage{
		Input: u.PromptTokens, Output: u.CompletionTokens, Total: u.PromptTokens + u.CompletionTokens,
		CacheRead: u.CachedTokens, Reasoning: u.ReasoningTokens,
	}
}
