package view

import (
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui/ink"
)

// sideBySide is the width from which on the help has the keys at the left and the signs and words at the right.
const sideBySide = 100

// help adds the table of all keys, what the signs mean and what the words do.
func (c *sheet) help(room int) {
	p := c.Ink
	var here, elsewhere []ink.Line
	wide := 0
	for _, h := range c.Look.Keys {
		wide = max(wide, p.Ruler.Width(h.Key))
	}
	for _, h := range c.Look.Keys {
		pad := strings.Repeat(" ", wide+2-p.Ruler.Width(h.Key))
		if h.Off {
			elsewhere = append(elsewhere, ink.Line{ink.Of(p.Dim, h.Key+pad+h.Does)})
			continue
		}
		here = append(here, ink.Line{ink.Of(p.Bold, h.Key), ink.Of(nil, pad+h.Does)})
	}
	if len(elsewhere) > 0 {
		elsewhere = append([]ink.Line{nil, {ink.Of(p.Bold, "keys of other views")}}, elsewhere...)
	}
	if c.Look.Width >= sideBySide {
		half := c.Look.Width/2 - 1
		right := c.meanings(c.Look.Width - half - 5)
		keys := append(here, elsewhere...)
		from := c.scrolled(max(len(keys), len(right)), room-1)
		heads := []ink.Label{
			{X: 1, Width: half, Left: ink.Line{ink.Of(p.Bold, "keys")}},
			{X: half + 2, Width: c.Look.Width - half - 3, Left: ink.Line{ink.Of(p.Bold, "signs")}, Right: c.more(from)},
		}
		c.Columns(heads, [][]ink.Line{keys[min(from, len(keys)):], right[min(from, len(right)):]}, room-1)
		return
	}
	lines := append(here, nil, ink.Line{ink.Of(p.Bold, "signs")})
	lines = append(append(lines, c.meanings(c.Look.Width-4)...), elsewhere...)
	from := c.scrolled(len(lines), room-1)
	c.Rule(ink.Line{ink.Of(p.Bold, "keys")}, c.more(from))
	for _, l := range lines[from:min(len(lines), from+room-1)] {
		c.Add(l)
	}
}

// scrolled returns the first of so many lines to show in a room, and notes how far down they go.
func (c *sheet) scrolled(lines, room int) int {
	c.Below = max(lines-room, 0)
	return min(max(-c.Look.Scroll, 0), c.Below)
}

// more says that there are lines below.
func (c *sheet) more(from int) ink.Line {
	if c.Below > from {
		return ink.Line{ink.Of(c.Ink.Dim, "↓ more")}
	}
	return nil
}

// meanings says what the signs and the numbers mean.
func (c *sheet) meanings(cells int) []ink.Line {
	p := c.Ink
	var out []ink.Line
	sign := func(st ink.Style, sign, name, means string) {
		out = append(out, ink.Line{ink.Of(st, sign+" "+name), ink.Of(nil, strings.Repeat(" ", 14-len(name))+means)})
	}
	for f, means := range [...]string{
		debate.HeldRight: "right before, right after", debate.Corrected: "from a wrong answer to the right one", debate.Corrupted: "from the right answer to a wrong one",
		debate.StuckWrong: "the same wrong answer as before", debate.MovedWrong: "from one wrong answer to another", debate.Unread: "no answer can be read of the reply",
	} {
		sign(p.Fates[f], debate.Fate(f).Sign(), debate.Fate(f).String(), means)
	}
	sign(p.Failed, "×", "failed", "no reply, or no debate")
	sign(p.Tied, "=", "tied", "no answer had the most votes")
	for _, word := range [...][2]string{
		{"before, after", "accuracy of the vote over round 0, and of the verdict, with its 95 % interval"},
		{"harmful", "of the answers that were right, those that were wrong a round later"},
		{"helpful", "of the answers that were wrong, those that were right a round later"},
		{"votes", "agents with an answer; in brackets the sum of their confidences"},
		{"entropy", "of the votes, in nats: 0 when all agree"},
		{"consensus", "the share of the most frequent answer; agree, where cells are few"},
	} {
		if word[0] == "before, after" {
			out = append(out, nil, ink.Line{ink.Of(p.Bold, "words")})
		}
		for i, l := range p.Wrap(word[1], cells-16, 4) {
			out = append(out, ink.Line{ink.Of(p.Dim, ink.First(i, word[0]+strings.Repeat(" ", 16-len(word[0])))), ink.Of(nil, l)})
		}
	}
	return out
}
