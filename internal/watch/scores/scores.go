// Package scores keeps count of debates as they end, for a screen: how each arm stands, who was swayed lately, what failed.
//
// The rates, their intervals and what they are rates of are those of package reports. Memory grows with the number of questions,
// never with that of debates.
package scores

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/compact"
	"cheaptalk/tui"
)

const (
	flipsKept   = 64 // the latest flips
	kindsKept   = 64 // kinds of failure; what is beyond counts as "other"
	exampleKept = 400
)

// Arm is what is known of an arm before its first debate.
type Arm struct {
	Name   string
	Rounds int               // debate rounds that are planned, -1 when the protocol does not say
	Models map[string]string // of each agent, where it differs from the agent's name
}

// Scores counts records. It belongs to one goroutine, or is used under a lock.
type Scores struct {
	Done, Failed int // records, and those of them that failed
	Usage        debate.Usage

	arms      []*arm
	index     map[string]*arm
	questions map[string]int // the number of each question, in the order met
	flips     []tui.Flip     // the oldest first
	failures  map[string]*tui.Failure
}

// New returns scores of these arms, which are listed in that order. An arm that is not among them is added when it is met.
func New(arms []Arm) *Scores {
	s := &Scores{index: map[string]*arm{}, questions: map[string]int{}, failures: map[string]*tui.Failure{}}
	for _, a := range arms {
		s.arm(a.Name)
	}
	return s
}

func (s *Scores) arm(name string) *arm {
	a := s.index[name]
	if a == nil {
		name = strings.Clone(name) // holds no record in memory
		a = &arm{name: name}
		s.arms, s.index[name] = append(s.arms, a), a
	}
	return a
}

// Add counts one record. It keeps nothing of it but the example of a failure and the names in its flips.
func (s *Scores) Add(rec *debate.Record) {
	s.Done++
	s.fail(rec)
	a := s.arm(rec.Case.Arm)
	a.took += rec.Took
	a.over++
	if rec.Failed != "" {
		s.Failed++
		a.failed++
	}
	for _, v := range rec.Verdicts {
		s.Usage = s.Usage.Add(v.Usage)
	}
	t := rec.Transcript
	if t == nil {
		return
	}
	s.Usage = s.Usage.Add(t.Usage())
	if rec.Failed != "" {
		return
	}
	if err := compact.Check(t); err != nil {
		s.count("damaged record", err.Error())
		return
	}
	question, _ := debate.Variant(rec.Case.Item)
	number, ok := s.questions[question]
	if !ok {
		number = len(s.questions)
		s.questions[strings.Clone(question)] = number
	}
	for _, tr := range a.add(rec, number) {
		if fate := tr.Fate(); tr.Peers > 0 && (fate == debate.Corrected || fate == debate.Corrupted) {
			s.flip(rec, tr)
		}
	}
}

// flip keeps a flip and forgets the oldest.
func (s *Scores) flip(rec *debate.Record, tr debate.Transition) {
	if len(s.flips) == 2*flipsKept {
		s.flips = append(s.flips[:0], s.flips[flipsKept:]...)
	}
	s.flips = append(s.flips, tui.Flip{Case: rec.Case, Round: tr.Round, Agent: rec.Transcript.Agents[tr.Agent], From: tr.Before, To: tr.After,
		Fate: tr.Fate(), SwayedBy: reports.Holders(rec.Transcript, tr), Simulated: rec.Simulated})
}

// Flips returns the latest flips, newest first.
func (s *Scores) Flips() []tui.Flip {
	latest := slices.Clone(s.flips[max(len(s.flips)-flipsKept, 0):])
	slices.Reverse(latest)
	return latest
}

// fail counts what failed in a record: its turns and its judges, and the debate if it failed without a turn to blame.
func (s *Scores) fail(rec *debate.Record) {
	blamed := false
	if rec.Transcript != nil {
		for _, m := range rec.Transcript.Messages {
			if m.Failed != "" {
				s.count(m.FailureKind, m.Failed)
				blamed = true
			}
		}
	}
	for _, v := range rec.Verdicts {
		if v.Failed != "" {
			s.count(v.FailureKind, v.Judge+": "+v.Failed)
		}
	}
	if rec.Failed != "" && !blamed {
		s.count(rec.FailureKind, rec.Failed)
	}
}

func (s *Scores) count(kind, example string) {
	kind = cmp.Or(kind, "other")
	f := s.failures[kind]
	if f == nil && len(s.failures) >= kindsKept {
		f = s.failures["other"]
		kind = "other"
	}
	if f == nil {
		f = &tui.Failure{Kind: strings.Clone(kind)}
		s.failures[f.Kind] = f
	}
	f.N++
	f.Example = strings.ToValidUTF8(strings.Clone(example[:min(len(example), exampleKept)]), "")
}

// Errors returns the failures by kind, the most frequent first, each with its latest example.
func (s *Scores) Errors() []tui.Failure {
	list := make([]tui.Failure, 0, len(s.failures))
	for _, f := range s.failures {
		list = append(list, *f)
	}
	slices.SortFunc(list, func(a, b tui.Failure) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Kind, b.Kind)) })
	return list
}

// arm is what is counted of one arm.
type arm struct {
	name         string
	n, over      int
	failed, tied int
	took         time.Duration // of all that are over
	matrix       debate.Matrix
	clusters     []cluster // by the number of the question
}
