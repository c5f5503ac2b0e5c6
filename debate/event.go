package debate

// Event is something that happened in a debate or an experiment. The set is closed: RoundStarted, Saying, Said, Decided
// inside a debate, In and Recorded around it.
//
// Events come from the goroutine that called Run, one at a time, in one true order. The receiver is an ordinary function:
// while it works the debate waits, and no event is ever dropped.
type Event interface{ event() }

// RoundStarted says that a round begins and who was called. Nobody is asked before the receiver has returned.
type RoundStarted struct {
	Round int
	Calls []Call
}

// Saying is a piece of a reply in the making, for display. Round is -1 when the speaker is a judge.
type Saying struct {
	Speaker string
	Round   int
	Delta   string
}

// Said says that a message has joined the transcript.
type Said struct{ Message Message }

// Decided says that a judge has decided.
type Decided struct{ Verdict Verdict }

// In is an event of one debate of an experiment.
type In struct {
	Case  Case
	Event Event
}

// Recorded says that a debate of an experiment is over and that its record is in the store.
type Recorded struct{ Record *Record }

func (RoundStarted) event() {}
func (Saying) event()       {}
func (Said) event()         {}
func (Decided) event()      {}
func (In) event()           {}
func (Recorded) event()     {}
