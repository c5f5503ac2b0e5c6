// Package view draws snapshots. Everything in it is a function of a [tui.Snapshot], what the person at the screen has chosen (a [Look]) and
// the terminal's [Palette]: the same three give the same lines. It keeps nothing, and asks nobody.
//
// Start reading at [Draw]. Lines are made of spans, and a span becomes bytes in one place (Palette.draw), where its text is cleaned
// and measured; so nothing that a model wrote can reach the terminal in another way, nor be wider than its column.
package view

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
	"cheaptalk/tui/view/debates"
	"cheaptalk/tui/view/runs"
)

// The least size that is drawn, in cells.
const (
	MinWidth  = 60
	MinHeight = 20
)

// Draw draws the screen.
func Draw(s *tui.Snapshot, look canvas.Look, p *ink.Palette) canvas.Frame {
	if look.Width < MinWidth || look.Height < MinHeight {
		return tooSmall(look, p)
	}
	c := &sheet{&canvas.Canvas{Snap: s, Look: look, Ink: p}}
	c.title()
	bottom := c.bottom()
	room := look.Height - len(c.Lines) - len(bottom)
	switch {
	case look.Help:
		c.help(room)
	case look.Experiment:
		runs.Draw(c.Canvas, room)
	case s.Debate == nil:
		c.nothing(room)
	case s.Beside != nil:
		debates.Compare(c.Canvas, room)
	default:
		debates.Draw(c.Canvas, room)
	}
	c.Pad(look.Height - len(bottom))
	for _, draw := range bottom {
		draw()
	}
	return canvas.Frame{Lines: c.Lines, Spots: c.Spots, Above: c.Above, Below: c.Below}
}

// sheet is the frame around the views: the first line, the last ones and the help.
type sheet struct{ *canvas.Canvas }

// title adds the first line: the two tabs, what is shown, and how far it is. Where there is no room for both tabs the other one is left out.
func (c *sheet) title() {
	p, s := c.Ink, c.Snap
	var state ink.Line
	add := func(st ink.Style, words string) {
		if words != "" {
			state = append(state, ink.Of(p.Dim, " · "), ink.Of(st, words))
		}
	}
	if s.Simulated {
		add(p.Bold, "simulated")
	}
	if c.Look.Paused {
		add(p.Notice, "paused")
	}
	if words := stateWords(s); words != "" && !(c.Look.Paused && s.State == tui.Running) {
		add(p.Notice, words)
	}
	name, filter := s.Title, ""
	if s.Debate != nil && !c.Look.Experiment {
		name = s.Debate.Case.String()
	}
	if !c.Look.Experiment || c.Look.Width < sideBySide { // else it stands with the debates
		filter = s.Filter.String()
	}
	if filter != "" {
		filter = " · / " + filter
	}
	left := ink.Line{ink.Of(p.Bold, "[debate]"), ink.Of(p.Dim, " experiment")}
	if c.Look.Experiment {
		left = ink.Line{ink.Of(p.Dim, "debate "), ink.Of(p.Bold, "[experiment]")}
	}
	room := c.Look.Width - 6 - p.Width(state) - 3 // of tabs and name
	if c.Look.Width < 80 || p.Width(left)+p.Ruler.Width(text.Line(name+filter)) > room {
		left = slices.DeleteFunc(left, func(tab ink.Span) bool { return tab.Style == p.Dim })
	}
	room -= p.Width(left)
	c.Spot(2, p.Width(left), canvas.Spot{Key: "tab"})
	left = append(left, state...)
	if s.Debate != nil && !c.Look.Experiment {
		name = c.Name(s.Debate.Case, max(room-min(p.Ruler.Width(text.Line(filter)), room/2), 16))
	} else if filter != "" && p.Ruler.Width(text.Line(name+filter)) > room {
		name = ""
	}
	if name != "" {
		left = append(left, ink.Of(p.Dim, " · "), ink.Of(nil, name))
	}
	left = append(left, ink.Of(p.Notice, filter))
	c.Across("┌┐", left, c.standing(left))
}

func stateWords(s *tui.Snapshot) string {
	switch s.State {
	case tui.Waiting:
		return "waiting"
	case tui.Stepping:
		return "waits for s"
	case tui.Stopping:
		return "stopping"
	case tui.Finished:
		if s.Replay {
			return "replay"
		}
		return "finished"
	case tui.Stopped:
		return "stopped"
	}
	if s.Replay {
		return "replay"
	}
	return ""
}

// standing says how far the debate and the run are, as much of it as fits beside left.
func (c *sheet) standing(left ink.Line) ink.Line {
	s := c.Snap
	var items []ink.Line
	add := func(words string) { items = append(items, ink.Plain(words)) }
	if d := s.Debate; d != nil && !c.Look.Experiment {
		switch {
		case d.Failed != "":
			items = append(items, ink.Line{ink.Of(c.Ink.Failed, "× failed")})
		case d.Over:
			add("over")
		case d.Round >= 0 && d.Rounds >= 1:
			add(fmt.Sprintf("round %d of %d", d.Round, d.Rounds))
		case d.Round >= 0:
			add(fmt.Sprintf("round %d", d.Round))
		}
		if d.Key != "" && !c.Look.Blind {
			items = append(items, ink.Line{ink.Of(nil, "key "), ink.Of(c.Ink.Bold, c.Ink.Answer(d.Key, 16))})
		}
	}
	if s.Planned > 0 {
		add(ink.Count(s.Done) + "/" + ink.Count(s.Planned))
	}
	if s.Left > 0 {
		add(ink.Clock(s.Left) + " left")
	}
	if s.Priced {
		add(ink.Dollars(s.Dollars))
	}
	return c.Ink.Join(items, " · ", c.Look.Width-2-c.Ink.Width(left)-6)
}

// bottom returns what draws the lines at the bottom of the screen, one each: trouble, notice, input and the keys.
func (c *sheet) bottom() []func() {
	p := c.Ink
	var out []func()
	if c.Snap.Trouble != "" {
		for i, words := range p.Wrap(c.Snap.Trouble, c.Look.Width-6, 2) {
			out = append(out, func() { c.Add(ink.Line{ink.Of(p.Failed, ink.First(i, "× ")), ink.Of(nil, words)}) })
		}
	}
	if in := c.Look.Input; in != nil {
		out = append(out, func() { c.Rule(ink.Line{ink.Of(p.Bold, in.Title)}, nil) })
		for i, f := range in.Fields {
			out = append(out, func() { c.Add(c.field(f, i == in.At, c.Look.Width-4)) })
		}
		for _, words := range p.Wrap(in.Note, c.Look.Width-4, 3) {
			out = append(out, func() { c.Add(ink.Line{ink.Of(p.Notice, words)}) })
		}
	}
	if c.Look.Notice != "" {
		out = append(out, func() { c.Add(ink.Line{ink.Of(p.Notice, c.Look.Notice)}) })
	}
	return append(out, c.keys)
}

// keys adds the last line. Each hint can be clicked. Where not all of them fit they stand closer.
func (c *sheet) keys() {
	hints := slices.Clone(c.Look.Hints)
	slices.SortStableFunc(hints, func(a, b canvas.Hint) int { return bit(a.Always) - bit(b.Always) })
	write := func(h canvas.Hint) ink.Line {
		return ink.Line{ink.Of(c.Ink.Bold, h.Key), ink.Of(c.Ink.Dim, " "+h.Does)}
	}
	all, sep := 0, " · "
	for _, h := range hints {
		all += c.Ink.Width(write(h)) + 3
	}
	if all-3 > c.Look.Width-5 {
		sep = "  "
	}
	gap := c.Ink.Ruler.Width(sep)
	kept := 0 // the cells of those that are always there and still to come
	for _, h := range hints {
		kept += bit(h.Always) * (c.Ink.Width(write(h)) + gap)
	}
	var items []ink.Line
	x := 2
	for _, h := range hints {
		item := write(h)
		w := c.Ink.Width(item)
		if kept -= bit(h.Always) * (w + gap); x+w+kept > c.Look.Width-3 {
			continue
		}
		key, _, _ := strings.Cut(h.Key, " ")
		c.Spot(x, w, canvas.Spot{Key: key})
		x += w + gap
		items = append(items, item)
	}
	c.Across("└┘", c.Ink.Join(items, sep, c.Look.Width), nil)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// field draws a line of a form. What is typed scrolls so that the caret is in view.
func (c *sheet) field(f canvas.Field, active bool, cells int) ink.Line {
	p := c.Ink
	label := fmt.Sprintf("%-12s ", f.Label)
	if !active {
		return ink.Line{ink.Of(p.Dim, label), ink.Of(nil, f.Text)}
	}
	runes := []rune(f.Text + " ")
	at := min(max(f.Caret, 0), len(runes)-1)
	from := 0
	for from < at && p.Ruler.Width(string(runes[from:at+1])) > cells-len(label) {
		from++
	}
	return ink.Line{ink.Of(p.Bold, label), ink.Of(nil, string(runes[from:at])), ink.Of(p.Caret, string(runes[at])), ink.Of(nil, string(runes[at+1:]))}
}

// nothing says that there is no debate yet.
func (c *sheet) nothing(room int) {
	for range (room - 1) / 2 {
		c.Add(nil)
	}
	words := "No debate has begun yet."
	switch {
	case c.Snap.Filter != tui.Filter{}:
		words = "No debate matches the filter " + c.Snap.Filter.String() + "."
	case c.Snap.State == tui.Finished || c.Snap.State == tui.Stopped:
		words = "There is no debate in this run."
	}
	c.Add(ink.Plain(strings.Repeat(" ", max((c.Look.Width-4-c.Ink.Ruler.Width(words))/2, 0)) + words))
}

// tooSmall says how large the terminal has to be.
func tooSmall(look canvas.Look, p *ink.Palette) canvas.Frame {
	words := fmt.Sprintf("cheaptalk needs a terminal of %d x %d; this one is %d x %d. q quits.", MinWidth, MinHeight, look.Width, look.Height)
	var f canvas.Frame
	lines := p.Ruler.Wrap(words, look.Width)
	for y := range max(look.Height, 0) {
		var l ink.Line
		if y < len(lines) {
			l = ink.Plain(lines[y])
		}
		f.Lines = append(f.Lines, p.Fit(l, max(look.Width, 0)))
	}
	return f
}
