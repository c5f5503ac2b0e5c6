package answers

import (
	"cmp"
	"fmt"
	"image/color"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
)

// The states of answers from the top of an upright to its bottom, and the flows between them: what leaves a state and what reaches one is stacked in the same order.
var states = [...]debate.State{debate.Correct, debate.Incorrect, debate.Unreadable}

// halfUpright is half the width of an upright that has a number in it.
const halfUpright = vg.Length(4.8)

// Alluvial shows how answers flow from round to round: an upright a round with the answers that agents stand by, and between two the fates of these.
func Alluvial(r *reports.Report) (*figure.Figure, error) {
	flows := func(a *reports.Arm) bool { return len(a.Rounds) > 1 && a.Revisions.Matrix.Total() > 0 }
	last := 0
	var ns []int
	for _, s := range r.Sections() {
		for i := range s.Arms {
			if a := &s.Arms[i]; flows(a) {
				last = max(last, len(a.Rounds)-1)
				ns = append(ns, a.Rounds[len(a.Rounds)-1].Mean.N)
			}
		}
	}
	if len(ns) == 0 {
		return nil, errAlone
	}
	pad := min(halfUpright, 30/vg.Length(last)) // many rounds leave no room for numbers
	rows, several := panels.Grid(r, flows, func(a *reports.Arm, p figure.Panel, first bool) {
		y, _ := panels.PercentTicks(0, 100, 20, first)
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = 0, 100, y
		p.Plot.X.Min, p.Plot.X.Max = -0.3, float64(last)+0.3
		p.Plot.X.Tick.Marker, p.Plot.X.Tick.Length = panels.Ticks(0, last, strconv.Itoa), 0
		if len(a.Rounds) == 0 || a.Rounds[len(a.Rounds)-1].Mean.N == 0 {
			return
		}
		ribbons, uprights, labels := alluvium(a, pad)
		p.Plot.Add(ribbons, uprights, labels)
	})
	f := &figure.Figure{
		Title: panels.Title(r, "How answers flow from round to round"), Across: "round", Rows: rows, Size: panels.Size(rows, several),
		Subtitle: "% of the answers that agents stand by after each round; round 0 is the independent answer. An agent that is not asked keeps its answer.",
		Caption:  fmt.Sprintf("%s answers a round. Shares, without intervals; those of what is right are in the accuracy plot, those of what changes in the revision plot.", panels.Span(ns)),
	}
	f.Legend = []figure.Entry{figure.BoxEntry("right", upright(debate.Correct)), figure.BoxEntry("wrong", upright(debate.Incorrect))}
	for _, fate := range debate.Fates {
		f.Legend = append(f.Legend, figure.BoxEntry(fate.Sign()+" "+fate.String(), paler(paint.Fate(fate))))
	}
	return f, nil
}

// upright returns the colour of a state.
func upright(s debate.State) color.NRGBA {
	return [...]color.NRGBA{debate.Correct: paint.HeldRight, debate.Incorrect: paint.StuckWrong, debate.Unreadable: paint.Unread}[s]
}

// paler returns a colour as on thin paper, so that uprights stand out from flows.
func paler(c color.NRGBA) color.NRGBA {
	half := func(v uint8) uint8 { return uint8(255 - (255-int(v))*13/20) }
	return color.NRGBA{half(c.R), half(c.G), half(c.B), 0xFF}
}

// held counts the standing answers of a round by state.
func held(at *reports.Round) (n [3]int) {
	n[debate.Correct], n[debate.Unreadable] = at.Mean.K, at.Unreadable
	n[debate.Incorrect] = at.Mean.N - at.Mean.K - at.Unreadable
	return n
}

// alluvium makes the flows, the uprights and their labels of an arm; the uprights hide the ends of the flows.
func alluvium(a *reports.Arm, pad vg.Length) (ribbons figure.Ribbons, uprights figure.Segments, labels figure.Labels) {
	percent := 100 / float64(a.Rounds[len(a.Rounds)-1].Mean.N)
	for i := range a.Rounds {
		x, top := float64(i), 100.0
		n := held(&a.Rounds[i])
		for _, s := range states {
			height := float64(n[s]) * percent
			uprights = append(uprights, figure.Segment{X0: x, X1: x, Pad: pad, Y0: top - height, Y1: top, Color: upright(s)})
			if height >= 9 && pad == halfUpright {
				sty := figure.Style(6.5, color.White, true)
				sty.XAlign, sty.YAlign = draw.XCenter, draw.YCenter
				labels = append(labels, figure.Label{X: x, Y: top - height/2, Text: strconv.FormatFloat(height, 'f', 0, 64), Style: sty, Offset: vg.Point{Y: 0.5}})
			}
			top -= height
		}
		if i > 0 {
			ribbons = append(ribbons, between(held(&a.Rounds[i-1]), n, a.Rounds[i].Revisions.Matrix, x, percent)...)
		}
	}
	return ribbons, uprights, labels
}

// between makes the flows into the round at x. before and after count the answers that stood, m those of them that were revised: the others were kept.
// Agents that had not answered before come from nowhere. The thinnest flow is the last, so that it is drawn over the others.
func between(before, after [3]int, m debate.Matrix, x, percent float64) figure.Ribbons {
	for _, s := range states {
		if kept := before[s] - m.N[s][0] - m.N[s][1] - m.N[s][2]; kept > 0 {
			m.N[s][s] += kept
		}
	}
	top := func(n [3]int) (at [3]float64) {
		y := 100.0
		for _, s := range states {
			at[s] = y
			y -= float64(n[s]) * percent
		}
		return at
	}
	left, right := top(before), top(after)
	var out figure.Ribbons
	for _, from := range states {
		for _, to := range states {
			for _, part := range parts(m, from, to) {
				if part.n == 0 {
					continue
				}
				height := float64(part.n) * percent
				out = append(out, figure.Ribbon{X0: x - 1, X1: x, Left: [2]float64{left[from] - height, left[from]},
					Right: [2]float64{right[to] - height, right[to]}, Color: paler(paint.Fate(part.fate))})
				left[from] -= height
				right[to] -= height
			}
		}
	}
	slices.SortStableFunc(out, func(a, b figure.Ribbon) int { return cmp.Compare(b.Left[1]-b.Left[0], a.Left[1]-a.Left[0]) })
	return out
}

// flow is some answers of one fate.
type flow struct {
	fate debate.Fate
	n    int
}

// parts splits the answers that went from a state to a state by their fate.
func parts(m debate.Matrix, from, to debate.State) []flow {
	n := m.N[from][to]
	switch {
	case from == debate.Unreadable || to == debate.Unreadable:
		return []flow{{debate.Unread, n}}
	case from == debate.Correct && to == debate.Correct:
		return []flow{{debate.HeldRight, n}}
	case from == debate.Correct:
		return []flow{{debate.Corrupted, n}}
	case to == debate.Correct:
		return []flow{{debate.Corrected, n}}
	}
	return []flow{{debate.StuckWrong, n - m.Moved}, {debate.MovedWrong, m.Moved}}
}
