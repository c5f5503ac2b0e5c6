package canvas

import (
	"strings"

	"cheaptalk/debate"
)

// Look is what the person at the screen has chosen. The zero Look shows the debate with its key, following who speaks.
type Look struct {
	Width, Height int
	Experiment    bool // the experiment and not the debate
	Blind         bool // the key of the debate is hidden
	Paused        bool
	Unfolded      bool // the question is shown in full
	Agent         int  // 1 + the index of the agent to show where not all fit; 0 follows who speaks
	Scroll        int  // lines above where the view stands by itself, which is at the newest words
	Pane          int  // of the experiment: see Panes
	Picked        int  // the index in the list of the pane; of debates among Snapshot.Matching
	Help          bool
	Notice        string // one line for the person; "" for none
	Hints         []Hint // the keys that do something now, the most useful first
	Keys          []Hint // all keys, for the help; empty otherwise
	Input         *Input // what is being typed; nil when nothing is
}

// Hint is a key and what it does.
type Hint struct {
	Key, Does string
	Always    bool // at the bottom it stands at the end and is never left out
	Off       bool // it does nothing in the view that is shown; of Look.Keys
}

// Input is a small form at the bottom of the screen.
type Input struct {
	Title  string
	Fields []Field
	At     int    // the field that is being typed in
	Note   string // what is wrong, or what can be typed
}

// Field is one line of an Input.
type Field struct {
	Label, Text string
	Caret       int // in characters from the start of Text
}

// Frame is a screen.
type Frame struct {
	Lines []string // as many as the screen is high, each as wide as it
	Spots []Spot   // what can be clicked
	// Look.Scroll can go from -Below, the newest lines, to Above, the oldest.
	Above, Below int
}

// Spot is a place on the screen that does something when it is clicked; exactly one of its purposes is set.
type Spot struct {
	X, Y, Width int

	Key   string       // as if it were pressed
	Open  *debate.Case // to open
	Agent int          // 1 + the index of the one to show
	Pane  int          // 1 + the pane to choose
	Round *int         // of a replay to show
}

// String returns the lines as they are written to the terminal.
func (f Frame) String() string { return strings.Join(f.Lines, "\n") }

// At returns what is at a cell; later spots are on top.
func (f Frame) At(x, y int) (Spot, bool) {
	for i := len(f.Spots) - 1; i >= 0; i-- {
		if s := f.Spots[i]; s.Y == y && x >= s.X && x < s.X+s.Width {
			return s, true
		}
	}
	return Spot{}, false
}

// Pane is one of the lists of the experiment.
type Pane = int

// The panes, in their order.
const (
	FlipPane Pane = iota
	DebatePane
	MatrixPane
	ErrorPane
	Panes // their number
)

// ListHeight returns how many lines of a list a screen of that height may show; a window of that many debates fills it.
func ListHeight(height int) int { return max(height-8, 1) }
