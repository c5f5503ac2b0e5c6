package tables

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"cheaptalk/debate"
)

// Debate makes the record of a row again, of which these are the messages, in their order. It does not check that they make sense
// together; columns that follow from others are not read: [Record.Differs] finds those that say something else.
func (r Record) Debate(messages []Message) (*debate.Record, error) {
	seed, err := strconv.ParseUint(r.Seed, 0, 64)
	if err != nil {
		return nil, fmt.Errorf("seed: %q is no number such as 0x00000000000000ff", r.Seed)
	}
	rec := &debate.Record{
		Case: r.Case.name(), Key: debate.Answer(r.Key), Failed: r.Failed, FailureKind: r.FailureKind,
		Again: r.Again, Simulated: r.Simulated, Seed: seed,
	}
	if r.TookS != nil {
		if !(math.Abs(*r.TookS) < math.MaxInt64/1e9) {
			return nil, fmt.Errorf("took_s: %v seconds are too many", *r.TookS)
		}
		rec.Took = time.Duration(math.Round(*r.TookS * 1e9)) // exact up to some weeks
	}
	if r.Verdicts != "" {
		if err := Decode([]byte(r.Verdicts), &rec.Verdicts); err != nil {
			return nil, fmt.Errorf("verdicts: %w", err)
		}
	}
	if r.Kind == "" {
		if len(messages) > 0 {
			return nil, errors.New("kind: there is none, but the debate has messages; it is choice, number or open")
		}
		return rec, nil
	}
	t := &debate.Transcript{Question: debate.Question{ID: r.Item, Text: r.Question, Choices: r.Choices}, Agents: r.Agents}
	if err := t.Question.Kind.UnmarshalText([]byte(r.Kind)); err != nil {
		return nil, err
	}
	for _, row := range messages {
		m, err := row.message()
		if err != nil {
			return nil, fmt.Errorf("message %d: %w", row.Seq, err)
		}
		t.Messages = append(t.Messages, m)
	}
	rec.Transcript = t
	return rec, nil
}

func (c Case) name() debate.Case {
	return debate.Case{Arm: c.Arm, Item: c.Item, Draw: int(c.Draw), Repeat: int(c.Repeat)}
}

func (m Message) message() (debate.Message, error) {
	out := debate.Message{
		Seq: int(m.Seq), Round: int(m.Round), From: m.Agent, Brief: debate.Brief{Confidence: debate.Calibration(m.PeerConfidence)},
		Heard: narrow(m.Heard), Failed: m.Failed, FailureKind: m.FailureKind,
		Reply: debate.Reply{
			Text: m.Text, Thinking: m.Thinking, Answer: debate.Answer(m.Answer),
			Reading: debate.Reading{Strict: debate.Answer(m.Strict), Flexible: debate.Answer(m.Flexible)},
			Unshown: narrow(m.Unshown), CutOff: m.CutOff,
			Usage: debate.Usage{
				Calls: int(m.Calls), PromptTokens: int(m.PromptTokens), CachedTokens: int(m.CachedTokens),
				CompletionTokens: int(m.CompletionTokens), ReasoningTokens: int(m.ReasoningTokens), Estimated: int(m.EstimatedCalls),
			},
		},
	}
	if err := out.Brief.Task.UnmarshalText([]byte(m.Task)); err != nil {
		return out, err
	}
	for _, c := range []struct {
		column string
		p      *float64
		to     *debate.Confidence
	}{
		{"confidence", m.Confidence, &out.Confidence}, {"confidence_stated", m.ConfidenceStated, &out.Sources.Stated},
		{"confidence_logprob", m.ConfidenceLogprob, &out.Sources.Logprob}, {"confidence_samples", m.ConfidenceSamples, &out.Sources.Samples},
	} {
		if c.p == nil {
			continue
		}
		if !(*c.p >= 0 && *c.p <= 1) {
			return out, fmt.Errorf("%s: %v is not between 0 and 1", c.column, *c.p)
		}
		*c.to = debate.Sure(*c.p)
	}
	return out, nil
}

func narrow(ns []int64) []int {
	var narrow []int
	for _, n := range ns {
		narrow = append(narrow, int(n))
	}
	return narrow
}

// Decode reads one JSON value and nothing else, without fields that nothing here knows: they would be lost.
func Decode(text []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return errors.New("something follows the JSON value")
	}
	return nil
}
