package outcomes

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// line is one line of a forest plot: a heading, or a difference.
type line struct {
	name       string
	heading    bool
	difference stats.Difference
	margin     float64
}

// Forest shows the paired differences between arms, and between each arm and its own vote before the debate.
func Forest(r *reports.Report) (*figure.Figure, error) {
	all := differences(&r.Overall)
	if len(all) == 0 {
		return nil, errors.New("there are no two arms with the same questions, and no arm that debated")
	}
	low, high := -5.0, 5.0
	margin := 0.0
	var ns []int
	var used []stats.Method
	for _, l := range all {
		if l.heading {
			continue
		}
		low, high = min(low, 100*l.difference.Low), max(high, 100*l.difference.High)
		margin = max(margin, 100*l.margin)
		ns, used = append(ns, l.difference.N), append(used, l.difference.Method)
	}
	step := panels.StepFor(int(high - low))
	left, right := step*int(math.Floor(low/float64(step))), step*int(math.Ceil(high/float64(step)))

	p := figure.NewPanel("")
	var labels figure.Labels
	better := figure.Series{Color: paint.Corrected, Glyph: figure.UpGlyph{}, Radius: 3.4, Lying: true}
	worse := figure.Series{Color: paint.Corrupted, Glyph: figure.DownGlyph{}, Radius: 3.4, Lying: true}
	noise := figure.Series{Color: paint.Grey, Glyph: draw.CircleGlyph{}, Radius: 2.4, Lying: true}
	var ground figure.Segments // the margin and the line at 0, but for the headings
	zero := float64(right-left) / 600
	for i, l := range all {
		at := float64(len(all) - i)
		if l.heading {
			sty := figure.Style(7.5, figure.Ink, true)
			sty.YAlign = draw.YCenter
			labels = append(labels, figure.Label{X: float64(left), Y: at - 0.1, Text: figure.Fit(l.name, sty, 80*vg.Millimeter), Style: sty, Offset: vg.Point{X: 4}})
			continue
		}
		if !all[i-1].heading {
			ground[len(ground)-1].Y0, ground[len(ground)-2].Y0 = at-0.5, at-0.5
		} else {
			ground = append(ground, figure.Segment{X0: -margin, X1: margin, Y0: at - 0.5, Y1: at + 0.5, Color: figure.Rule},
				figure.Segment{X0: -zero, X1: zero, Y0: at - 0.5, Y1: at + 0.5, Color: figure.Ink})
		}
		d := l.difference
		point := figure.Point{At: at, Value: 100 * d.Value, Low: 100 * d.Low, High: 100 * d.High}
		sign := ""
		switch {
		case d.Noise():
			noise.Points, sign = append(noise.Points, point), " ~"
		case d.Value > 0:
			better.Points = append(better.Points, point)
		default:
			worse.Points = append(worse.Points, point)
		}
		name, value := figure.Style(7, figure.Ink, false), figure.Style(7, figure.Ink, false)
		name.XAlign, name.YAlign, value.YAlign = draw.XRight, draw.YCenter, draw.YCenter
		labels = append(labels,
			figure.Label{X: float64(left), Y: at, Text: figure.Fit(l.name, name, 40*vg.Millimeter), Style: name, Offset: vg.Point{X: -5}},
			figure.Label{X: float64(right), Y: at, Text: fmt.Sprintf("%s [%s, %s]%s", points(d.Value), points(d.Low), points(d.High), sign), Style: value, Offset: vg.Point{X: 6}})
	}
	marks, grid := panels.PercentTicks(left, right, step, true)
	for i := range marks {
		marks[i].Label = signed("%+.0f", marks[i].Value)
	}
	p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = float64(left), float64(right), marks
	p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = 0.4, float64(len(all))+0.6, plot.ConstantTicks{}
	p.Plot.Y.LineStyle.Width = 0
	p.Plot.Add(figure.Lines{At: grid, Vertical: true, Style: figure.GridStyle}, ground, noise, better, worse, labels)

	f := &figure.Figure{
		Title: panels.Title(r, "Differences in accuracy, paired"), Across: "difference in points of accuracy", Rows: [][]figure.Panel{{p}},
		Size:     vg.Point{X: 84 * vg.Millimeter, Y: vg.Length(len(all))*5.5*vg.Millimeter + 3*vg.Millimeter},
		Subtitle: "On the same questions; right of the line the arm named is better. ~ marks noise: the interval includes 0.",
		Caption:  fmt.Sprintf("%s pairs a difference. %s The intervals are not adjusted for their number; Holm's p values are in the table of comparisons.", panels.Span(ns), pairedMethod(r, used)),
		Legend:   []figure.Entry{figure.LineEntry("better", better), figure.LineEntry("worse", worse), figure.LineEntry("~ noise", noise)},
	}
	if margin > 0 {
		f.Legend = append(f.Legend, figure.BoxEntry(fmt.Sprintf("within %g points: does not matter", math.Round(1000*margin)/1000), figure.Rule))
	}
	return f, nil
}

// differences makes the lines of a section: each arm against its own vote before the debate, then arms against each reference.
func differences(s *reports.Section) []line {
	var all []line
	add := func(heading string, l line) {
		if !slices.ContainsFunc(all, func(l line) bool { return l.heading && l.name == heading }) {
			all = append(all, line{name: heading, heading: true})
		}
		all = append(all, l)
	}
	for i := range s.Arms {
		if a := &s.Arms[i]; !a.Independent && a.Change.N > 0 {
			add("against its own vote before the debate", line{name: panels.ArmTitle(s, a), difference: a.Change, margin: a.Decision.Equivalence.Margin})
		}
	}
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		name := transcript.Line(c.Arm)
		if a := s.Find(c.Arm); a != nil {
			name = panels.ArmTitle(s, a)
		}
		add("against "+transcript.Line(c.Reference), line{name: name, difference: c.Difference, margin: c.Decision.Equivalence.Margin})
	}
	return all
}

// points writes a difference in points of accuracy, with its sign.
func points(d float64) string { return signed("%+.1f", 100*d) }

// signed writes a number with its sign, and a minus as wide as the plus; 0 has no sign.
func signed(format string, v float64) string {
	s := fmt.Sprintf(format, v)
	if strings.Trim(s, "+-0.") == "" {
		return s[1:]
	}
	return strings.Replace(s, "-", "\u2212", 1)
}

// pairedMethod says how the intervals of differences were made.
func pairedMethod(r *reports.Report, used []stats.Method) string {
	if slices.Contains(used, stats.Clustered) {
		return fmt.Sprintf("Intervals: %g %%, Newcombe's for paired rates at the effective sample size, clustered by question.", 100*r.Level)
	}
	return fmt.Sprintf("Intervals: %g %%, Newcombe's for paired rates.", 100*r.Level)
}
