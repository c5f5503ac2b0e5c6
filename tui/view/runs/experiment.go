// Package runs draws the experiment around the debates: how far it is, what it cost, how its arms stand, and the lists of what happened.
package runs

import (
	"fmt"
	"math"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/canvas"
	"cheaptalk/tui/ink"
)

// sheet is the screen that a run is drawn on.
type sheet struct{ *canvas.Canvas }

// Draw draws the run of a snapshot in so many lines: progress, accuracy by arm, what happened between rounds, and the lists.
func Draw(on *canvas.Canvas, room int) {
	c := sheet{on}
	end := len(c.Lines) + room
	c.progress()
	if len(c.Snap.Arms) == 0 {
		c.Rule(ink.Line{ink.Of(c.Ink.Bold, "arms")}, nil)
		c.Add(ink.Line{ink.Of(c.Ink.Dim, "none has finished a debate")})
	} else {
		var legend ink.Line
		if c.Look.Width >= 120 {
			legend = ink.Line{ink.Of(c.Ink.Dim, "changes, % of transitions: "+fateLegend())}
		}
		if s := c.Snap; s.Person && s.State != tui.Finished && s.State != tui.Stopped {
			legend = ink.Line{ink.Of(c.Ink.Dim, "shown when you have played all")}
		}
		c.table("accuracy by arm, %", legend, c.accuracy(), max(end-len(c.Lines)-5, 3))
		if c.Look.Width < 120 && end-len(c.Lines) >= len(c.Snap.Arms)+9 {
			legend := fateLegend()
			if c.Look.Width < 80 {
				legend = "% of transitions"
			}
			c.table("changes", ink.Line{ink.Of(c.Ink.Dim, legend)}, c.changes(), len(c.Snap.Arms)+2)
		}
	}
	c.lists(end - len(c.Lines))
}

// progress adds how far the run is and what it cost so far.
func (c sheet) progress() {
	p, s := c.Ink, c.Snap
	share := 0.0
	if s.Planned > 0 {
		share = float64(s.Done) / float64(s.Planned)
	}
	read := ""
	if s.Replay && s.Done < s.Planned {
		read = " read so far"
	}
	items := []ink.Line{ink.Plain(fmt.Sprintf("%s/%s debates%s", ink.Count(s.Done), ink.Count(s.Planned), read))}
	if s.Failed > 0 {
		items = append(items, ink.Line{ink.Of(p.Failed, fmt.Sprintf("× %s failed", ink.Count(s.Failed)))})
	}
	if s.InFlight > 0 {
		items = append(items, ink.Plain(fmt.Sprintf("%s in flight", ink.Count(s.InFlight))))
	}
	if s.Left > 0 {
		items = append(items, ink.Plain(ink.Clock(s.Left)+" left"))
	}
	if s.Elapsed > 0 {
		items = append(items, ink.Plain(ink.Clock(s.Elapsed)+" elapsed"))
	}
	if s.PerSecond > 0 {
		items = append(items, ink.Plain(perSecond(s.PerSecond)))
	}
	cells := c.Look.Width - 4
	bar := p.Bar(share, max(10, min(40, cells/4)), p.Fates[debate.HeldRight])
	l := append(bar, ink.Of(nil, fmt.Sprintf(" %3.0f %%  ", 100*share)))
	c.Add(append(l, p.Join(items, " · ", cells-p.Width(l))...))
	u := s.Usage
	items = []ink.Line{ink.Plain(ink.Count(u.Calls) + " calls")}
	if u.PromptTokens+u.CompletionTokens > 0 { // simulated agents have none
		items = append(items, ink.Plain(ink.About(u.PromptTokens)+" tokens in"), ink.Plain(ink.About(u.CompletionTokens)+" out"))
	}
	if s.Priced {
		items = append(items, ink.Plain(ink.Dollars(s.Dollars)))
	} else {
		items = append(items, ink.Line{ink.Of(p.Dim, "no prices")})
	}
	if u.ReasoningTokens > 0 {
		items = append(items, ink.Plain(ink.About(u.ReasoningTokens)+" of it thinking"))
	}
	if u.CachedTokens > 0 {
		items = append(items, ink.Plain(ink.About(u.CachedTokens)+" cached"))
	}
	if u.Estimated > 0 {
		items = append(items, ink.Plain("tokens of "+ink.Count(u.Estimated)+" calls estimated"))
	}
	c.Add(p.Join(items, " · ", cells))
}

func perSecond(v float64) string {
	if v < 1 {
		return fmt.Sprintf("%.1f a minute", v*60)
	}
	return ink.About(int(v+.5)) + "/s"
}

// column is a column of a table. Its cells stand at the right, save in the first.
type column struct {
	head  ink.Line
	cell  func(tui.Arm) ink.Line
	spare bool // no other stands closer for its sake
}

// fit returns how wide each column has to be for its head and its cells, with two blanks before it, or one where the columns need it.
// Columns that do not fit even so are left out, the last first.
func (c sheet) fit(columns []column, arms []tui.Arm) (widths []int) {
	p, room := c.Ink, c.Look.Width-4
	used, needed := 0, 0
	for i, col := range columns {
		w := p.Width(col.head)
		for _, arm := range arms {
			w = max(w, p.Width(col.cell(arm)))
		}
		if i > 0 {
			w += 2
		}
		widths = append(widths, w)
		if used += w; !col.spare {
			needed = used
		}
	}
	if needed > room {
		for i := range widths[1:] {
			widths[i+1]--
		}
		used -= len(widths) - 1
	}
	for used > room && len(widths) > 1 {
		used -= widths[len(widths)-1]
		widths = widths[:len(widths)-1]
	}
	widths[0] += min(room-used, 20)
	return widths
}

// table adds a heading, the head of a table and a line an arm, in at most so many lines.
func (c sheet) table(title string, legend ink.Line, columns []column, most int) {
	p := c.Ink
	arms := c.Snap.Arms
	if len(arms) > most-2 {
		arms = arms[:max(most-3, 1)]
	}
	widths := c.fit(columns, arms)
	row := func(cell func(column) ink.Line) {
		var l ink.Line
		for i, width := range widths {
			words := cell(columns[i])
			pad := ink.Of(nil, strings.Repeat(" ", max(width-p.Width(words), 0)))
			if i == 0 {
				l = append(append(l, words...), pad)
			} else {
				l = append(append(l, pad), words...)
			}
		}
		c.Add(l)
	}
	c.Rule(ink.Line{ink.Of(p.Bold, title)}, legend)
	row(func(col column) ink.Line { return col.head })
	for _, arm := range arms {
		row(func(col column) ink.Line { return col.cell(arm) })
	}
	if n := len(c.Snap.Arms) - len(arms); n > 0 {
		c.Add(ink.Line{ink.Of(p.Dim, fmt.Sprintf("… and %d more arms", n))})
	}
}

// fateLegend says what the signs at the head of the columns mean.
func fateLegend() string {
	var words []string
	for i, name := range [...]string{"held", "corrected", "corrupted", "stuck", "moved", "unreadable"} {
		words = append(words, debate.Fates[i].Sign()+" "+name)
	}
	return strings.Join(words, " ")
}

// armName writes the name of an arm, cut where the others would have no room.
func (c sheet) armName(a tui.Arm) ink.Line {
	return ink.Plain(c.Ink.Ruler.Cut(a.Name, 12+min(20, c.Look.Width-60)/2))
}

func (c sheet) accuracy() []column {
	p := c.Ink
	head := func(s string) ink.Line { return ink.Line{ink.Of(p.Dim, s)} }
	out := []column{
		{head("arm"), c.armName, false},
		{head("n"), func(a tui.Arm) ink.Line { return ink.Plain(ink.Count(a.N)) }, false},
		{head("before"), func(a tui.Arm) ink.Line {
			if a.Before.N == 0 {
				return ink.Plain("–")
			}
			return ink.Plain(ink.Percent(a.Before.Value))
		}, false},
		{head("after"), func(a tui.Arm) ink.Line { return ink.Plain(rate(a.After, false)) }, false},
		{head("change"), func(a tui.Arm) ink.Line {
			if a.Matrix.Total() == 0 { // nobody answered twice
				return ink.Plain("–")
			}
			if a.Change.N > 0 && a.Change.Low <= 0 && a.Change.High >= 0 {
				return ink.Line{ink.Of(p.Dim, rate(a.Change, true))}
			}
			return ink.Line{ink.Of(p.Bold, rate(a.Change, true))}
		}, false},
	}
	if c.Look.Width >= 150 {
		out = append(out, column{ink.Line{ink.Of(p.Dim, "-20      0      +20")}, func(a tui.Arm) ink.Line {
			if a.Matrix.Total() == 0 {
				return nil
			}
			return whisker(a.Change, 19, 20)
		}, false})
	}
	if c.Look.Width >= 120 {
		out = append(out, c.fates()...)
	}
	return append(out,
		column{head("ties"), func(a tui.Arm) ink.Line { return ink.Plain(ink.Count(a.Tied)) }, true},
		column{head("failed"), func(a tui.Arm) ink.Line { return ink.Plain(ink.Count(a.Failed)) }, true},
		column{head("took"), func(a tui.Arm) ink.Line {
			if a.Took == 0 {
				return ink.Plain("–")
			}
			return ink.Plain(ink.Clock(a.Took))
		}, true})
}

// changes is the transition matrix of each arm as shares of its transitions.
func (c sheet) changes() []column {
	return append([]column{{ink.Line{ink.Of(c.Ink.Dim, "arm")}, c.armName, false}}, c.fates()...)
}

func (c sheet) fates() []column {
	p := c.Ink
	var out []column
	for _, f := range debate.Fates {
		out = append(out, column{ink.Line{ink.Of(p.Fates[f], f.Sign())}, func(a tui.Arm) ink.Line {
			if a.Matrix.Total() == 0 {
				return ink.Plain("–")
			}
			return ink.Plain(ink.Percent(100 * float64(a.Matrix.Of(f)) / float64(a.Matrix.Total())))
		}, false})
	}
	revision := func(f debate.Fate, head string, of func(tui.Arm) tui.Rate) column {
		return column{ink.Line{ink.Of(p.Fates[f], head)}, func(a tui.Arm) ink.Line {
			r := of(a)
			if r.N == 0 {
				return ink.Plain("–")
			}
			return ink.Plain(ink.Percent(r.Value))
		}, false}
	}
	return append(out,
		revision(debate.Corrupted, "▼ harmful", func(a tui.Arm) tui.Rate { return a.Harmful }),
		revision(debate.Corrected, "▲ helpful", func(a tui.Arm) tui.Rate { return a.Beneficial }))
}

// rate writes a rate with its interval, whose ends are rounded outwards as in the report: "64.1 [57, 71]"; "–" where there is none.
func rate(r tui.Rate, signed bool) string {
	if r.N == 0 {
		return "–"
	}
	verb := "%.1f [%d, %d]"
	if signed {
		verb = "%+.1f [%+d, %+d]"
	}
	return fmt.Sprintf(verb, r.Value, int(math.Floor(r.Low+1e-7)), int(math.Ceil(r.High-1e-7)))
}

// whisker draws an interval around zero on a scale from -most to most. An arrow stands where it goes on beyond the scale.
func whisker(r tui.Rate, cells int, most float64) ink.Line {
	if r.N == 0 {
		return nil
	}
	at := func(v float64) int {
		return min(max(int((v+most)/(2*most)*float64(cells-1)+.5), 0), cells-1)
	}
	runes := []rune(strings.Repeat(" ", cells))
	runes[at(0)] = '·'
	for i := at(r.Low); i <= at(r.High); i++ {
		runes[i] = '─'
	}
	runes[at(r.Low)], runes[at(r.High)] = '├', '┤'
	if r.Low < -most {
		runes[0] = '←'
	}
	if r.High > most {
		runes[cells-1] = '→'
	}
	runes[at(r.Value)] = '●'
	return ink.Plain(string(runes))
}
