package exchange

import (
	"errors"
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// check finds what cannot be in a record: what no debate could have made, and what readers of records rely on.
func check(rec *debate.Record) error {
	switch c := rec.Case; {
	case c.Arm == "":
		return errors.New("arm: there is none; every debate is of an arm")
	case c.Item == "":
		return errors.New("item: there is none; every debate is on a question")
	case c.Draw < 0 || c.Repeat < 0:
		return fmt.Errorf("draw %d, repeat %d: both count from 0", c.Draw, c.Repeat)
	}
	for i, v := range rec.Verdicts {
		if v.Judge == "" {
			return fmt.Errorf("verdict %d: judge: there is none; name it", i)
		}
		if slices.ContainsFunc(rec.Verdicts[:i], func(w debate.Verdict) bool { return w.Judge == v.Judge }) {
			return fmt.Errorf("verdict %d: judge: %s has decided before; a judge decides once", i, v.Judge)
		}
	}
	t := rec.Transcript
	if t == nil {
		if rec.Failed == "" {
			return errors.New("transcript: there is none, and the debate has not failed; give the transcript, or say in failed why there is none")
		}
		return nil
	}
	if t.Question.ID != rec.Case.Item {
		return fmt.Errorf("question: its id is %q, and that of the case %q; they are the same", t.Question.ID, rec.Case.Item)
	}
	if key := extract.Normalize(t.Question, string(rec.Key)); key != rec.Key {
		return fmt.Errorf("key: %q is not in normal form, in which answers are compared; write %q", rec.Key, key)
	}
	for i, name := range t.Agents {
		if name == "" || slices.Contains(t.Agents[:i], name) {
			return fmt.Errorf("agents: the name %q is empty or there twice", name)
		}
	}
	return checkMessages(t)
}

func checkMessages(t *debate.Transcript) error {
	begun := 0 // the Seq of the first message of the round
	for i, m := range t.Messages {
		before := -1
		if i > 0 {
			before = t.Messages[i-1].Round
		}
		if m.Round > before {
			begun = i
		}
		switch {
		case m.Seq != i:
			return fmt.Errorf("message %d: seq is %d; messages are numbered from 0 in their order", i, m.Seq)
		case m.Round != before && m.Round != before+1:
			return fmt.Errorf("message %d: round %d comes after round %d; rounds are numbered from 0 in their order", i, m.Round, before)
		case t.Speaker(m.From) < 0:
			return fmt.Errorf("message %d: %q is not among the agents %q", i, m.From, t.Agents)
		case slices.ContainsFunc(t.Messages[begun:i], func(o debate.Message) bool { return o.From == m.From }):
			return fmt.Errorf("message %d: %s speaks twice in round %d", i, m.From, m.Round)
		}
		for _, list := range [][]int{m.Heard, m.Unshown} {
			for _, seq := range list {
				if seq < 0 || seq >= begun {
					return fmt.Errorf("message %d: it has heard message %d, which was not said before round %d", i, seq, m.Round)
				}
			}
		}
	}
	return nil
}
