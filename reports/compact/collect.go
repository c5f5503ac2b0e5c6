package compact

import (
	"cmp"
	"encoding/binary"
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
	forms          former
	rows           [][]Row // in the order of the records, in chunks: a list that grows is copied again and again
	// Scratch: the bytes of the record at hand, its distinct answers in the order of their marks, and the numbers of its agents and judges.
	bytes            []byte
	answers          []debate.Answer
	speakers, seated []uint16
	open             Debate
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
		r.arm.Rows = slices.Concat(r.rows...)
		r.rows = nil
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
		if err := r.fill(&row, rec); err != nil {
			return err
		}
	}
	if last := len(r.rows) - 1; last >= 0 && len(r.rows[last]) < rowsInChunk {
		r.rows[last] = append(r.rows[last], row)
	} else {
		r.rows = append(r.rows, []Row{row})
	}
	return nil
}

const rowsInChunk = 1 << 14

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
	for i := range t.Messages {
		m := &t.Messages[i]
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
func (r *reader) fill(row *Row, rec *debate.Record) error {
	t, a := rec.Transcript, r.arm
	r.number(rec)
	r.speakers, r.seated = r.speakers[:0], r.seated[:0]
	for i := range t.Messages {
		r.speakers = append(r.speakers, uint16(r.agents.add(t.Messages[i].From)))
		row.addUsage(t.Messages[i].Usage, 1)
	}
	for i := range rec.Verdicts {
		r.seated = append(r.seated, uint16(r.judges.add(rec.Verdicts[i].Judge)))
		if i == 0 {
			row.addUsage(rec.Verdicts[i].Usage, 0)
		}
	}
	a.Agents, a.Judges = r.agents.list, r.judges.list
	row.Key = r.mark(rec.Key)
	row.form = r.forms.of(a, rec, len(r.answers) > math.MaxUint8, r.speakers, r.seated)
	f := &a.forms[row.form]
	b := r.bytes[:0]
	for i := range t.Messages {
		b = f.put(b, r.mark(t.Messages[i].Answer))
	}
	for i := range rec.Verdicts {
		v := &rec.Verdicts[i]
		flags := tiedFlag*bit(v.Tied) | failedFlag*bit(v.Failed != "")
		b = append(f.put(b, r.mark(v.Answer)), flags)
	}
	if f.stated {
		for i := range t.Messages {
			steps := int16(-1)
			if c := t.Messages[i].Confidence; c.Stated {
				steps = int16(math.Round(min(max(c.Value, 0), 1) * 10000))
			}
			b = binary.LittleEndian.AppendUint16(b, uint16(steps))
		}
	}

	r.bytes = b
	at, err := a.arena.add(b)
	if err != nil {
		return err
	}
	row.at = at

	a.Open(row, &r.open)
	if row.Group, row.Decided = r.open.VoteBefore().Answer, true; len(rec.Verdicts) > 0 {
		row.Group, row.Decided = r.open.Verdicts[0].Answer, !r.open.Verdicts[0].Failed
	}
	return nil
}

// addUsage adds the cost of a reply that took at least so many calls.
func (row *Row) addUsage(u debate.Usage, atLeast int) {
	row.Calls += int32(max(u.Calls, atLeast))
	row.Prompt += int32(u.PromptTokens)
	row.Completion += int32(u.CompletionTokens)
}

// number lists the distinct readable answers of a record, the key included, in the order of their marks.
func (r *reader) number(rec *debate.Record) {
	r.answers = r.answers[:0]
	add := func(a debate.Answer) {
		if a != "" && !slices.Contains(r.answers, a) {
			r.answers = append(r.answers, a)
		}
	}
	add(rec.Key)
	for i := range rec.Transcript.Messages {
		add(rec.Transcript.Messages[i].Answer)
	}
	for i := range rec.Verdicts {
		add(rec.Verdicts[i].Answer)
	}
	slices.SortFunc(r.answers, func(a, b debate.Answer) int {
		if debate.BreakTie([]debate.Answer{a, b}, rec.Seed) == a {
			return -1
		}
		return 1
	})
}

// mark returns the mark of an answer of the record that was numbered last.
func (r *reader) mark(a debate.Answer) Mark {
	if a == "" {
		return 0
	}
	return Mark(slices.Index(r.answers, a) + 1)
}
