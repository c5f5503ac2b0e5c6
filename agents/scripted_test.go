package agents

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

func TestScriptedSaysItsLinesInOrderAndThenFails(t *testing.T) {
	boom := errors.New("boom")
	s := &Scripted{Label: "ann", Lines: []Line{
		{Text: "The answer is (B)\nConfidence: 60%"},
		{Text: "whatever", Answer: "C", Confidence: debate.Sure(.9)},
		{Err: boom},
	}}
	turn := debate.Turn{Question: sky}
	r, err := s.Reply(context.Background(), turn)
	if err != nil || r.Answer != "B" || r.Confidence != debate.Sure(.6) || r.Usage.Calls != 1 {
		t.Errorf("%+v %v", r, err)
	}
	r, err = s.Reply(context.Background(), turn)
	if err != nil || r.Answer != "C" || r.Confidence != debate.Sure(.9) || r.Reading.Strict != "C" {
		t.Errorf("%+v %v", r, err)
	}
	if _, err = s.Reply(context.Background(), turn); !errors.Is(err, boom) {
		t.Errorf("got %v", err)
	}
	turn.Round = 3
	if _, err = s.Reply(context.Background(), turn); err == nil || !strings.Contains(err.Error(), `"ann"`) || !strings.Contains(err.Error(), "round 3") {
		t.Errorf("got %v", err)
	}
}

func TestScriptedDelayEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Scripted{Lines: []Line{{Text: "a", Delay: time.Minute}, {Text: "b", Delay: time.Hour}}}
		start := time.Now()
		if r, err := s.Reply(t.Context(), debate.Turn{}); err != nil || r.Text != "a" || time.Since(start) != time.Minute {
			t.Errorf("%+v %v after %v", r, err, time.Since(start))
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, err := s.Reply(ctx, debate.Turn{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}
