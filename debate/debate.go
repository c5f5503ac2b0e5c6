package debate

import (
	"context"
	"errors"
	"fmt"
)

// Protocol says who speaks when, having read what, under which brief. It is a pure function of the transcript,
// so one value may serve many debates at once.
type Protocol interface {
	Name() string
	// Next returns the calls of the next round: many are a simultaneous round, one is a turn, none ends the debate.
	// The room numbers rounds by counting the non-empty answers of Next.
	Next(t *Transcript) []Call
}

// Call asks one agent to speak.
type Call struct {
	Speaker int   // index in Transcript.Agents; at most one call a speaker in a round
	Hears   []int // the Seq of every message it is shown, in the order shown
	Brief   Brief
}

// Judge decides the answer of the group from a finished transcript. It does not know the key.
// A judge serves one debate and is called once.
type Judge interface {
	Name() string
	// Decide returns the verdict. say streams a speaking judge's words for display and is never nil.
	Decide(ctx context.Context, t *Transcript, say func(delta string)) (Verdict, error)
}

// Verdict is the answer of the group according to one judge.
type Verdict struct {
	Judge  string `json:"judge"`
	Answer Answer `json:"answer,omitempty"` // "" when nothing could be decided, an abstained tie for example
	// Tally holds the weight of each answer that was in the running; nil for a judge that does not count.
	Tally map[Answer]float64 `json:"tally,omitempty"`
	Tied  bool               `json:"tied,omitempty"`  // two answers or more shared the greatest weight
	Why   string             `json:"why,omitempty"`   // for a person to read
	Reply *Message           `json:"reply,omitempty"` // what a speaking judge said, with its calls; nil for votes
	Usage Usage              `json:"usage,omitzero"`
	// Failed holds the error of a judge that could not decide. The transcript and the other verdicts stand.
	Failed string `json:"failed,omitempty"`
	// FailureKind sorts Failed; see [FailureKind].
	FailureKind string `json:"failure_kind,omitempty"`
}

// OnFailure says what becomes of a debate when an agent's turn fails.
type OnFailure uint8

const (
	// FailDebate ends the debate as failed. It is the zero OnFailure.
	FailDebate OnFailure = iota
	// Abstain leaves the agent out of the round and goes on. A round in which every speaker failed still fails the debate.
	Abstain
)

// Debate is one question before one team. It is used once.
type Debate struct {
	Question  Question
	Team      []Agent
	Protocol  Protocol
	Judges    []Judge
	OnFailure OnFailure

	crew *crew // actors that outlive the debate; nil starts some for it
}

// usualRounds is the number of rounds that a transcript has room for from the start: round 0 and two debate rounds.
const usualRounds = 3

// Run holds the debate and has every judge decide it, in order. Each agent has an actor of its own, which is idle or gone when it returns.
// emit is called from Run's goroutine alone, in one order that does not depend on which agent answers first, deltas apart;
// it may be nil. On an error the transcript holds what was said before it. When ctx ends, Run returns ctx's error.
func (d *Debate) Run(ctx context.Context, emit func(Event)) (*Transcript, []Verdict, error) {
	if err := d.validate(); err != nil {
		return nil, nil, err
	}
	t := &Transcript{Question: d.Question, Agents: make([]string, len(d.Team)), Messages: make([]Message, 0, usualRounds*len(d.Team))}
	for i, a := range d.Team {
		t.Agents[i] = a.Name()
	}
	hired := d.crew
	if hired == nil {
		hired = &crew{}
		defer hired.close()
	}
	if err := d.talk(ctx, t, hired, emit); err != nil {
		return t, nil, err
	}
	verdicts, err := Decide(ctx, t, d.Judges, emit)
	return t, verdicts, err
}

// Decide has judges decide a finished transcript, in order. A judge that fails leaves a verdict that says so;
// the error is non-nil only when ctx ended or a judge may not be asked any more (see [ErrStopped]). emit may be nil.
func Decide(ctx context.Context, t *Transcript, judges []Judge, emit func(Event)) ([]Verdict, error) {
	if emit == nil {
		emit = func(Event) {}
	}
	verdicts := make([]Verdict, 0, len(judges))
	for _, j := range judges {
		v, err := decide(ctx, j, t, func(delta string) { emit(Saying{Speaker: j.Name(), Round: -1, Delta: delta}) })
		if ctx.Err() != nil {
			return verdicts, context.Cause(ctx)
		}
		if errors.Is(err, ErrStopped) {
			return verdicts, err
		}
		if err != nil {
			v = Verdict{Failed: err.Error(), FailureKind: FailureKind(err), Usage: v.Usage, Reply: v.Reply}
		}
		v.Judge = j.Name()
		verdicts = append(verdicts, v)
		emit(Decided{Verdict: v})
	}
	return verdicts, nil
}

// decide calls the judge and turns a panic of it into an error.
func decide(ctx context.Context, j Judge, t *Transcript, say func(string)) (v Verdict, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("judge %s: panic: %v", j.Name(), p)
		}
	}()
	return j.Decide(ctx, t, say)
}

func (d *Debate) validate() error {
	if len(d.Team) == 0 {
		return errors.New("debate: the team is empty")
	}
	if d.Protocol == nil {
		return errors.New("debate: no protocol")
	}
	for i, a := range d.Team {
		for _, other := range d.Team[:i] {
			if a.Name() == other.Name() {
				return fmt.Errorf("debate: two agents are named %q", a.Name())
			}
		}
	}
	return nil
}
