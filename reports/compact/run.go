package compact

import (
	"cmp"

	"cheaptalk/debate"
)

// Mark stands for an answer within one debate: 0 is unreadable, 1 and up number the distinct answers. They are numbered in the
// order in which [debate.BreakTie] prefers them under the seed of the case, so that the smallest of tied marks is its choice.
type Mark uint16

// Grade is [debate.Grade] for marks.
func Grade(answer, key Mark) debate.State {
	switch answer {
	case 0:
		return debate.Unreadable
	case key:
		return debate.Correct
	}
	return debate.Incorrect
}

// Row is what is kept of a record beside its replies.
type Row struct {
	Item         int32 // index in Run.Items
	Question     int32 // the same for every variant of a question; see debate.Variant. Rows of one are neighbours
	Draw, Repeat int32
	// Calls and the tokens are those of the debate and of its first judge. A reply is at least one call:
	// agents that count none were asked all the same.
	Calls, Prompt, Completion int32

	form, at uint32 // what it has in common with others, and where its answers are in the arm's arena
	Key      Mark
	// Group is the answer of the group, where Decided: that of the primary judge, or without judges the vote over round 0.
	Group   Mark
	Decided bool // the debate did not fail, nor did its primary judge
	Failed  bool // then there is nothing to open, and all but the case is zero
}

// Arm is all that was read of one arm.
type Arm struct {
	Name      string
	Simulated bool // some record was
	Agents    []string
	Judges    []string
	Rows      []Row // in the order of their cases: by item, draw and repeat

	forms []form
	arena arena // of every row its answers, its verdicts and its confidences
}

// Run is all that was read.
type Run struct {
	Arms  []*Arm   // sorted by name
	Items []string // the IDs of what was asked, sorted by question and variant
}

// Compare orders rows by item, draw and repeat; 0 means the same case.
func Compare(x, y *Row) int {
	return cmp.Or(cmp.Compare(x.Item, y.Item), cmp.Compare(x.Draw, y.Draw), cmp.Compare(x.Repeat, y.Repeat))
}

// Independent reports whether every finished debate of the arm has round 0 alone, and there is one: nobody heard anyone.
func (a *Arm) Independent() bool {
	finished := false
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			finished = true
			if a.forms[r.form].last > 0 {
				return false
			}
		}
	}
	return finished
}

// Silent reports whether nobody in a finished debate of the arm read anyone, and there is one.
func (a *Arm) Silent() bool {
	finished := false
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			finished = true
			if a.forms[r.form].heard {
				return false
			}
		}
	}
	return finished
}

// Rounds returns the number of rounds of the longest debate, round 0 included.
func (a *Arm) Rounds() int {
	rounds := 0
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			rounds = max(rounds, a.forms[r.form].last+1)
		}
	}
	return rounds
}

// Team returns the size of the largest team.
func (a *Arm) Team() int {
	size := 0
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			size = max(size, a.forms[r.form].team)
		}
	}
	return size
}

// Primary returns the name of the judge that decides the arm: the first verdict of the first row that has one; "" without judges.
func (a *Arm) Primary() string {
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed && len(a.forms[r.form].judges) > 0 {
			return a.Judges[a.forms[r.form].judges[0].judge]
		}
	}
	return ""
}

// Samples returns the least number of replies in a finished debate, and 0 when none is finished.
func (a *Arm) Samples() int {
	least := -1
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			if n := a.forms[r.form].replies; least < 0 || n < least {
				least = n
			}
		}
	}
	return max(least, 0)
}

// Both calls pair for every case that both arms finished, in order, and flush after the last case of each question.
func Both(a, b *Arm, pair func(x, y *Row), flush func()) {
	i, j := 0, 0
	for i < len(a.Rows) && j < len(b.Rows) {
		x, y := &a.Rows[i], &b.Rows[j]
		order := Compare(x, y)
		if order > 0 {
			j++
			continue
		}
		if order == 0 && !x.Failed && !y.Failed {
			pair(x, y)
		}
		i++
		if i == len(a.Rows) || a.Rows[i].Question != x.Question {
			flush()
		}
	}
	flush()
}
