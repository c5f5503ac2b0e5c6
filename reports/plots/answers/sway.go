package answers

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/social"
	"cheaptalk/reports/transcript"
)

const (
	swayReach   = 1.5 // of the axis across; agents are on a circle of radius 1
	swayHeight  = 1.3 // of the upright one
	agentRadius = vg.Length(4)
	// mostArrows is how many arrows of one arm can be told apart.
	mostArrows = 24
)

// Sway shows who turned whom: arrows from the agent whose answer was taken to the one that took it.
func Sway(r *reports.Report) (*figure.Figure, error) {
	var arms []*reports.Arm
	most, left, read := 0, 0, false
	var met []int
	for i := range r.Overall.Arms {
		a := &r.Overall.Arms[i]
		read = read || len(a.Sway) > 0
		all := 0
		for _, s := range a.Sway {
			all += s.Met
			most = max(most, s.Harmful, s.Beneficial)
		}
		if arrows := turns(a.Sway); len(arrows) > 0 {
			arms, met = append(arms, a), append(met, all)
			left += max(len(arrows)-mostArrows, 0)
		}
	}
	switch {
	case !read:
		return nil, errors.New("no agent that was asked again had read an answer other than its own")
	case len(arms) == 0:
		return nil, errors.New("no agent took an answer from another that made it right or wrong")
	}
	low := 0.0 // of the lowest agent
	columns, side := 3, 52*vg.Millimeter
	if len(arms) == 1 {
		columns, side = 1, 110*vg.Millimeter
	}
	for _, a := range arms {
		if len(a.Members) > 3 && columns > 2 {
			columns, side = 2, 82*vg.Millimeter
		}
		for i := range a.Members {
			low = min(low, seat(i, len(a.Members))[1])
		}
	}
	low -= 0.45
	var rows [][]figure.Panel
	for i, a := range arms {
		if i%columns == 0 {
			rows = append(rows, nil)
		}
		p := figure.NewPanel(panels.ArmTitle(&r.Overall, a))
		p.Plot.HideAxes()
		p.Plot.X.Min, p.Plot.X.Max, p.Plot.Y.Min, p.Plot.Y.Max = -swayReach, swayReach, low, swayHeight
		network(p, a, most, side)
		rows[len(rows)-1] = append(rows[len(rows)-1], p)
	}
	harmful := figure.Series{Color: paint.Corrupted, Width: vg.Points(1.4), Dashes: harmfulDashes}
	f := &figure.Figure{
		Title: panels.Title(r, "Who turned whom"), Rows: rows, Size: vg.Point{X: side, Y: side * vg.Length((swayHeight-low)/(2*swayReach))},
		Subtitle: "An arrow points to the agent that took the other's answer; its width and number count the revisions.",
		Caption: fmt.Sprintf("%s meetings with another answer an arm. Counts, without intervals. A revision that several peers stood behind counts for each; one wrong answer for another is not drawn.",
			panels.Span(met)),
		Legend: []figure.Entry{
			figure.LineEntry(debate.Corrected.Sign()+" turned right", figure.Series{Color: paint.Corrected, Width: vg.Points(1.4)}),
			figure.LineEntry(debate.Corrupted.Sign()+" turned wrong", harmful),
		},
	}
	if left > 0 {
		f.Caption += fmt.Sprintf(" The %d strongest arrows of an arm; %d weaker ones are left out.", mostArrows, left)
	}
	return f, nil
}

var harmfulDashes = []vg.Length{3, 1.5}

// turn is one arrow.
type turn struct {
	from, to string
	n        int
	harmful  bool
}

// turns makes the arrows of an arm, the strongest first.
func turns(sway []social.Sway) []turn {
	var all []turn
	for _, s := range sway {
		if s.Beneficial > 0 {
			all = append(all, turn{s.From, s.To, s.Beneficial, false})
		}
		if s.Harmful > 0 {
			all = append(all, turn{s.From, s.To, s.Harmful, true})
		}
	}
	slices.SortStableFunc(all, func(x, y turn) int { return cmp.Compare(y.n, x.n) })
	return all
}

// seat returns the place of an agent of so many: on a circle of radius 1, clockwise from the top.
func seat(i, of int) [2]float64 {
	angle := math.Pi/2 - 2*math.Pi*float64(i)/float64(of)
	return [2]float64{math.Cos(angle), math.Sin(angle)}
}

// network draws an arm. The widest arrow of all arms stands for most.
func network(p figure.Panel, a *reports.Arm, most int, side vg.Length) {
	places := map[string][2]float64{}
	var nodes figure.Nodes
	for i, m := range a.Members {
		at := seat(i, len(a.Members))
		places[m.Name] = at
		sty := figure.Style(7, figure.Ink, false)
		sty.XAlign, sty.YAlign = draw.XCenter, draw.YBottom
		away := agentRadius + 2
		if at[1] < -1e-9 {
			sty.YAlign, away = draw.YTop, -away
		}
		room := min(2*(swayReach-math.Abs(at[0])), 2*math.Pi/float64(max(len(a.Members)-1, 1)))
		name := figure.Fit(transcript.Line(m.Name), sty, max(vg.Length(room)*side/(2*swayReach), 26))
		nodes = append(nodes, figure.Node{Radius: agentRadius, Label: figure.Label{X: at[0], Y: at[1], Text: name, Style: sty, Offset: vg.Point{Y: away}}})
	}
	all := turns(a.Sway)
	all = all[:min(len(all), mostArrows)]
	slices.Reverse(all) // the strongest are drawn last, over the others
	var arrows figure.Arrows
	for _, t := range all {
		arrow := figure.Arrow{From: places[t.from], To: places[t.to], Gap: agentRadius + 1.5, Width: vg.Points(0.5 + 3*float64(t.n)/float64(most))}
		fate := debate.Corrected
		arrow.Bend = 0.09
		if t.harmful {
			fate, arrow.Bend, arrow.Dashes = debate.Corrupted, 0.22, harmfulDashes
		}
		arrow.Color, arrow.Label = paint.Fate(fate), fmt.Sprintf("%s%d", fate.Sign(), t.n)
		arrows = append(arrows, arrow)
	}
	p.Plot.Add(arrows, nodes)
}
