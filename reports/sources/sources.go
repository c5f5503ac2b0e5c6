// Package sources compares where the confidence of a reply comes from: what it states, the probability of its answer's tokens, and the agreement of
// further samples (see [debate.Sources]). Which of them is calibrated can be told only of the same replies.
package sources

import (
	"iter"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports/measure"
	"cheaptalk/reports/stats"
)

// Fare is how the confidence from one source fares against the key, in one arm.
type Fare struct {
	Arm    string `json:"arm"`
	Source string `json:"source"` // "stated", "logprob" or "samples"
	// Measured is of how many replies it could be measured: readable ones of agents, of all rounds of the debates that did not fail.
	Measured int `json:"measured"`
	// Confidence is over those replies of which every source of the arm could be, which are the same for each.
	Confidence measure.Confidence `json:"confidence"`
	// Area is how well it ranks right answers above wrong ones, over the same replies, clustered by question.
	Area stats.Area `json:"auroc"`
}

// names are those of the sources, as experiment files have them.
var names = [...]string{"stated", "logprob", "samples"}

// of returns the confidences of a reply in the order of names.
func of(s debate.Sources) [len(names)]debate.Confidence {
	return [...]debate.Confidence{s.Stated, s.Logprob, s.Samples}
}

// measured is a set of sources, one bit each.
type measured uint8

// has yields the sources that are in the set.
func (m measured) has() iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range names {
			if m&(1<<i) != 0 && !yield(i) {
				return
			}
		}
	}
}

// several reports whether there are two or more.
func (m measured) several() bool { return m&(m-1) != 0 }

// pool is the replies of an arm of which the same sources could be measured.
type pool [len(names)]struct {
	fare stats.Confidence
	rank stats.Ranking // where there are several
}

// Tally gathers the confidences of records, which may come in any order. The zero Tally is empty. It keeps some hundred bytes an arm, and some bytes for
// each reply of which several sources could be measured.
type Tally struct {
	arms map[string]map[measured]*pool
}

// Add counts the replies of a record.
func (t *Tally) Add(rec *debate.Record) {
	if rec.Failed != "" || rec.Transcript == nil {
		return
	}
	for i := range rec.Transcript.Messages {
		m := &rec.Transcript.Messages[i]
		grade := debate.Grade(m.Answer, rec.Key)
		if m.Failed != "" || grade == debate.Unreadable {
			continue
		}
		all := of(m.Sources)
		var set measured
		for i, c := range all {
			if c.Stated {
				set |= 1 << i
			}
		}
		if set == 0 {
			continue
		}
		tally := t.of(rec.Case.Arm, set)
		for i := range set.has() {
			tally[i].fare.Add(all[i].Value, grade == debate.Correct)
			if set.several() {
				tally[i].rank.Add(rec.Case.Item, all[i].Value, grade == debate.Correct)
			}
		}
	}
}

// of returns the tally of the replies of an arm of which these sources could be measured.
func (t *Tally) of(arm string, set measured) *pool {
	if t.arms == nil {
		t.arms = map[string]map[measured]*pool{}
	}
	if t.arms[arm] == nil {
		t.arms[strings.Clone(arm)] = map[measured]*pool{}
	}
	tally := t.arms[arm][set]
	if tally == nil {
		tally = &pool{}
		t.arms[arm][set] = tally
	}
	return tally
}

// Fares returns how each source fares in an arm, at a level of confidence of intervals. There are none where fewer than two were measured.
func (t *Tally) Fares(arm string, level float64) []Fare {
	var all measured
	var replies [len(names)]int
	for set, tally := range t.arms[arm] {
		all |= set
		for i := range set.has() {
			replies[i] += tally[i].fare.N()
		}
	}
	if !all.several() {
		return nil
	}
	common := t.arms[arm][all]
	if common == nil {
		common = &pool{}
	}
	var fares []Fare
	for i := range all.has() {
		fares = append(fares, Fare{Arm: arm, Source: names[i], Measured: replies[i], Confidence: measure.Of(&common[i].fare, level), Area: common[i].rank.AUROC(level)})
	}
	return fares
}
