package plots

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// title makes the title of a figure.
func title(r *reports.Report, subject string) string {
	s := subject
	if r.Name != "" {
		s += " · " + transcript.Line(r.Name)
	}
	if r.Simulated {
		s += " · simulated"
	}
	return s
}

// armTitle names an arm, marked where it is simulated and the whole run is not.
func armTitle(s *reports.Section, a *reports.Arm) string {
	name := transcript.Line(a.Name)
	if a.Simulated && slices.ContainsFunc(s.Arms, func(a reports.Arm) bool { return !a.Simulated }) {
		name += " (sim.)"
	}
	return name
}

// sectionName names a section in a figure that has several.
func sectionName(s *reports.Section) string {
	if s.Set == "" {
		return "all sets"
	}
	return transcript.Line(s.Set)
}

// span writes the smallest and largest of some numbers of observations: "474–480".
func span(ns []int) string {
	low, high := slices.Min(ns), slices.Max(ns)
	if low == high {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d–%d", low, high)
}

// method says how the intervals were made.
func method(r *reports.Report, used ...stats.Method) string {
	if slices.Contains(used, stats.Clustered) {
		return fmt.Sprintf("Intervals: %g %%, Wilson's at the effective sample size, clustered by question.", 100*r.Level)
	}
	return fmt.Sprintf("Intervals: %g %%, Wilson's.", 100*r.Level)
}

// gridOf makes a grid of panels with a row a section and a column an arm, for the arms that the figure has data for. With one
// section the arms are wrapped into rows. make is told whether the panel is the first of its row, which has the labels of the y axis.
func gridOf(r *reports.Report, has func(*reports.Arm) bool, draw func(a *reports.Arm, p panel, first bool)) (rows [][]panel, several bool) {
	sections := r.Sections()
	var names []string
	for i := range r.Overall.Arms {
		if a := &r.Overall.Arms[i]; has(a) {
			names = append(names, a.Name)
		}
	}
	if len(names) == 0 {
		return nil, false
	}
	several = len(sections) > 1
	columns := len(names)
	if !several && columns > 4 {
		columns = (columns + (columns+3)/4 - 1) / ((columns + 3) / 4)
	}
	for _, s := range sections {
		var row []panel
		for i, name := range names {
			if i%columns == 0 && i > 0 {
				rows = append(rows, row)
				row = nil
			}
			heading := ""
			if len(rows) == 0 || !several {
				heading = armTitle(&r.Overall, r.Overall.Find(name))
			}
			p := newPanel(heading)
			first := len(row) == 0
			if several && first {
				p.plot.Y.Label.Text = sectionName(s)
				p.plot.Y.Label.TextStyle.Font = style(8, ink, true).Font
			}
			a := s.Find(name)
			if a == nil {
				a = &reports.Arm{}
			}
			draw(a, p, first)
			row = append(row, p)
		}
		rows = append(rows, row)
	}
	return rows, several
}

// panelSize returns the size of the data areas of a grid.
func panelSize(rows [][]panel, several bool) vg.Point {
	size := vg.Point{X: 40 * vg.Millimeter, Y: 42 * vg.Millimeter}
	switch columns := len(rows[0]); {
	case columns == 1:
		size.X = 132 * vg.Millimeter
	case columns == 2:
		size.X = 62 * vg.Millimeter
	case columns > 4:
		size.X = 27 * vg.Millimeter
	}
	if several || len(rows) > 1 {
		size.Y = 32 * vg.Millimeter
	}
	return size
}

// ticks labels whole numbers from low to high.
func ticks(low, high int, label func(int) string) plot.ConstantTicks {
	var t plot.ConstantTicks
	for i := low; i <= high; i++ {
		t = append(t, plot.Tick{Value: float64(i), Label: label(i)})
	}
	return t
}

// percentTicks labels a range of percentages, from low to high by step; without labels only the marks stay.
func percentTicks(low, high, step int, labels bool) (t plot.ConstantTicks, at []float64) {
	for v := low; v <= high; v += step {
		tick := plot.Tick{Value: float64(v), Label: " "}
		if labels {
			tick.Label = strconv.Itoa(max(v, -v))
		}
		t, at = append(t, tick), append(at, float64(v))
	}
	return t, at
}

// stepFor chooses a distance of ticks for a range of percentages.
func stepFor(length int) int {
	for _, step := range []int{5, 10, 20} {
		if length/step <= 6 {
			return step
		}
	}
	return 25
}

var gridStyle = draw.LineStyle{Color: rule, Width: vg.Points(0.6)}

// rising and falling are the fates above and below the line of the transitions plot, from the line outwards.
var (
	rising  = []debate.Fate{debate.Corrected, debate.HeldRight}
	falling = []debate.Fate{debate.Corrupted, debate.StuckWrong, debate.MovedWrong, debate.Unread}
)

// transitions is the signature plot: one bar a round, what was right after it above the line, the rest below.
func transitions(r *reports.Report) (figure, bool) {
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
		return figure{}, false
	}
	high, low := int(10*math.Ceil(top/10)), -int(10*math.Ceil(bottom/10))
	step := stepFor(high - low)
	low = -step * int(math.Ceil(float64(-low)/float64(step)))
	half := 0.12 * float64(min(last, 3)) // of the width of a bar
	rows, several := gridOf(r, func(a *reports.Arm) bool { return a.Revisions.Matrix.Total() > 0 }, func(a *reports.Arm, p panel, first bool) {
		var bars segments
		for _, at := range a.Rounds {
			if m := at.Revisions.Matrix; m.Total() > 0 {
				bars = append(bars, stack(m, float64(at.Round), half, rising, 1)...)
				bars = append(bars, stack(m, float64(at.Round), half, falling, -1)...)
			}
		}
		y, grid := percentTicks(low, high, step, first)
		p.plot.Y.Min, p.plot.Y.Max, p.plot.Y.Tick.Marker = float64(low), float64(high), y
		p.plot.X.Min, p.plot.X.Max = 0.45, float64(last)+0.55
		p.plot.X.Tick.Marker, p.plot.X.Tick.Length = ticks(1, last, strconv.Itoa), 0
		p.plot.Add(lines{at: grid, style: gridStyle}, bars, lines{at: []float64{0}, style: draw.LineStyle{Color: ink, Width: vg.Points(0.9)}})
	})
	f := figure{
		title: title(r, "What became of answers, round by round"), across: "debate round", rows: rows, panel: panelSize(rows, several),
		subtitle: "% of agents' transitions from one reply to the next. Above the line: right afterwards. Below: not right afterwards.",
		caption:  fmt.Sprintf("%s transitions a bar. Shares of all transitions of a round, without intervals; the rates with theirs are in the revision plot.", span(ns)),
	}
	for _, fate := range debate.Fates {
		f.legend = append(f.legend, boxEntry(fate.Sign()+" "+fate.String(), paint.Fate(fate)))
	}
	return f, true
}

// stack makes the part of a bar on one side of the line, from the line outwards.
func stack(m debate.Matrix, round, half float64, fates []debate.Fate, sign float64) segments {
	var s segments
	from := 0.0
	for _, f := range fates {
		to := from + sign*100*float64(m.Of(f))/float64(m.Total())
		s = append(s, segment{round - half, round + half, from, to, paint.Fate(f)})
		from = to
	}
	return s
}

// estimate makes a point of a rate, in percent.
func estimate(at float64, r stats.Rate) point {
	return point{at, 100 * r.Value, 100 * r.Low, 100 * r.High}
}
