package answers

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
)

// errAlone says why there is nothing to draw of revisions.
var errAlone = errors.New("no agent was asked twice in a debate: there are no revisions")

// rising and falling are the fates above and below the line of the transitions plot, from the line outwards.
var (
	rising  = []debate.Fate{debate.Corrected, debate.HeldRight}
	falling = []debate.Fate{debate.Corrupted, debate.StuckWrong, debate.MovedWrong, debate.Unread}
)

// Transitions is the signature plot: one bar a round, what was right after it above the line, the rest below.
func Transitions(r *reports.Report) (*figure.Figure, error) {
	top, bottom, last := 0.0, 0.0, 1
	var ns []int
	share := func(m debate.Matrix, fates []debate.Fate) float64 {
		n := 0
		for _, f := range fates {
			n += m.Of(f)
		}
		return 100 * float64(n) / float64(m.Total())
	}
	for _, s := range r.Sections() {
		for _, a := range s.Arms {
			for _, at := range a.Rounds {
				if m := at.Revisions.Matrix; m.Total() > 0 {
					top, bottom = max(top, share(m, rising)), max(bottom, share(m, falling))
					last = max(last, at.Round)
					ns = append(ns, m.Total())
				}
			}
		}
	}
	if len(ns) == 0 {
		return nil, errAlone
	}
	high, low := int(10*math.Ceil(top/10)), -int(10*math.Ceil(bottom/10))
	step := panels.StepFor(high - low)
	low = -step * int(math.Ceil(float64(-low)/float64(step)))
	half := 0.12 * float64(min(last, 3)) // of the width of a bar
	rows, several := panels.Grid(r, func(a *reports.Arm) bool { return a.Revisions.Matrix.Total() > 0 }, func(a *reports.Arm, p figure.Panel, first bool) {
		var bars figure.Segments
		for _, at := range a.Rounds {
			if m := at.Revisions.Matrix; m.Total() > 0 {
				bars = append(bars, stack(m, float64(at.Round), half, rising, 1)...)
				bars = append(bars, stack(m, float64(at.Round), half, falling, -1)...)
			}
		}
		y, grid := panels.PercentTicks(low, high, step, first)
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = float64(low), float64(high), y
		p.Plot.X.Min, p.Plot.X.Max = 0.45, float64(last)+0.55
		p.Plot.X.Tick.Marker, p.Plot.X.Tick.Length = panels.Ticks(1, last, strconv.Itoa), 0
		p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle}, bars, figure.Lines{At: []float64{0}, Style: draw.LineStyle{Color: figure.Ink, Width: vg.Points(0.9)}})
	})
	f := &figure.Figure{
		Title: panels.Title(r, "What became of answers, round by round"), Across: "debate round", Rows: rows, Size: panels.Size(rows, several),
		Subtitle: "% of agents' transitions from one reply to the next. Above the line: right afterwards. Below: not right afterwards.",
		Caption:  fmt.Sprintf("%s transitions a bar. Shares of all transitions of a round, without intervals; the rates with theirs are in the revision plot.", panels.Span(ns)),
	}
	for _, fate := range debate.Fates {
		f.Legend = append(f.Legend, figure.BoxEntry(fate.Sign()+" "+fate.String(), paint.Fate(fate)))
	}
	return f, nil
}

// stack makes the part of a bar on one side of the line, from the line outwards.
func stack(m debate.Matrix, round, half float64, fates []debate.Fate, sign float64) figure.Segments {
	var s figure.Segments
	from := 0.0
	for _, f := range fates {
		to := from + sign*100*float64(m.Of(f))/float64(m.Total())
		s = append(s, figure.Segment{X0: round - half, X1: round + half, Y0: from, Y1: to, Color: paint.Fate(f)})
		from = to
	}
	return s
}
