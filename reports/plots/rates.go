package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
)

// revision shows the harmful and the beneficial revision rate of each arm.
func revision(r *reports.Report) (figure, bool) {
	var names []string
	var ns []int
	top := 0.0
	for _, a := range r.Overall.Arms {
		if a.Revisions.Harmful.N+a.Revisions.Beneficial.N > 0 {
			names = append(names, a.Name)
		}
	}
	for _, s := range r.Sections() {
		for _, a := range s.Arms {
			for _, rate := range []stats.Rate{a.Revisions.Harmful, a.Revisions.Beneficial} {
				if rate.N > 0 {
					ns = append(ns, rate.N)
					top = max(top, 100*rate.High)
				}
			}
		}
	}
	if len(names) == 0 {
		return figure{}, false
	}
	high := min(int(10*math.Ceil(top/10)), 100)
	harmful := series{color: paint.Corrupted, glyph: downGlyph{}, radius: 3.2, lying: true}
	helpful := series{color: paint.Corrected, glyph: upGlyph{}, radius: 3.2, lying: true}
	var rows [][]panel
	for i, s := range r.Sections() {
		if i%4 == 0 {
			rows = append(rows, nil)
		}
		row := &rows[len(rows)-1]
		heading := ""
		if len(r.Sets) > 0 {
			heading = sectionName(s)
		}
		p := newPanel(heading)
		down, up := harmful, helpful
		var arms plot.ConstantTicks
		for j, name := range names {
			at := float64(len(names) - j) // the first on top
			tick := plot.Tick{Value: at, Label: " "}
			if len(*row) == 0 {
				tick.Label = fit(armTitle(&r.Overall, r.Overall.Find(name)), style(7, ink, false), 34*vg.Millimeter)
			}
			arms = append(arms, tick)
			if a := s.Find(name); a != nil {
				if v := a.Revisions.Harmful; v.N > 0 {
					down.points = append(down.points, estimate(at-0.16, v))
				}
				if v := a.Revisions.Beneficial; v.N > 0 {
					up.points = append(up.points, estimate(at+0.16, v))
				}
			}
		}
		marks, grid := percentTicks(0, high, stepFor(high), true)
		p.plot.X.Min, p.plot.X.Max, p.plot.X.Tick.Marker = 0, float64(high), marks
		p.plot.Y.Min, p.plot.Y.Max, p.plot.Y.Tick.Marker = 0.4, float64(len(names))+0.6, arms
		p.plot.Y.Tick.Length = 0
		p.plot.Add(lines{at: grid, vertical: true, style: gridStyle}, down, up)
		*row = append(*row, p)
	}
	size := vg.Point{X: 38 * vg.Millimeter, Y: vg.Length(max(len(names), 2)) * 8 * vg.Millimeter}
	if len(r.Sets) == 0 {
		size.X = 112 * vg.Millimeter
	}
	return figure{
		title: title(r, "Harmful and beneficial revisions"), across: "% of answers", rows: rows, panel: size,
		subtitle: "% of agents' correct answers that became incorrect (harmful), % of incorrect answers that became correct (beneficial).",
		caption:  fmt.Sprintf("%s answers a rate. %s", span(ns), method(r, stats.Clustered)),
		legend:   []entry{lineEntry("beneficial revision rate", helpful), lineEntry("harmful revision rate", harmful)},
	}, true
}

// accuracy shows the mean agent, the vote and the oracle over the rounds of each arm.
func accuracy(r *reports.Report) (figure, bool) {
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
		return figure{}, false
	}
	step := stepFor(int(high - low))
	bottom, top := step*int(math.Floor(low/float64(step))), step*int(math.Ceil(high/float64(step)))
	mean := series{color: paint.HeldRight, width: vg.Points(1.4), band: true, glyph: draw.CircleGlyph{}, radius: 1.8}
	vote := series{color: ink, width: vg.Points(1.4), band: true, glyph: draw.BoxGlyph{}, radius: 1.9}
	oracle := series{color: paint.StuckWrong, width: vg.Points(1.1), band: true, dashes: []vg.Length{3, 2}}
	equal := series{color: paint.Unread, width: vg.Points(1), dashes: []vg.Length{1, 2}}
	rows, several := gridOf(r, debated, func(a *reports.Arm, p panel, first bool) {
		m, v, o := mean, vote, oracle
		for _, at := range a.Rounds {
			if at.Mean.N == 0 {
				continue
			}
			x := float64(at.Round)
			m.points = append(m.points, estimate(x, at.Mean))
			v.points = append(v.points, estimate(x, at.Vote))
			o.points = append(o.points, estimate(x, at.Oracle))
		}
		y, grid := percentTicks(bottom, top, step, first)
		p.plot.Y.Min, p.plot.Y.Max, p.plot.Y.Tick.Marker = float64(bottom), float64(top), y
		p.plot.X.Min, p.plot.X.Max, p.plot.X.Tick.Marker = -0.3, float64(last)+0.3, ticks(0, last, strconv.Itoa)
		p.plot.Add(lines{at: grid, style: gridStyle}, o, m, v)
		if b := a.SelfConsistency; b.Run() && 100*b.Rate.Value >= float64(bottom) && 100*b.Rate.Value <= float64(top) {
			p.plot.Add(lines{at: []float64{100 * b.Rate.Value}, style: draw.LineStyle{Color: equal.color, Width: equal.width, Dashes: equal.dashes}})
		}
	})
	f := figure{
		title: title(r, "Accuracy by round"), across: "round", rows: rows, panel: panelSize(rows, several),
		subtitle: "% right after each round; round 0 is the independent answer. An agent that no longer speaks stands by its last answer.",
		caption:  fmt.Sprintf("%s debates a point. %s", span(ns), method(r, used...)),
		legend:   []entry{lineEntry("mean agent", mean), lineEntry("vote (plurality)", vote), lineEntry("oracle: any agent right (a bound)", oracle)},
	}
	if slices.ContainsFunc(r.Overall.Arms, func(a reports.Arm) bool { return debated(&a) && a.SelfConsistency.Run() }) {
		f.legend = append(f.legend, lineEntry("self-consistency at equal calls", equal))
	}
	return f, true
}

// conformity shows how often correct answers turn incorrect, by how many of the peers that were read agreed with them.
func conformity(r *reports.Report) (figure, bool) {
	top, last := 0.0, 1
	var ns []int
	for _, s := range r.Sections() {
		for _, a := range s.Arms {
			for _, c := range a.Conformity {
				ns = append(ns, c.Harmful.N)
				top, last = max(top, 100*c.Harmful.High), max(last, c.Agreeing)
			}
		}
	}
	if len(ns) == 0 {
		return figure{}, false
	}
	high := min(int(10*math.Ceil(top/10)), 100)
	turned := series{color: paint.Corrupted, width: vg.Points(0.8), glyph: downGlyph{}, radius: 3}
	rows, several := gridOf(r, func(a *reports.Arm) bool { return len(a.Conformity) > 0 }, func(a *reports.Arm, p panel, first bool) {
		s := turned
		for _, c := range a.Conformity {
			s.points = append(s.points, estimate(float64(c.Agreeing), c.Harmful))
		}
		y, grid := percentTicks(0, high, stepFor(high), first)
		p.plot.Y.Min, p.plot.Y.Max, p.plot.Y.Tick.Marker = 0, float64(high), y
		p.plot.X.Min, p.plot.X.Max, p.plot.X.Tick.Marker = -0.4, float64(last)+0.4, ticks(0, last, strconv.Itoa)
		p.plot.Add(lines{at: grid, style: gridStyle}, s)
	})
	return figure{
		title: title(r, "Correct answers given up, by agreeing peers"), across: "peers that were read and agreed", rows: rows, panel: panelSize(rows, several),
		subtitle: "% of correct answers that became incorrect, by how many of the peers that were read held the same answer.",
		caption:  fmt.Sprintf("%s correct answers a point. %s", span(ns), method(r, stats.Clustered)),
		legend:   []entry{lineEntry("correct to incorrect", turned)},
	}, true
}
