package outcomes

import (
	"cmp"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/panels"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// family is the arms that one line joins: those whose names differ in numbers alone, or one arm in the variants of one data set.
type family struct {
	key, name string
	arms      []*reports.Arm // by size of the team
}

// number is a number in the name of an arm, with what ties it to the rest.
var number = regexp.MustCompile(`[ _.@-]*\d+[ _.@-]*`)

// families sorts the decided arms of a report into families, in the order of their first arms.
func families(r *reports.Report) []family {
	var all []family
	add := func(a *reports.Arm, key, name string) {
		i := slices.IndexFunc(all, func(f family) bool { return f.key == key })
		if i < 0 {
			i, all = len(all), append(all, family{key: key, name: name})
		} else if key != "" {
			all[i].name = key
		}
		all[i].arms = append(all[i].arms, a)
	}
	for _, a := range decided(&r.Overall) {
		variants := variantsOf(r, a.Name)
		for _, v := range variants {
			key := a.Name + ", " + v.set
			add(v.arm, key, key)
		}
		if len(variants) == 0 {
			add(a, strings.TrimSpace(number.ReplaceAllString(a.Name, " ")), a.Name)
		}
	}
	for _, f := range all {
		slices.SortStableFunc(f.arms, func(a, b *reports.Arm) int { return cmp.Compare(a.Agents, b.Agents) })
	}
	return all
}

// variant is an arm on one variant of a data set, such as "dylan@3-agents".
type variant struct {
	set string // without the variant
	arm *reports.Arm
}

// variantsOf returns the arm on each variant of its data sets, where it had teams of several sizes there.
func variantsOf(r *reports.Report, name string) []variant {
	var all []variant
	for i := range r.Sets {
		set, of, _ := strings.Cut(r.Sets[i].Set, "@")
		if a := r.Sets[i].Find(name); of != "" && a != nil && a.After.N > 0 {
			all = append(all, variant{set, a})
		}
	}
	if !slices.ContainsFunc(all, func(v variant) bool { return v.set == all[0].set && v.arm.Agents != all[0].arm.Agents }) {
		return nil
	}
	return all
}

// Team shows accuracy against the size of the team.
func Team(r *reports.Report) (*figure.Figure, error) {
	all := families(r)
	var arms []*reports.Arm
	var sizes []int
	for _, fam := range all {
		arms = append(arms, fam.arms...)
		for _, a := range fam.arms {
			sizes = append(sizes, a.Agents)
		}
	}
	slices.Sort(sizes)
	if sizes = slices.Compact(sizes); len(sizes) < 2 {
		return nil, errors.New("all teams are of one size")
	}
	var marks plot.ConstantTicks
	for i, n := range sizes {
		marks = append(marks, plot.Tick{Value: float64(i), Label: strconv.Itoa(n)})
	}
	bottom, top, step := reach(arms)
	p := figure.NewPanel("")
	y, grid := panels.PercentTicks(bottom, top, step, true)
	p.Plot.Y.Min, p.Plot.Y.Max, p.Plot.Y.Tick.Marker = float64(bottom), float64(top), y
	p.Plot.X.Min, p.Plot.X.Max, p.Plot.X.Tick.Marker = -0.5, float64(len(sizes))-0.5, marks
	p.Plot.Add(figure.Lines{At: grid, Style: figure.GridStyle})

	f := &figure.Figure{
		Title: panels.Title(r, "Accuracy by size of the team"), Across: "agents in the team", Rows: [][]figure.Panel{{p}}, Size: vg.Point{X: 132 * vg.Millimeter, Y: 70 * vg.Millimeter},
		Subtitle: "% right at the end. Grey: nobody hears anyone. Joined: arms whose names differ in numbers alone, or one arm on variants of a data set.",
	}
	var ns []int
	var used []stats.Method
	var discs figure.Discs
	apart := min(10*float64(len(sizes))/float64(f.Size.X), 0.8/float64(len(all))) // a disc, or less where there is no room
	for i, fam := range all {
		beside := apart * (float64(i) - float64(len(all)-1)/2)
		line := figure.Series{Width: vg.Points(1.2), Band: true}
		for _, a := range fam.arms { // a line that ends in a debate is one of debates
			if line.Color, line.Dashes = paint.HeldRight, nil; a.Independent {
				line.Color, line.Dashes = figure.Soft, []vg.Length{4, 2}
			}
			at := panels.Estimate(float64(slices.Index(sizes, a.Agents))+beside, a.After)
			line.Points = append(line.Points, at)
			discs = append(discs, figure.Disc{Point: at, Number: i + 1, Color: line.Color})
			ns, used = append(ns, a.After.N), append(used, a.After.Method)
		}
		if len(fam.arms) > 1 {
			p.Plot.Add(line)
		}
		f.Legend = append(f.Legend, figure.DiscEntry(i+1, transcript.Line(fam.name), line.Color))
	}
	p.Plot.Add(discs)
	f.Caption = fmt.Sprintf("%s debates a point. %s Sizes are drawn at equal distances, arms of one size side by side; these may differ in more than the size.", panels.Span(ns), panels.Method(r, used...))
	return f, nil
}
