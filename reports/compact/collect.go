package compact

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// names numbers strings in the order met. Kept strings are copies: they hold no record in memory.
type names struct {
	list  []string
	index map[string]int
}

func (n *names) add(s string) int {
	if i, ok := n.index[s]; ok {
		return i
	}
	if n.index == nil {
		n.index = map[string]int{}
	}
	s = strings.Clone(s)
	n.index[s] = len(n.list)
	n.list = append(n.list, s)
	return len(n.list) - 1
}

// reader reduces the records of one arm.
type reader struct {
	arm            *Arm
	agents, judges names
}

// Collect reads the records to their end. It fails on an error of the stream, on a record that contradicts itself and on two
// records of one case.
func Collect(records iter.Seq2[*debate.Record, error]) (*Run, error) {
	readers := map[string]*reader{}
	var items names
	for rec, err := range records {
		if err != nil {
			return nil, fmt.Errorf("read records: %w", err)
		}
		r := readers[rec.Case.Arm]
		if r == nil {
			r = &reader{arm: &Arm{Name: strings.Clone(rec.Case.Arm)}}
			readers[r.arm.Name] = r
		}
		if err := r.add(rec, items.add(rec.Case.Item)); err != nil {
			return nil, fmt.Errorf("record of %s: %w", rec.Case, err)
		}
	}
	run := &Run{Items: slices.SortedFunc(slices.Values(items.list), compareItems)}
	for _, name := range slices.Sorted(maps.Keys(readers)) {
		r := readers[name]
		r.arm.Agents, r.arm.Judges = r.agents.list, r.judges.list
		run.Arms = append(run.Arms, r.arm)
	}
	return run, run.sort(items.list)
}

// compareItems orders IDs by their question and then by their variant.
func compareItems(a, b string) int {
	question1, variant1 := debate.Variant(a)
	question2, variant2 := debate.Variant(b)
	return cmp.Or(strings.Compare(question1, question2), strings.Compare(variant1, variant2))
}

// sort numbers the items by name instead of by arrival, the questions with them, and brings the rows into the order of their cases.
func (run *Run) sort(arrival []string) error {
	sorted := make([]int32, len(arrival))
	for i, id := range arrival {
		at, _ := slices.BinarySearchFunc(run.Items, id, compareItems)
		sorted[i] = int32(at)
	}
	// A question is numbered as the first of its variants, which are neighbours.
	questions := make([]int32, len(run.Items))
	last := ""
	for i, id := range run.Items {
		question, _ := debate.Variant(id)
		if questions[i] = int32(i); i > 0 && question == last {
			questions[i] = questions[i-1]
		}
		last = question
	}
	for _, a := range run.Arms {
		for i := range a.Rows {
			r := &a.Rows[i]
			r.Item = sorted[r.Item]
			r.Question = questions[r.Item]
		}
		slices.SortFunc(a.Rows, func(x, y Row) int { return Compare(&x, &y) })
		for i := 1; i < len(a.Rows); i++ {
			if r := &a.Rows[i]; Compare(r, &a.Rows[i-1]) == 0 {
				name := debate.Case{Arm: a.Name, Item: run.Items[r.Item], Draw: int(r.Draw), Repeat: int(r.Repeat)}
				return fmt.Errorf("two records of %s: report on one run at a time", name)
			}
		}
	}
	return nil
}

// add reduces one record to a row.
func (r *reader) add(rec *debate.Record, item int) error {
	r.arm.Simulated = r.arm.Simulated || rec.Simulated
	row := Row{Item: int32(item), Draw: int32(rec.Case.Draw), Repeat: int32(rec.Case.Repeat), Failed: rec.Failed != ""}
	if !row.Failed {
		if err := check(rec); err != nil {
			return err
		}
		r.fill(&row, rec)
	}
	r.arm.Rows = append(r.arm.Rows, row)
	return nil
}

// check finds what would make a record meaningless.
func check(rec *debate.Record) error {
	switch t := rec.Transcript; {
	case rec.Key == "":
		return errors.New("no key: there is nothing to compare the answers with")
	case t == nil || len(t.Messages) == 0:
		return errors.New("no transcript, and no failure that would explain it")
	case len(t.Messages) > math.MaxInt16 || len(t.Agents) > math.MaxInt16:
		return fmt.Errorf("%d messages of %d agents: at most %d can be analysed", len(t.Messages), len(t.Agents), math.MaxInt16)
	}
	return Check(rec.Transcript)
}

// Check finds a transcript that contradicts itself, as a file that was edited or cut may hold: messages out of order, from
// nobody in the team, or heard before they were said. The functions of package debate rely on it.
func Check(t *debate.Transcript) error {
	for i, m := range t.Messages {
		if m.Seq != i {
			return fmt.Errorf("message %d is numbered %d", i, m.Seq)
		}
		if t.Speaker(m.From) < 0 {
			return fmt.Errorf("message %d is from %q, who is not in the team", i, m.From)
		}
		if m.Round < 0 || m.Round >= len(t.Messages) || i > 0 && m.Round < t.Messages[i-1].Round {
			return fmt.Errorf("message %d is of round %d, out of order", i, m.Round)
		}
		for _, seq := range m.Heard {
			if seq < 0 || seq >= i {
				return fmt.Errorf("message %d heard message %d, which came no earlier", i, seq)
			}
		}
	}
	return nil
}

// fill keeps what counts of a debate that did not fail.
func (r *reader) fill(row *Row, rec *debate.Record) {
	t, a := rec.Transcript, r.arm
	marks := markAnswers(rec)
	row.Key, row.Team = marks[rec.Key], uint16(len(t.Agents))
	revisions := debate.Transitions(t, rec.Key)

	row.said = uint32(len(a.said))
	for _, m := range t.Messages {
		s := Said{Agent: uint16(r.agents.add(m.From)), Round: uint16(m.Round), Answer: marks[m.Answer],
			Failed: m.Failed != "", confidence: -1}
		if m.Confidence.Stated {
			s.confidence = int16(math.Round(min(max(m.Confidence.Value, 0), 1) * 10000))
		}
		if len(revisions) > 0 && revisions[0].Seq == m.Seq {
			tr := revisions[0]
			revisions = revisions[1:]
			s.Revision, s.Before, s.Unanimous = true, marks[tr.Before], unanimouslyWrong(t, m, rec.Key)
			s.Peers, s.Agreeing = uint8(min(tr.Peers, math.MaxUint8)), uint8(min(tr.Agreeing, math.MaxUint8))
		}
		a.said = append(a.said, s)
		row.addUsage(m.Usage, 1)
	}
	row.saidEnd = uint32(len(a.said))

	row.decided = uint32(len(a.decided))
	for i, v := range rec.Verdicts {
		a.decided = append(a.decided, Decision{Judge: uint16(r.judges.add(v.Judge)), Answer: marks[v.Answer],
			Tied: v.Tied, Failed: v.Failed != ""})
		if i == 0 {
			row.addUsage(v.Usage, 0)
		}
	}
	row.decidedEnd = uint32(len(a.decided))
}

// addUsage adds the cost of a reply that took at least so many calls.
func (row *Row) addUsage(u debate.Usage, atLeast int) {
	row.Calls += int32(max(u.Calls, atLeast))
	row.Prompt += int32(u.PromptTokens)
	row.Completion += int32(u.CompletionTokens)
}

// markAnswers numbers the distinct answers of a record, the key included. The unreadable answer is 0.
func markAnswers(rec *debate.Record) map[debate.Answer]Mark {
	marks := map[debate.Answer]Mark{"": 0, rec.Key: 0}
	for _, m := range rec.Transcript.Messages {
		marks[m.Answer] = 0
	}
	for _, v := range rec.Verdicts {
		marks[v.Answer] = 0
	}
	distinct := make([]debate.Answer, 0, len(marks))
	for answer := range marks {
		if answer != "" {
			distinct = append(distinct, answer)
		}
	}
	slices.SortFunc(distinct, func(a, b debate.Answer) int {
		if debate.BreakTie([]debate.Answer{a, b}, rec.Seed) == a {
			return -1
		}
		return 1
	})
	for i, answer := range distinct {
		marks[answer] = Mark(i + 1)
	}
	return marks
}

// unanimouslyWrong reports whether all the peers that the message's speaker had read held one same wrong answer.
func unanimouslyWrong(t *debate.Transcript, m debate.Message, key debate.Answer) bool {
	var held debate.Answer
	for _, seq := range m.Shown() {
		heard := t.Messages[seq]
		if heard.From == m.From || heard.Failed != "" {
			continue
		}
		if heard.Answer == "" || heard.Answer == key || held != "" && heard.Answer != held {
			return false
		}
		held = heard.Answer
	}
	return held != ""
}
