package debate

import (
	"errors"
	"fmt"
	"iter"
	"time"
)

// Experiment crosses arms, items and repeats into cases and debates each once.
type Experiment struct {
	Name    string
	Arms    []Arm
	Items   []Item
	Repeats int // how often each question is asked; 0 means 1
	Workers int // debates at the same time; 0 means one a processor
	// Seed is where all chance comes from. Same seed, same records, whatever the number of workers.
	Seed uint64
	// Stop, once closed, ends the run without haste: no debate begins any more, those in flight go on to their end. Nil never stops.
	Stop <-chan struct{}
	// Sparse is for millions of debates that cost nothing to hold again, simulated ones: of what happens inside a debate only its first
	// RoundStarted is told, and up to 64 records of debates that are over wait for those before them to be stored.
	Sparse bool
}

// Arm is one way of holding the debate. Everything that differs between two rows of a table is in the arm.
type Arm struct {
	Name string
	// Team makes the agents for one debate. It is called by many goroutines at once; the agents it returns serve one debate.
	// seed is that of the case: the same in every arm.
	Team     func(item Item, seed uint64) []Agent
	Protocol Protocol
	// Judges makes the judges for one debate, the primary one first. Which judge is primary is part of the design of
	// the experiment; the verdicts of the others are exploratory.
	Judges    func(item Item, seed uint64) []Judge
	OnFailure OnFailure
	Simulated bool // some agent is simulated: every table and plot says so
}

// Case names one debate of an experiment. It is the key of progress, resume and pairing.
type Case struct {
	Arm    string `json:"arm"`
	Item   string `json:"item"` // Question.ID
	Draw   int    `json:"draw"`
	Repeat int    `json:"repeat"`
}

// String returns "naive gsm8k/17", with " draw 2" and " repeat 1" where they are not the first.
func (c Case) String() string {
	s := c.Arm + " " + c.Item
	if c.Draw > 0 {
		s += fmt.Sprintf(" draw %d", c.Draw)
	}
	if c.Repeat > 0 {
		s += fmt.Sprintf(" repeat %d", c.Repeat)
	}
	return s
}

// Record is all that is kept of one debate.
type Record struct {
	Case       Case        `json:"case"`
	Key        Answer      `json:"key"`
	Transcript *Transcript `json:"transcript"`
	// Verdicts are in the order of Arm.Judges: the primary one first. Empty when the debate failed.
	Verdicts []Verdict `json:"verdicts,omitempty"`
	// Failed holds the error that ended the debate. Its outcome is then neither right nor wrong.
	Failed string `json:"failed,omitempty"`
	// FailureKind sorts Failed; see [FailureKind].
	FailureKind string `json:"failure_kind,omitempty"`
	// Again marks one of the failures in a row that stopped a run: a resumed run debates it again.
	Again     bool          `json:"again,omitempty"`
	Simulated bool          `json:"simulated,omitempty"`
	Seed      uint64        `json:"seed"`
	Took      time.Duration `json:"took_ns,omitempty"`
}

// Store keeps records. Has and Put may be called at the same time; Put is called by one goroutine alone.
type Store interface {
	// Has reports whether the case need not be debated: it has a record that is not marked Again.
	Has(Case) bool
	// Put makes the record durable before it returns. A record of the same case is replaced.
	Put(*Record) error
}

// Batcher is a Store to which several records at once cost less than one by one.
type Batcher interface {
	Store
	// PutAll makes all of the records durable before it returns, or none. It is called by the goroutine of Put.
	PutAll([]*Record) error
}

// FailuresInARow is the number of failed debates without one success between them that stops a run:
// a wrong key, a server that is down or a model that does not exist, not bad luck.
const FailuresInARow = 20

// ErrStopped is returned by a run that was stopped before its end by closing Experiment.Stop. An agent or judge whose error wraps it
// says that no more may be asked, because a budget is spent for example: its debate is left unrecorded, as one that was
// interrupted, and the run ends with that error once the other debates in flight have ended.
var ErrStopped = errors.New("stopped")

// ErrFailuresInARow is wrapped by the error of a run that [FailuresInARow] stopped.
var ErrFailuresInARow = errors.New("every debate fails")

// Cases returns every case of the experiment in the order in which they are debated: item by item, repeat by repeat,
// the arms of one question next to each other.
func (e *Experiment) Cases() iter.Seq[Case] {
	return func(yield func(Case) bool) {
		for j := range e.jobs() {
			if !yield(j.name) {
				return
			}
		}
	}
}

// job is one debate to hold.
type job struct {
	name Case
	arm  *Arm
	item Item
}

func (e *Experiment) jobs() iter.Seq[job] {
	return func(yield func(job) bool) {
		for _, item := range e.Items {
			for repeat := range max(e.Repeats, 1) {
				for i := range e.Arms {
					arm := &e.Arms[i]
					name := Case{Arm: arm.Name, Item: item.Question.ID, Draw: item.Draw, Repeat: repeat}
					if !yield(job{name: name, arm: arm, item: item}) {
						return
					}
				}
			}
		}
	}
}

func (e *Experiment) validate() error {
	if len(e.Arms) == 0 {
		return fmt.Errorf("experiment %s: no arms", e.Name)
	}
	if len(e.Items) == 0 {
		return fmt.Errorf("experiment %s: no questions", e.Name)
	}
	arms := map[string]bool{}
	for _, a := range e.Arms {
		switch {
		case a.Name == "":
			return fmt.Errorf("experiment %s: an arm has no name", e.Name)
		case arms[a.Name]:
			return fmt.Errorf("experiment %s: two arms are named %q", e.Name, a.Name)
		case a.Team == nil || a.Protocol == nil:
			return fmt.Errorf("experiment %s: arm %s has no team or no protocol", e.Name, a.Name)
		}
		arms[a.Name] = true
	}
	items := map[Case]bool{}
	for _, item := range e.Items {
		name := Case{Item: item.Question.ID, Draw: item.Draw}
		if items[name] {
			return fmt.Errorf("experiment %s: question %s is twice in draw %d", e.Name, item.Question.ID, item.Draw)
		}
		items[name] = true
	}
	return nil
}
