package tui

import (
	"time"

	"cheaptalk/debate"
)

// Snapshot is everything that the screen shows at one moment. Whoever sends one does not change it afterwards.
// The zero Snapshot is a run of which nothing is known yet.
type Snapshot struct {
	Title     string // of the run
	Simulated bool   // some agent is simulated: the title line says so
	Replay    bool   // a stored run is shown, nothing is asked
	State     State
	Trouble   string // why it stopped; "" when nothing is wrong
	Note      string // what the last ask came to, where nothing else shows it; "" for nothing

	Planned, Done, Failed int           // debates; Done has those that failed in it, and of a replay those that were read so far
	InFlight              int           // debates that are being held
	Elapsed, Left         time.Duration // Left is 0 while it is not known
	PerSecond             float64       // debates a second
	Usage                 debate.Usage  // of the debates that are over, and so far of those in flight
	Dollars               float64       // what was paid; meaningless unless Priced
	Priced                bool

	Arms   []Arm     // in the order of the experiment
	Flips  []Flip    // the latest ones, newest first
	Errors []Failure // by kind, the most frequent first
	// Cases are the debates that can be opened under the filter in force, the newest first: those in flight, then those that are over.
	// It may be a window on a longer list, of which Matching is the length and CasesFrom the index of the first.
	Cases     []Line
	CasesFrom int
	Matching  int
	Counting  bool   // Matching grows: the debates of a stored run are still being counted
	Filter    Filter // in force

	Debate *Debate // the one on the screen; nil before there is one
	Beside *Debate // the same question under another arm, in a replay that compares; nil otherwise
	// Parted is the first round in which the two differ, -1 when they never do; meaningless without Beside.
	Parted   int
	Timeline *Timeline // of a replay; nil in a run
	Prompt   *Prompt   // what the person at the table is asked; nil when it is not their turn
	Person   bool      // a person takes part: keys stay hidden
}

// State says how an experiment goes.
type State uint8

const (
	Waiting  State = iota // nothing has happened yet
	Running               // debates are held
	Stepping              // the engine waits before each turn for a step
	Stopping              // no debate begins any more, those in flight end
	Finished
	Stopped // before its end
)

// Rate is a share in percent with its 95 % interval.
type Rate struct {
	N         int // what it is a share of; 0 means that there is none yet
	Value     float64
	Low, High float64
}

// Arm is how one arm stands.
type Arm struct {
	Name                string
	N                   int           // debates that are over and did not fail
	Before, After       Rate          // accuracy of the vote over round 0, and of the primary verdict
	Change              Rate          // After minus Before in points, over the same debates
	Matrix              debate.Matrix // transitions, all rounds together
	Harmful, Beneficial Rate          // correct to incorrect over all that were correct; incorrect to correct over all that were incorrect
	Failed, Tied        int           // debates
	Took                time.Duration // of a debate, mean
}

// Flip is a change between right and wrong that heard somebody.
type Flip struct {
	Case      debate.Case
	Round     int
	Agent     string
	From, To  debate.Answer
	Fate      debate.Fate
	SwayedBy  []string // who had said To among those it heard
	Simulated bool
}

// Failure is a kind of failure.
type Failure struct {
	Kind    string
	N       int
	Example string
}

// Line is one debate in a list.
type Line struct {
	Case    debate.Case
	Over    bool
	Failed  bool
	Tied    bool
	Right   bool // of the primary verdict; meaningless unless Over
	Known   bool // the key is known
	Harmful int  // flips
	Helpful int
}

// Debate is a debate as far as it has come.
type Debate struct {
	Case  debate.Case
	Key   debate.Answer // "" when it is not known
	Round int           // in which somebody speaks or spoke last; -1 before round 0
	// Rounds is the number of debate rounds after round 0 that are planned, -1 when the protocol does not say.
	Rounds     int
	Transcript *debate.Transcript // what has joined so far; its Question and Agents are always there
	Models     map[string]string  // of each agent, where it differs from the agent's name
	// Speaking holds what those have said so far who are speaking now, by agent or judge; "" for one that thinks.
	Speaking map[string]string
	// Hearing holds the Seq of each message that those who speak now were shown, by agent; nobody where it has no entry.
	Hearing  map[string][]int
	Verdicts []debate.Verdict
	Over     bool
	Failed   string // the error that ended it
}

// Timeline is where a replay stands.
type Timeline struct {
	Round int // shown; -1 shows the question alone, LastRound+1 the verdicts too
	Last  int // the last round
	Speed int // 1 to 16; 0 is paused
}

// Prompt is what a person is asked.
type Prompt struct {
	Agent string // as which they sit at the table
	Round int
	Task  debate.Task
	Until time.Time // when they abstain; zero means never
}

// Filter chooses debates. The zero Filter chooses all.
type Filter struct {
	Outcome          string // "harmful", "beneficial", "tied", "failed" or ""
	Agent, Arm, Data string // whole names; "" is any. Agent chooses debates in which it flipped as Outcome says, or in which it speaks.
}

// Ask is something that the person at the screen wants of the engine. The set is closed. The engine answers with the next Snapshot.
type Ask interface{ ask() }

type (
	// Open puts a debate on the screen.
	Open struct{ Case debate.Case }
	// Move puts the next debate under the filter on the screen, By = 1, or the one before, By = -1.
	Move struct{ By int }
	// Choose sets the filter. With Follow a debate under it is put on the screen, where the one that is there is not.
	Choose struct {
		Filter Filter
		Follow bool
	}
	// List moves the window of Snapshot.Cases.
	List struct{ From int }
	// Step lets the run take one turn and wait before the next.
	Step struct{}
	// Go lets a run that was stepped go on by itself.
	Go struct{}
	// Seek shows a replay as of a round: see Timeline.
	Seek struct{ Round int }
	// Play lets a replay go on by itself at a speed of 1 to 16; 0 pauses.
	Play struct{ Speed int }
	// Harmful goes to the next harmful flip of a replay, in this debate or the next that has one.
	Harmful struct{}
	// Compare puts the same question under the next arm beside the debate, and after the last arm nothing.
	Compare struct{}
	// Speak is what a person says.
	Speak struct {
		Text       string
		Confidence debate.Confidence
	}
	// Quit ends the run in good order: no debate begins any more. A second one ends it at once.
	Quit struct{}
)

func (Open) ask()    {}
func (Move) ask()    {}
func (Choose) ask()  {}
func (List) ask()    {}
func (Step) ask()    {}
func (Go) ask()      {}
func (Seek) ask()    {}
func (Play) ask()    {}
func (Harmful) ask() {}
func (Compare) ask() {}
func (Speak) ask()   {}
func (Quit) ask()    {}
