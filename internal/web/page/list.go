package page

import (
	"cheaptalk/internal/store"
)

// List is a page of the list of debates.
type List struct {
	Site
	Rows     []Row
	From, To int // from 1; To is 0 where there are none
	Matching int // under the filter
	Known    bool
	Arms     []string
	Sets     []string
	Filter   Filter
	Heads    []Head
	Links    ListLinks
	Places   bool // some case is not of the first draw and repeat
}

// ListLinks lead from a page of the list to others. An empty link is not shown.
type ListLinks struct{ First, Previous, Next, Last string }

// Filter is what the form of the list says.
type Filter struct {
	Search, Arm, Set, Outcome string
	Sort                      string
	Down                      bool
}

// Outcomes are the kinds of debates that the list can be narrowed to: the value in an address, its sign and its words.
var Outcomes = []struct{ Value, Sign, Words string }{
	{"harmful", "▼", "harmful flips"}, {"beneficial", "▲", "beneficial flips"}, {"tied", "=", "tied"}, {"failed", "×", "failed"}, {"unreadable", "?", "unreadable"},
}

// Outcomes returns the kinds of debates; for templates.
func (List) Outcomes() []struct{ Value, Sign, Words string } { return Outcomes }

// Head is the head of a column, with a link that sorts by it; an empty link is not shown.
type Head struct {
	Name, URL string
	Sort      string // the order that it stands for
	Sorted    string // aria-sort: "ascending", "descending" or ""
	Number    bool
}

// Row is one line of the list.
type Row struct {
	URL                  string
	Item, Arm, Place     string
	Set                  string
	Answer, Key          string
	Outcome              Mark
	Corrected, Corrupted int
	Rounds               int
	Tied, Again          bool
}

// NewRow makes the line of a debate.
func NewRow(d store.Digest, url string) Row {
	return Row{URL: url, Item: d.Case.Item, Arm: d.Case.Arm, Place: placeOf(d.Case), Answer: string(d.Answer), Key: string(d.Key), Outcome: outcome(d),
		Corrected: d.Corrected, Corrupted: d.Corrupted, Rounds: max(d.Rounds, 0), Tied: d.Tied, Again: d.Again}
}

// outcome returns the mark of what became of a debate.
func outcome(d store.Digest) Mark {
	switch out := d.Outcome(); {
	case out == store.Failed:
		return failedMark
	case out == store.Unreadable:
		return Mark{"?", "unreadable", "unread"}
	case d.Key == "":
		return Mark{"", "decided", ""}
	case out == store.Right:
		return Mark{"●", "right", "held"}
	}
	return Mark{"○", "wrong", "stuck"}
}
