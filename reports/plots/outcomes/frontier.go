package outcomes

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/stats"
)

// price is what a debate costs, in one currency.
type price struct {
	unit string
	of   func(*reports.Arm) float64
}

// Frontier shows what the accuracy of each arm costs, and joins the arms that no other beats: none is as cheap and as accurate, and better in one of both.
func Frontier(r *reports.Report) (*figure.Figure, error) {
	arms := decided(&r.Overall)
	if len(arms) < 2 {
		return nil, errors.New("there are no two arms with decided debates")
	}
	var prices []price
	for _, p := range []price{
		{"calls", func(a *reports.Arm) float64 { return a.Cost.Calls }},
		{"tokens", func(a *reports.Arm) float64 { return a.Cost.PromptTokens + a.Cost.CompletionTokens }},
	} {
		if slices.ContainsFunc(arms, func(a *reports.Arm) bool { return p.of(a) > 0 }) {
			prices = append(prices, p)
		}
	}
	if len(prices) == 0 {
		return nil, errors.New("no reply says what it cost")
	}
	bottom, top, step := reach(arms)
	best := make([]bool, len(arms))
	var row []figure.Panel
	for i, c := range prices {
		p := figure.NewPanel(c.unit + " a debate")
		y, grid := panels.PercentTicks(bottom, top, step, i == 0)
		p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = float64(bottom), float64(top), y
		high := 0.0
		for _, a := range arms {
			high = max(high, c.of(a))
		}
		p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = 0, 1.15*high, amounts(1.15*high)
		frontier := undominated(arms, c.of)
		for _, at := range frontier {
			best[at] = true
		}
		var discs figure.Discs
		for j, a := range arms {
			d := figure.Disc{Point: panels.Estimate(c.of(a), a.After), Number: j + 1, Color: figure.Soft}
			if slices.Contains(frontier, j) {
				d.Color, d.Joined = paint.HeldRight, true
			}
			discs = append(discs, d)
		}
		p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle}, discs)
		row = append(row, p)
	}
	size := vg.Point{X: 132 * vg.Millimeter, Y: 62 * vg.Millimeter}
	if len(row) > 1 {
		size.X = 66 * vg.Millimeter
	}
	var ns []int
	var used []stats.Method
	f := &figure.Figure{
		Title: panels.Title(r, "What accuracy costs"), Across: "mean cost of a debate, the judge included", Rows: [][]figure.Panel{row}, Size: size,
		Subtitle: "% right at the end. Blue and joined: arms that no other beats in accuracy without costing more.",
	}
	for i, a := range arms {
		colour := figure.Soft
		if best[i] {
			colour = paint.HeldRight
		}
		name := panels.ArmTitle(&r.Overall, a)
		for j, c := range prices {
			name += fmt.Sprintf("%s %s %s", [...]string{":", ","}[j], amount(c.of(a)), c.unit)
		}
		f.Legend = append(f.Legend, figure.DiscEntry(i+1, name, colour))
		ns, used = append(ns, a.After.N), append(used, a.After.Method)
	}
	f.Caption = fmt.Sprintf("%s debates an arm. %s Arms of about one cost are drawn side by side; the legend has their costs. An arm may be unbeaten by chance: see the intervals.",
		panels.Span(ns), panels.Method(r, used...))
	return f, nil
}

// decided returns the arms of a section with a primary verdict, in their order.
func decided(s *reports.Section) []*reports.Arm {
	var arms []*reports.Arm
	for i := range s.Arms {
		if s.Arms[i].After.N > 0 {
			arms = append(arms, &s.Arms[i])
		}
	}
	return arms
}

// reach chooses an axis for the accuracy of arms with their intervals, in percent.
func reach(arms []*reports.Arm) (bottom, top, step int) {
	low, high := 100.0, 0.0
	for _, a := range arms {
		low, high = min(low, 100*a.After.Low), max(high, 100*a.After.High)
	}
	step = panels.StepFor(int(high - low))
	return step * int(math.Floor(low/float64(step))), step * int(math.Ceil(high/float64(step))), step
}

// undominated returns the arms that no other beats, the cheapest first.
func undominated(arms []*reports.Arm, cost func(*reports.Arm) float64) []int {
	var out []int
	for i, a := range arms {
		if !slices.ContainsFunc(arms, func(b *reports.Arm) bool {
			return cost(b) <= cost(a) && b.After.Value >= a.After.Value && (cost(b) < cost(a) || b.After.Value > a.After.Value)
		}) {
			out = append(out, i)
		}
	}
	slices.SortStableFunc(out, func(i, j int) int { return cmp.Compare(cost(arms[i]), cost(arms[j])) })
	return out
}

// amount writes a mean cost: "9.5", "1284".
func amount(v float64) string {
	if v < 100 {
		return strconv.FormatFloat(math.Round(10*v)/10, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// amounts marks round numbers from 0 to high, at most six.
func amounts(high float64) plot.ConstantTicks {
	step := math.Pow(10, math.Floor(math.Log10(high)))
	for _, part := range []float64{0.1, 0.2, 0.5, 1, 2} {
		if high/(step*part) <= 6 {
			step *= part
			break
		}
	}
	var t plot.ConstantTicks
	for i := 0.0; i*step <= high; i++ {
		v := math.Round(1e6*i*step) / 1e6 // 0.6, not 0.6000000000000001
		t = append(t, plot.Tick{Value: v, Label: strconv.FormatFloat(v, 'f', -1, 64)})
	}
	return t
}
