package agents

import (
	"context"
	"fmt"
	"time"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// Scripted is an agent that says fixed lines, one a turn, whatever it hears. It is for tests and demonstrations.
type Scripted struct {
	Label string
	Lines []Line

	said int
}

// Line is what a scripted agent says in one turn.
type Line struct {
	Text       string
	Answer     debate.Answer     // "" reads it from Text
	Confidence debate.Confidence // not stated reads it from Text
	Err        error             // the turn fails with it
	Delay      time.Duration     // how long the agent takes
}

var _ debate.Agent = (*Scripted)(nil)

// Name returns the label.
func (s *Scripted) Name() string { return s.Label }

// Reply says the next line. After the last one it fails.
func (s *Scripted) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	if s.said >= len(s.Lines) {
		return debate.Reply{}, fmt.Errorf("scripted agent %q has %d lines and none for round %d", s.Label, len(s.Lines), turn.Round)
	}
	line := s.Lines[s.said]
	s.said++
	if line.Delay > 0 {
		timer := time.NewTimer(line.Delay)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			return debate.Reply{}, ctx.Err()
		}
	}
	if line.Err != nil {
		return debate.Reply{}, line.Err
	}
	r := debate.Reply{Text: line.Text, Reading: extract.Read(turn.Question, line.Text), Usage: debate.Usage{Calls: 1}}
	if line.Answer != "" {
		r.Reading = debate.Reading{Strict: line.Answer, Flexible: line.Answer}
	}
	r.Answer = r.Reading.By(debate.Flexible)
	r.Confidence = line.Confidence
	if !r.Confidence.Stated {
		r.Confidence = extract.ReadConfidence(line.Text)
	}
	return r, nil
}
