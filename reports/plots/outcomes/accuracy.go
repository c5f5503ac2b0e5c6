package outcomes

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/stats"
)

// Accuracy shows the mean agent, the vote and the oracle over the rounds of each arm.
func Accuracy(r *reports.Report) (*figure.Figure, error) {
	debated := func(a *reports.Arm) bool { return len(a.Rounds) > 1 && a.Rounds[0].Mean.N > 0 }
	low, high, last := 100.0, 0.0, 1
	var ns []int
	var used []stats.Method
	for _, s := range r.Sections() {
		for i := range s.Arms {
			a := &s.Arms[i]
			if !debated(a) {
				continue
			}
			last = max(last, len(a.Rounds)-1)
			for _, at := range a.Rounds {
				ns = append(ns, at.Vote.N)
				used = append(used, at.Mean.Method)
				for _, rate := range []stats.Rate{at.Mean, at.Vote, at.Oracle} {
					low, high = min(low, 100*rate.Low), max(high, 100*rate.High)
				}
			}
		}
	}
	if len(ns) == 0 {
		return nil, errors.New("no arm has a round after round 0")
	}
	step := panels.StepFor(int(high - low))
	bottom, top := step*int(math.Floor(low/float64(step))), step*int(math.Ceil(high/float64(step)))
	mean := figure.Series{Color: paint.HeldRight, Width: vg.Points(1.4), Band: true, Glyph: draw.CircleGlyph{}, Radius: 1.8}
	vote := figure.Series{Color: figure.Ink, Width: vg.Points(1.4), Band: true, Glyph: draw.BoxGlyph{}, Radius: 1.9}
	oracle := figure.Series{Color: paint.StuckWrong, Width: vg.Points(1.1), Band: true, Dashes: []vg.Length{3, 2}}
	equal := figure.Series{Color: paint.Unread, Width: vg.Points(1), Dashes: []vg.Length{1, 2}}
	rows, several := panels.Grid(r, debated, func(a *reports.Arm, p figure.Panel, first bool) {
		m, v, o := mean, vote, oracle
		for _, at := range a.Rounds {
			if at.Mean.N == 0 {
				continue
			}
			x := float64(at.Round)
			m.Points = append(m.Points, panels.Estimate(x, at.Mean))
			v.Points = append(v.Points, panels.Estimate(x, at.Vote))
			o.Points = append(o.Points, panels.Estimate(x, at.Oracle))
		}
		y, grid := panels.PercentTicks(bottom, top, step, first)
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = float64(bottom), float64(top), y
		p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = -0.3, float64(last)+0.3, panels.Ticks(0, last, strconv.Itoa)
		p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle}, o, m, v)
		if b := a.SelfConsistency; b.Run() && 100*b.Rate.Value >= float64(bottom) && 100*b.Rate.Value <= float64(top) {
			p.Plot.Add(figure.Lines{At: []float64{100 * b.Rate.Value}, Style: draw.LineStyle{Color: equal.Color, Width: equal.Width, Dashes: equal.Dashes}})
		}
	})
	f := &figure.Figure{
		Title: panels.Title(r, "Accuracy by round"), Across: "round", Rows: rows, Size: panels.Size(rows, several),
		Subtitle: "% right after each round; round 0 is the independent answer. An agent that no longer speaks stands by its last answer.",
		Caption:  fmt.Sprintf("%s debates a point. %s", panels.Span(ns), panels.Method(r, used...)),
		Legend:   []figure.Entry{figure.LineEntry("mean agent", mean), figure.LineEntry("vote (plurality)", vote), figure.LineEntry("oracle: any agent right (a bound)", oracle)},
	}
	if slices.ContainsFunc(r.Overall.Arms, func(a reports.Arm) bool { return debated(&a) && a.SelfConsistency.Run() }) {
		f.Legend = append(f.Legend, figure.LineEntry("self-consistency at equal calls", equal))
	}
	return f, nil
}
