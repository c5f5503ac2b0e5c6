// Package steps takes from the transcripts of a run what its agents chose and from what: every revision is a [Step].
package steps

import (
	"slices"

	"cheaptalk/debate"
)

// Data is what the transcripts of a run say about how its agents choose. [Read] makes it; nothing changes it afterwards, so that it may be
// read by many goroutines at once. It takes about half a kilobyte a step.
type Data struct {
	Agents    []string // sorted; copies of one agent, "m" and "m#2", are one
	Questions []string // the clusters: an ID without its variant, see debate.Variant
	Debates   []Talk
	Alone     []Answer // every independent answer, each once however many arms share it
	Steps     []Step   // in the order of the records
	Simulated bool     // some record is of simulated agents
	Left      Left
}

// Left counts what could not be used.
type Left struct {
	Failed  int `json:"failed"`  // debates that failed
	Keyless int `json:"keyless"` // debates on questions without a key: nobody knows what was right
	Silent  int `json:"silent"`  // revisions of agents from whose last reply no answer could be read
}

// Answer is an independent answer: it was given before anything was heard.
type Answer struct {
	Talk  int // index in Data.Debates of the debate in which it was read
	Agent int // index in Data.Agents
	Said  debate.Answer
}

// Talk is one debate, as far as it bears on what its agents believe.
type Talk struct {
	Question int // index in Data.Questions
	Set      string
	Kind     debate.Kind
	Wrongs   int // how many wrong answers there are to give
	Key      debate.Answer
	First    []Answer // the independent answers of its agents, unreadable ones too
}

// Step is one revision: an agent that had an answer heard others, or nobody, and was asked again.
type Step struct {
	Talk   int // index in Data.Debates
	Agent  int // index in Data.Agents
	Round  int
	Task   debate.Task
	Shown  bool     // the peers' confidence was shown
	Peers  int      // messages heard from which an answer could be read
	Table  []Option // the answers on the table: the own one first, then those heard, in their order
	Chosen int      // index in Table, [New] or [Unread]
	Said   debate.Answer
}

// What Step.Chosen is where it is no index.
const (
	New    = -1 // another answer
	Unread = -2 // no answer could be read, or one that the question does not have
)

// Option is an answer on the table.
type Option struct {
	Answer debate.Answer
	Heard  int     // messages of this turn that hold it
	Sure   float64 // Σ (2 g_j - 1) over those messages, g_j in [0,1] being the confidence shown; 0 where none is
	Past   int     // how often it was said by the agent or heard by it in all rounds so far, this turn included
	First  bool    // it was the first to be heard in this turn
}

// Agreeing returns how many of the answers heard were the agent's own.
func (s *Step) Agreeing() int { return s.Table[0].Heard }

// Outcome returns the index of what was chosen among the outcomes: the answers on the table and, last, a new one.
func (s *Step) Outcome() int {
	if s.Chosen == New {
		return len(s.Table)
	}
	return s.Chosen
}

// wrongsOpen is the number of wrong answers to a question that is no choice: as many as simulated agents have.
const wrongsOpen = 24

// Pool returns the data as if one agent of that name had said everything. It is meant for agents that are one model under several names.
func (d *Data) Pool(name string) *Data {
	p := *d
	p.Agents = []string{name}
	p.renumber(func(int) int { return 0 })
	return &p
}

// Blind returns the data with a random letter in place of the key of each question with choices, the same in all debates of it; other questions
// lose theirs. A twin of it knows no more of who is right than those who spoke.
func (d *Data) Blind(seed uint64) *Data {
	b := *d
	b.Debates = slices.Clone(d.Debates)
	for i := range b.Debates {
		t := &b.Debates[i]
		if t.Key = ""; t.Kind == debate.Choice {
			t.Key = debate.Letter(debate.NewRand(seed, "blind", d.Questions[t.Question]).IntN(t.Wrongs + 1))
		}
	}
	return &b
}

// Subset returns the data on the questions that keep is true for. Agents and the questions themselves keep their places.
func (d *Data) Subset(keep func(question int) bool) *Data {
	s := *d
	s.Alone = slices.DeleteFunc(slices.Clone(d.Alone), func(a Answer) bool { return !keep(d.Debates[a.Talk].Question) })
	s.Steps = slices.DeleteFunc(slices.Clone(d.Steps), func(st Step) bool { return !keep(d.Debates[st.Talk].Question) })
	return &s
}

// sortAgents gives the agents the order of their names.
func (d *Data) sortAgents() {
	names := slices.Sorted(slices.Values(d.Agents))
	old := d.Agents
	d.Agents = names
	d.renumber(func(i int) int { at, _ := slices.BinarySearch(names, old[i]); return at })
}

// renumber gives every agent another index. It copies what it changes.
func (d *Data) renumber(to func(int) int) {
	answers := func(as []Answer) []Answer {
		as = slices.Clone(as)
		for i := range as {
			as[i].Agent = to(as[i].Agent)
		}
		return as
	}
	d.Alone, d.Debates, d.Steps = answers(d.Alone), slices.Clone(d.Debates), slices.Clone(d.Steps)
	for i := range d.Debates {
		d.Debates[i].First = answers(d.Debates[i].First)
	}
	for i := range d.Steps {
		d.Steps[i].Agent = to(d.Steps[i].Agent)
	}
}

// Find returns the index of an answer on the table, or -1.
func (s *Step) Find(a debate.Answer) int {
	return slices.IndexFunc(s.Table, func(o Option) bool { return o.Answer == a })
}

// Room reports whether some answer to the question is not on the table.
func (d *Data) Room(s *Step) bool { return d.Debates[s.Talk].Room(s) }

// Room reports whether some answer to the question is not on the table of a step of the debate.
func (t *Talk) Room(s *Step) bool {
	if s.Find(t.Key) < 0 {
		return true
	}
	return len(s.Table)-1 < t.Wrongs
}
