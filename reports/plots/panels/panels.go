package panels

import (
	"fmt"
	"slices"
	"strconv"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"

	"cheaptalk/reports"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
)

// Title makes the title of a figure.
func Title(r *reports.Report, subject string) string {
	s := subject
	if r.Name != "" {
		s += " · " + transcript.Line(r.Name)
	}
	if r.Simulated {
		s += " · simulated"
	}
	return s
}

// ArmTitle names an arm, marked where it is simulated and the whole run is not.
func ArmTitle(s *reports.Section, a *reports.Arm) string {
	name := transcript.Line(a.Name)
	if a.Simulated && slices.ContainsFunc(s.Arms, func(a reports.Arm) bool { return !a.Simulated }) {
		name += " (sim.)"
	}
	return name
}

// SectionName names a section in a figure that has several.
func SectionName(s *reports.Section) string {
	if s.Set == "" {
		return "all sets"
	}
	return transcript.Line(s.Set)
}

// Span writes the smallest and largest of some numbers of observations: "474–480".
func Span(ns []int) string {
	low, high := slices.Min(ns), slices.Max(ns)
	if low == high {
		return strconv.Itoa(low)
	}
	return fmt.Sprintf("%d–%d", low, high)
}

// Method says how the intervals were made.
func Method(r *reports.Report, used ...stats.Method) string {
	if slices.Contains(used, stats.Clustered) {
		return fmt.Sprintf("Intervals: %g %%, Wilson's at the effective sample size, clustered by question.", 100*r.Level)
	}
	return fmt.Sprintf("Intervals: %g %%, Wilson's.", 100*r.Level)
}

// Grid makes a grid of panels with a row a section and a column an arm, for the arms that the figure has data for. With one
// section the arms are wrapped into rows. make is told whether the panel is the first of its row, which has the labels of the y axis.
func Grid(r *reports.Report, has func(*reports.Arm) bool, draw func(a *reports.Arm, p figure.Panel, first bool)) (rows [][]figure.Panel, several bool) {
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
		var row []figure.Panel
		for i, name := range names {
			if i%columns == 0 && i > 0 {
				rows = append(rows, row)
				row = nil
			}
			heading := ""
			if len(rows) == 0 || !several {
				heading = ArmTitle(&r.Overall, r.Overall.Find(name))
			}
			p := figure.NewPanel(heading)
			first := len(row) == 0
			if several && first {
				p.Plot.Y.Label.Text = SectionName(s)
				p.Plot.Y.Label.TextStyle.Font = figure.Style(8, figure.Ink, true).Font
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

// Size returns the size of the data areas of a grid.
func Size(rows [][]figure.Panel, several bool) vg.Point {
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

// Ticks labels whole numbers from low to high.
func Ticks(low, high int, label func(int) string) plot.ConstantTicks {
	var t plot.ConstantTicks
	for i := low; i <= high; i++ {
		t = append(t, plot.Tick{Value: float64(i), Label: label(i)})
	}
	return t
}

// PercentTicks labels a range of percentages, from low to high by step; without labels only the marks stay.
func PercentTicks(low, high, step int, labels bool) (t plot.ConstantTicks, at []float64) {
	for v := low; v <= high; v += step {
		tick := plot.Tick{Value: float64(v), Label: " "}
		if labels {
			tick.Label = strconv.Itoa(max(v, -v))
		}
		t, at = append(t, tick), append(at, float64(v))
	}
	return t, at
}

// StepFor chooses a distance of ticks for a range of percentages.
func StepFor(length int) int {
	for _, step := range []int{5, 10, 20} {
		if length/step <= 6 {
			return step
		}
	}
	return 25
}

// Estimate makes a point of a rate, in percent.
func Estimate(at float64, r stats.Rate) figure.Point {
	return figure.Point{At: at, Value: 100 * r.Value, Low: 100 * r.Low, High: 100 * r.High}
}

// Source says what a figure was made of.
func Source(r *reports.Report) string {
	name := "a run without a name"
	if r.Name != "" {
		name = "run " + transcript.Line(r.Name)
	}
	debates := 0
	for i := range r.Overall.Arms {
		debates += r.Overall.Arms[i].Debates
	}
	return fmt.Sprintf("Source: %s, %s, %s in %s.", name, count(r.Overall.Questions, "question"), count(debates, "debate"), count(len(r.Overall.Arms), "arm"))
}

// count writes a number with its noun: "1 arm", "2 arms".
func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return fmt.Sprintf("%d %s", n, noun)
}
