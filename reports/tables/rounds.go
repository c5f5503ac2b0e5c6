package tables

import (
	"fmt"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
)

// with names the peers that held an answer.
func with(holders []string) string {
	if len(holders) == 0 {
		return "alone"
	}
	return strings.Join(holders, ", ")
}

// Rounds is the state of the debates after each round.
func Rounds(r *reports.Report) grid.Table {
	b := build.Start(r, "rounds", "Round by round")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Mean.N == 0 {
				continue
			}
			b.Arm(s, a)
			b.Count("round", grid.Col("round", "", 0), at.Round)
			b.Count("debating", grid.Col("debating", "deb.", 1), at.Debating)
			b.Count("asked", grid.Col("asked", "", 3), at.Asked)
			b.Rate("mean_agent", grid.Col("mean agent", "mean", 0), at.Mean)
			b.Rate("vote", grid.Col("vote", "", 0), at.Vote)
			b.Rate("oracle", grid.Col("oracle", "", 2), at.Oracle)
			b.Rate("consensus", grid.Col("consensus", "cons.", 0), at.Consensus)
			b.Number(true, "entropy", grid.Col("entropy", "entr.", 1), at.Entropy, 2)
			b.End()
			used = append(used, at.Mean.Method, at.Vote.Method)
		}
	}
	b.Table.Caption = "After each round, over all debates: an agent that no longer speaks stands by its last answer. debating: debates in which anyone was asked; asked: agents that were. " +
		"vote: plurality. consensus: all agents agree. entropy of the readable answers in nats. " + build.Methods(r, used...)
	return b.Table
}

// counted is a transition that the matrix has a column for.
type counted struct {
	head     string
	from, to debate.State
	fate     debate.Fate
	drop     int
}

// kinds lists the cells of the matrix: C correct, I incorrect, ? unreadable. I=I kept the same answer, I→I' took another.
var kinds = []counted{
	{"C→C", debate.Correct, debate.Correct, debate.HeldRight, 0},
	{"C→I", debate.Correct, debate.Incorrect, debate.Corrupted, 0},
	{"C→?", debate.Correct, debate.Unreadable, debate.Unread, 1},
	{"I→C", debate.Incorrect, debate.Correct, debate.Corrected, 0},
	{"I=I", debate.Incorrect, debate.Incorrect, debate.StuckWrong, 0},
	{"I→I'", debate.Incorrect, debate.Incorrect, debate.MovedWrong, 0},
	{"I→?", debate.Incorrect, debate.Unreadable, debate.Unread, 1},
	{"?→C", debate.Unreadable, debate.Correct, debate.Unread, 1},
	{"?→I", debate.Unreadable, debate.Incorrect, debate.Unread, 1},
	{"?→?", debate.Unreadable, debate.Unreadable, debate.Unread, 1},
}

// matrix adds every cell of a transition matrix.
func matrix(b *build.Builder, m debate.Matrix) {
	b.Count("transitions", grid.Col("n", "", 0), m.Total())
	for _, k := range kinds {
		n := m.N[k.from][k.to]
		switch k.fate {
		case debate.StuckWrong, debate.MovedWrong:
			n = m.Of(k.fate)
		}
		field := strings.NewReplacer("→I'", "_to_other_I", "→", "_to_", "=", "_same_", "?", "U").Replace(k.head)
		head := k.head
		if k.fate != debate.Unread {
			head = k.fate.Sign() + " " + head
		}
		c := grid.Col(head, "", k.drop).In(paint.Fate(k.fate))
		c.Short = k.head
		b.Count(field, c, n)
	}
}

// Transitions counts what became of answers, by arm and round.
func Transitions(r *reports.Report) grid.Table {
	b := build.Start(r, "transitions", "Transitions by round (counts)")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.Arm(s, a)
			b.Text("round", "round", strconv.Itoa(at.Round))
			matrix(b, at.Revisions.Matrix)
			b.End()
		}
		if a.Revisions.Matrix.Total() > 0 {
			b.Arm(s, a)
			b.Text("round", "round", "all")
			matrix(b, a.Revisions.Matrix)
			b.End()
		}
	}
	b.Table.Caption = "From one reply of an agent to its next: C correct, I incorrect, ? unreadable; I=I kept the same wrong answer, I→I' took another."
	return b.Table
}

// revisions adds the rates of a set of revisions.
func revisions(b *build.Builder, v reports.Revisions) {
	b.Rate("harmful", grid.Col("▼ harmful", "▼ harm", 0).In(paint.Corrupted), v.Harmful)
	b.Count("harmful_of", grid.Col("of", "", 2), v.Harmful.N)
	b.Rate("beneficial", grid.Col("▲ helpful", "▲ help", 0).In(paint.Corrected), v.Beneficial)
	b.Count("beneficial_of", grid.Col("of", "", 2), v.Beneficial.N)
	b.Rate("lost", grid.Col("? lost", "", 1).In(paint.Unread), v.Lost)
	total := v.Matrix.Total()
	for _, f := range debate.Fates {
		c := grid.Col(fmt.Sprintf("%s %%", f.Sign()), "", grid.DropFirst).In(paint.Fate(f))
		field := strings.ReplaceAll(f.String(), " ", "_") + "_share"
		b.Number(total > 0, field, c, 100*float64(v.Matrix.Of(f))/float64(max(total, 1)), 1)
	}
}

const revisionsCaption = "harmful: correct to incorrect, of all correct; helpful: incorrect to correct, of all incorrect; lost: readable to unreadable, of all readable. " +
	"● held right ▲ corrected ▼ corrupted ○ stuck wrong ◌ moved wrong ? unreadable: shares of all transitions. "

// Revisions is the rates by arm and round.
func Revisions(r *reports.Report) grid.Table {
	b := build.Start(r, "revisions", "Revision rates by round")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.Arm(s, a)
			b.Text("round", "round", strconv.Itoa(at.Round))
			revisions(b, at.Revisions)
			b.End()
			used = append(used, at.Revisions.Harmful.Method, at.Revisions.Beneficial.Method)
		}
	}
	b.Table.Caption = revisionsCaption + build.Methods(r, used...)
	return b.Table
}
