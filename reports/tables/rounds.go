package tables

import (
	"fmt"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
)

// with names the peers that held an answer.
func with(holders []string) string {
	if len(holders) == 0 {
		return "alone"
	}
	return strings.Join(holders, ", ")
}

// Rounds is the state of the debates after each round.
func Rounds(r *reports.Report) Table {
	b := start(r, "rounds", "Round by round")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Mean.N == 0 {
				continue
			}
			b.arm(s, a)
			b.count("round", col("round", "", 0), at.Round)
			b.count("debating", col("debating", "deb.", 1), at.Debating)
			b.count("asked", col("asked", "", 3), at.Asked)
			b.rate("mean_agent", col("mean agent", "mean", 0), at.Mean)
			b.rate("vote", col("vote", "", 0), at.Vote)
			b.rate("oracle", col("oracle", "", 2), at.Oracle)
			b.rate("consensus", col("consensus", "cons.", 0), at.Consensus)
			b.number(true, "entropy", col("entropy", "entr.", 1), at.Entropy, 2)
			b.end()
			used = append(used, at.Mean.Method, at.Vote.Method)
		}
	}
	b.table.Caption = "After each round, over all debates: an agent that no longer speaks stands by its last answer. debating: debates in which anyone was asked; asked: agents that were. " +
		"vote: plurality. consensus: all agents agree. entropy of the readable answers in nats. " + methods(r, used...)
	return b.table
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
func (b *builder) matrix(m debate.Matrix) {
	b.count("transitions", col("n", "", 0), m.Total())
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
		c := col(head, "", k.drop).in(paint.Fate(k.fate))
		c.Short = k.head
		b.count(field, c, n)
	}
}

// Transitions counts what became of answers, by arm and round.
func Transitions(r *reports.Report) Table {
	b := start(r, "transitions", "Transitions by round (counts)")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.arm(s, a)
			b.text("round", "round", strconv.Itoa(at.Round))
			b.matrix(at.Revisions.Matrix)
			b.end()
		}
		if a.Revisions.Matrix.Total() > 0 {
			b.arm(s, a)
			b.text("round", "round", "all")
			b.matrix(a.Revisions.Matrix)
			b.end()
		}
	}
	b.table.Caption = "From one reply of an agent to its next: C correct, I incorrect, ? unreadable; I=I kept the same wrong answer, I→I' took another."
	return b.table
}

// revisions adds the rates of a set of revisions.
func (b *builder) revisions(v reports.Revisions) {
	b.rate("harmful", col("▼ harmful", "▼ harm", 0).in(paint.Corrupted), v.Harmful)
	b.count("harmful_of", col("of", "", 2), v.Harmful.N)
	b.rate("beneficial", col("▲ helpful", "▲ help", 0).in(paint.Corrected), v.Beneficial)
	b.count("beneficial_of", col("of", "", 2), v.Beneficial.N)
	b.rate("lost", col("? lost", "", 1).in(paint.Unread), v.Lost)
	total := v.Matrix.Total()
	for _, f := range debate.Fates {
		c := col(fmt.Sprintf("%s %%", f.Sign()), "", DropFirst).in(paint.Fate(f))
		field := strings.ReplaceAll(f.String(), " ", "_") + "_share"
		b.number(total > 0, field, c, 100*float64(v.Matrix.Of(f))/float64(max(total, 1)), 1)
	}
}

const revisionsCaption = "harmful: correct to incorrect, of all correct; helpful: incorrect to correct, of all incorrect; lost: readable to unreadable, of all readable. " +
	"● held right ▲ corrected ▼ corrupted ○ stuck wrong ◌ moved wrong ? unreadable: shares of all transitions. "

// Revisions is the rates by arm and round.
func Revisions(r *reports.Report) Table {
	b := start(r, "revisions", "Revision rates by round")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Revisions.Matrix.Total() == 0 {
				continue
			}
			b.arm(s, a)
			b.text("round", "round", strconv.Itoa(at.Round))
			b.revisions(at.Revisions)
			b.end()
			used = append(used, at.Revisions.Harmful.Method, at.Revisions.Beneficial.Method)
		}
	}
	b.table.Caption = revisionsCaption + methods(r, used...)
	return b.table
}

// Conformity is how often correct answers turned, by how many peers held them too.
func Conformity(r *reports.Report) Table {
	b := start(r, "conformity", "Correct answers turned incorrect, by agreeing peers")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, c := range a.Conformity {
			b.arm(s, a)
			b.count("agreeing", col("peers that agreed", "agreed", 0), c.Agreeing)
			b.rate("corrupted", col("▼ C→I", "", 0).in(paint.Corrupted), c.Harmful)
			b.count("corrupted_count", col("turned", "", 0), c.Harmful.K)
			b.count("correct", col("of", "", 0), c.Harmful.N)
			b.end()
			used = append(used, c.Harmful.Method)
		}
	}
	b.table.Caption = "Of the correct answers whose holders had read that many peers holding the same one, the share that the next reply gave up for an incorrect one. " +
		methods(r, used...)
	return b.table
}
