package outcomes

import (
	"errors"
	"fmt"
	"strconv"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/transcript"
)

const (
	reliabilityColumns = 4
	// mostDiagrams is how many diagrams one figure takes.
	mostDiagrams = 40
	// The counts of answers are bars below the diagram, in units of its axis.
	barFloor, barHeight = -30.0, 16.0
)

// Reliability shows, for each agent of each arm, how often answers are right that were stated with a confidence: the reliability diagram
// (Murphy and Winkler 1977, Applied Statistics 26:41).
func Reliability(r *reports.Report) (*figure.Figure, error) {
	var rows [][]figure.Panel
	var ns []int
	all := 0
	for i := range r.Overall.Arms {
		a := &r.Overall.Arms[i]
		column := 0
		for j := range a.Members {
			m := &a.Members[j]
			if m.Last.N == 0 {
				continue
			}
			if all++; all > mostDiagrams {
				continue
			}
			if column%reliabilityColumns == 0 {
				rows = append(rows, nil)
			}
			p := diagram(m, column%reliabilityColumns == 0)
			if column == 0 {
				p.Plot.Y.Label.Text = figure.Fit(panels.ArmTitle(&r.Overall, a), figure.Style(8, figure.Ink, true), 42*vg.Millimeter)
				p.Plot.Y.Label.TextStyle.Font = figure.Style(8, figure.Ink, true).Font
			}
			rows[len(rows)-1] = append(rows[len(rows)-1], p)
			ns = append(ns, m.Last.N)
			column++
		}
	}
	if all == 0 {
		return nil, errors.New("no agent stated a confidence with a readable answer")
	}
	f := &figure.Figure{
		Title: panels.Title(r, "Does confidence mean anything?"), Across: "stated confidence, %", Rows: rows, Size: vg.Point{X: 40 * vg.Millimeter, Y: 48 * vg.Millimeter},
		Subtitle: "% right of the answers that each agent stands by at the end, by tenths of stated confidence. Below the diagonal it was too sure. Bars count the answers.",
		Caption: fmt.Sprintf("%s answers an agent. Intervals: %g %%, Clopper and Pearson's, as though answers were independent. ECE: expected calibration error over ten bins of equal width.",
			panels.Span(ns), 100*r.Level),
		Legend: []figure.Entry{figure.LineEntry("right", curve), figure.LineEntry("as sure as right", diagonal), figure.BoxEntry("answers", paint.MovedWrong)},
	}
	if all > mostDiagrams {
		f.Caption += fmt.Sprintf(" The first %d of %d agents of all arms.", mostDiagrams, all)
	}
	return f, nil
}

var (
	curve    = figure.Series{Color: paint.HeldRight, Width: vg.Points(1), Glyph: draw.CircleGlyph{}, Radius: 2}
	diagonal = figure.Series{Color: figure.Soft, Width: vg.Points(0.8), Dashes: []vg.Length{2, 2}}
)

// diagram draws one agent.
func diagram(m *reports.Member, labelled bool) figure.Panel {
	p := figure.NewPanel(transcript.Line(m.Name))
	y, grid := panels.PercentTicks(0, 100, 20, labelled)
	x, _ := panels.PercentTicks(0, 100, 20, true)
	p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = 0, 100, x
	p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = barFloor, 100, y
	most := 0
	for _, b := range m.Last.Bins {
		most = max(most, b.N)
	}
	right, even := curve, diagonal
	even.Points = []figure.Point{{At: 0, Value: 0}, {At: 100, Value: 100, Low: 100, High: 100}}
	var bars figure.Segments
	var labels figure.Labels
	small := figure.Style(5.5, figure.Soft, false)
	small.XAlign, small.YAlign = draw.XCenter, draw.YBottom
	for _, b := range m.Last.Bins {
		right.Points = append(right.Points, panels.Estimate(100*b.Confidence, b.Accuracy))
		top := barFloor + barHeight*float64(b.N)/float64(most)
		bars = append(bars, figure.Segment{X0: 100*b.From + 1, X1: 100*b.From + 9, Y0: barFloor, Y1: top, Color: paint.MovedWrong})
		labels = append(labels, figure.Label{X: 100*b.From + 5, Y: top, Text: short(b.N), Style: small, Offset: vg.Point{Y: 1}})
	}
	ece := figure.Style(7, figure.Ink, true)
	ece.YAlign = draw.YTop
	labels = append(labels, figure.Label{X: 0, Y: 100, Text: fmt.Sprintf("ECE %.2f", m.Last.ECE), Style: ece, Offset: vg.Point{X: 3, Y: -2}})
	n := figure.Style(6.5, figure.Soft, false)
	n.YAlign = draw.YTop
	labels = append(labels, figure.Label{X: 0, Y: 100, Text: "n " + strconv.Itoa(m.Last.N), Style: n, Offset: vg.Point{X: 3, Y: -11}})
	p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle}, bars, even, right, labels)
	return p
}

// short writes a count in at most four characters: 950, 1.2k, 12k, 3M.
func short(n int) string {
	switch {
	case n < 1000:
		return strconv.Itoa(n)
	case n < 9950:
		return strconv.FormatFloat(float64(n)/1000, 'f', 1, 64) + "k"
	case n < 999500:
		return strconv.FormatFloat(float64(n)/1000, 'f', 0, 64) + "k"
	}
	return strconv.FormatFloat(float64(n)/1e6, 'f', 0, 64) + "M"
}
