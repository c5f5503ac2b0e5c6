package answers

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/stats"
)

// Revision shows the harmful and the beneficial revision rate of each arm.
func Revision(r *reports.Report) (*figure.Figure, error) {
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
		return nil, errAlone
	}
	high := min(int(10*math.Ceil(top/10)), 100)
	harmful := figure.Series{Color: paint.Corrupted, Glyph: figure.DownGlyph{}, Radius: 3.2, Lying: true}
	helpful := figure.Series{Color: paint.Corrected, Glyph: figure.UpGlyph{}, Radius: 3.2, Lying: true}
	var rows [][]figure.Panel
	for i, s := range r.Sections() {
		if i%4 == 0 {
			rows = append(rows, nil)
		}
		row := &rows[len(rows)-1]
		heading := ""
		if len(r.Sets) > 0 {
			heading = panels.SectionName(s)
		}
		p := figure.NewPanel(heading)
		down, up := harmful, helpful
		var arms plot.ConstantTicks
		for j, name := range names {
			at := float64(len(names) - j) // the first on top
			tick := plot.Tick{Value: at, Label: " "}
			if len(*row) == 0 {
				tick.Label = figure.Fit(panels.ArmTitle(&r.Overall, r.Overall.Find(name)), figure.Style(7, figure.Ink, false), 34*vg.Millimeter)
			}
			arms = append(arms, tick)
			if a := s.Find(name); a != nil {
				if v := a.Revisions.Harmful; v.N > 0 {
					down.Points = append(down.Points, panels.Estimate(at-0.16, v))
				}
				if v := a.Revisions.Beneficial; v.N > 0 {
					up.Points = append(up.Points, panels.Estimate(at+0.16, v))
				}
			}
		}
		marks, grid := panels.PercentTicks(0, high, panels.StepFor(high), true)
		p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = 0, float64(high), marks
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = 0.4, float64(len(names))+0.6, arms
		p.Plot.Y.Tick.Length = 0
		p.Plot.Add(figure.Lines{At: grid, Vertical: true, Style: figure.GridStyle}, down, up)
		*row = append(*row, p)
	}
	size := vg.Point{X: 38 * vg.Millimeter, Y: vg.Length(max(len(names), 2)) * 8 * vg.Millimeter}
	if len(r.Sets) == 0 {
		size.X = 112 * vg.Millimeter
	}
	return &figure.Figure{
		Title: panels.Title(r, "Harmful and beneficial revisions"), Across: "% of answers", Rows: rows, Size: size,
		Subtitle: "% of agents' correct answers that became incorrect (harmful), % of incorrect answers that became correct (beneficial).",
		Caption:  fmt.Sprintf("%s answers a rate. %s", panels.Span(ns), panels.Method(r, stats.Clustered)),
		Legend:   []figure.Entry{figure.LineEntry("beneficial revision rate", helpful), figure.LineEntry("harmful revision rate", harmful)},
	}, nil
}

// Conformity shows how often correct answers turn incorrect, by how many of the peers that were read agreed with them.
func Conformity(r *reports.Report) (*figure.Figure, error) {
	top, last := 0.0, 1
	var ns []int
	for _, s := range r.Sections() {
		for _, a := range s.Arms {
			for _, c := range a.Conformity {
				if c.Harmful.N == 0 { // only incorrect answers had so many agreeing peers
					continue
				}
				ns = append(ns, c.Harmful.N)
				top, last = max(top, 100*c.Harmful.High), max(last, c.Agreeing)
			}
		}
	}
	if len(ns) == 0 {
		return nil, errors.New("no agent revised a right answer after it had read others")
	}
	high := min(int(10*math.Ceil(top/10)), 100)
	turned := figure.Series{Color: paint.Corrupted, Width: vg.Points(0.8), Glyph: figure.DownGlyph{}, Radius: 3}
	rows, several := panels.Grid(r, func(a *reports.Arm) bool { return len(a.Conformity) > 0 }, func(a *reports.Arm, p figure.Panel, first bool) {
		s := turned
		for _, c := range a.Conformity {
			if c.Harmful.N > 0 {
				s.Points = append(s.Points, panels.Estimate(float64(c.Agreeing), c.Harmful))
			}
		}
		y, grid := panels.PercentTicks(0, high, panels.StepFor(high), first)
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = 0, float64(high), y
		p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = -0.4, float64(last)+0.4, panels.Ticks(0, last, strconv.Itoa)
		p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle}, s)
	})
	return &figure.Figure{
		Title: panels.Title(r, "Correct answers given up, by agreeing peers"), Across: "peers that were read and agreed", Rows: rows, Size: panels.Size(rows, several),
		Subtitle: "% of correct answers that became incorrect, by how many of the peers that were read held the same answer.",
		Caption:  fmt.Sprintf("%s correct answers a point. %s", panels.Span(ns), panels.Method(r, stats.Clustered)),
		Legend:   []figure.Entry{figure.LineEntry("correct to incorrect", turned)},
	}, nil
}
