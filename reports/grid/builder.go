package grid

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"cheaptalk/reports/stats"
	"cheaptalk/reports/stats/resample"
	"cheaptalk/reports/transcript"
	"cheaptalk/reports/words"
)

// None is what a cell without a value shows.
const None = "–"

// Percent writes a rate in [0,1] as a percentage with one decimal.
func Percent(x float64) string { return fmt.Sprintf("%.1f", 100*x) }

// Raw writes a number for CSV.
func Raw(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// Builder makes a table column by column: each call to a method adds the column the first time and a cell every time.
type Builder struct {
	Table Table
	Row   []Cell
}

// End ends a row.
func (b *Builder) End() {
	b.Table.Rows = append(b.Table.Rows, b.Row)
	b.Row = nil
}

func (b *Builder) Add(c Column, cell Cell) {
	if len(b.Table.Rows) == 0 {
		b.Table.Columns = append(b.Table.Columns, c)
	}
	b.Row = append(b.Row, cell)
}

// rateFields names the CSV columns of a rate.
func rateFields(name string) []string {
	return []string{name + "_k", name + "_n", name, name + "_low", name + "_high"}
}

// Text adds a name. It is stripped of what could drive a terminal.
func (b *Builder) Text(field, head, s string) {
	s = transcript.Line(s)
	b.Add(Column{Head: head, Left: true, Fields: []string{field}}, Cell{Text: s, Raw: []string{s}})
}

// Count adds a count.
func (b *Builder) Count(field string, c Column, n int) {
	c.Fields = []string{field}
	b.Add(c, Cell{Text: strconv.Itoa(n), Raw: []string{strconv.Itoa(n)}})
}

// CountIf adds a count that has a meaning only sometimes.
func (b *Builder) CountIf(ok bool, field string, c Column, n int) {
	b.Count(field, c, n)
	if !ok {
		b.Row[len(b.Row)-1] = Cell{Text: None, Raw: []string{""}}
	}
}

// Number adds a number with so many decimals.
func (b *Builder) Number(ok bool, field string, c Column, x float64, decimals int) {
	c.Fields = []string{field}
	if !ok {
		b.Add(c, Cell{Text: None, Raw: []string{""}})
		return
	}
	b.Add(c, Cell{Text: strconv.FormatFloat(x, 'f', decimals, 64), Raw: []string{Raw(x)}})
}

// Rate adds a rate with its interval, which short cells leave out.
func (b *Builder) Rate(field string, c Column, r stats.Rate) {
	c.Fields = rateFields(field)
	if r.N == 0 {
		b.Add(c, Cell{Text: None, Raw: []string{"0", "0", "", "", ""}})
		return
	}
	b.Add(c, Cell{
		Text: fmt.Sprintf("%s ±%s", Percent(r.Value), Percent(r.Spread())), Shorts: []string{Percent(r.Value)},
		Raw: []string{strconv.Itoa(r.K), strconv.Itoa(r.N), Raw(r.Value), Raw(r.Low), Raw(r.High)},
	})
}

// PlainRate adds a rate without showing its interval.
func (b *Builder) PlainRate(field string, c Column, r stats.Rate) {
	b.Rate(field, c, r)
	cell := &b.Row[len(b.Row)-1]
	if r.N > 0 {
		cell.Text, cell.Shorts = cell.Shorts[0], nil
	}
}

// Difference adds a difference in points with its interval and "~" where that includes 0.
func (b *Builder) Difference(ok bool, field string, c Column, d stats.Difference) {
	c.Fields = []string{field + "_n", field + "_b", field + "_c", field, field + "_low", field + "_high", field + "_p"}
	if d.N == 0 || !ok {
		b.Add(c, Cell{Text: None, Raw: []string{"0", "", "", "", "", "", ""}})
		return
	}
	mark := "  "
	if d.Noise() {
		mark = " ~"
	}
	value := words.Points(d.Value)
	b.Add(c, Cell{
		Text: fmt.Sprintf("%s [%s, %s]%s", value, words.Points(d.Low), words.Points(d.High), mark),
		Shorts: []string{
			fmt.Sprintf("%s [%s, %s]%s", value, whole(math.Floor(100*d.Low+1e-9)), whole(math.Ceil(100*d.High-1e-9)), mark),
			value + mark,
		},
		Raw: []string{strconv.Itoa(d.N), strconv.Itoa(d.B), strconv.Itoa(d.C), Raw(d.Value), Raw(d.Low), Raw(d.High), Raw(d.P)},
	})
}

// whole writes whole points with their sign, 0 as "+0".
func whole(x float64) string { return fmt.Sprintf("%+d", int(x)) }

// RoundDifference adds a difference with the ends of its interval rounded outwards to whole points, unless it is narrower than five of them.
func (b *Builder) RoundDifference(ok bool, field string, c Column, d stats.Difference) {
	b.Difference(ok, field, c, d)
	cell := &b.Row[len(b.Row)-1]
	if cell.Shorts != nil && d.High-d.Low > 0.05 {
		cell.Text, cell.Shorts = cell.Shorts[0], cell.Shorts[1:]
	}
}

// Interval adds a bootstrap interval of a difference, in points.
func (b *Builder) Interval(field string, c Column, v resample.Interval) {
	c.Fields = []string{field + "_low", field + "_high"}
	if v.Draws == 0 {
		b.Add(c, Cell{Text: None, Raw: []string{"", ""}})
		return
	}
	b.Add(c, Cell{Text: fmt.Sprintf("[%s, %s]", words.Points(v.Low), words.Points(v.High)), Raw: []string{Raw(v.Low), Raw(v.High)}})
}

// Range adds the two ends of an interval with two decimals.
func (b *Builder) Range(ok bool, field string, c Column, low, high float64) {
	c.Fields = []string{field + "_low", field + "_high"}
	if !ok {
		b.Add(c, Cell{Text: None, Raw: []string{"", ""}})
		return
	}
	b.Add(c, Cell{Text: fmt.Sprintf("[%.2f, %.2f]", low, high), Raw: []string{Raw(low), Raw(high)}})
}

// Odds adds an odds ratio with its interval; nil is none.
func (b *Builder) Odds(field string, c Column, o *stats.Odds) {
	c.Fields = []string{field, field + "_low", field + "_high"}
	if o == nil {
		b.Add(c, Cell{Text: None, Raw: []string{"", "", ""}})
		return
	}
	if o.High == 0 {
		b.Add(c, Cell{Text: fmt.Sprintf("≥ %.2f", o.Low), Raw: []string{"", Raw(o.Low), ""}})
		return
	}
	b.Add(c, Cell{Text: fmt.Sprintf("%.2f [%.2f, %.2f]", o.Ratio, o.Low, o.High), Shorts: []string{fmt.Sprintf("%.2f", o.Ratio)},
		Raw: []string{Raw(o.Ratio), Raw(o.Low), Raw(o.High)}})
}

// Points adds a share as points or percent without a sign, with one decimal.
func (b *Builder) Points(ok bool, field string, c Column, x float64) {
	b.Number(ok, field, c, x, 0)
	if ok {
		b.Row[len(b.Row)-1].Text = Percent(x)
	}
}

// PValue writes a p value.
func PValue(p float64) string {
	if p < 0.001 {
		return "<0.001"
	}
	return fmt.Sprintf("%.3f", p)
}

// P adds a p value.
func (b *Builder) P(field, head string, drop int, p float64) {
	b.Add(Column{Head: head, Drop: drop, Fields: []string{field}}, Cell{Text: PValue(p), Raw: []string{Raw(p)}})
}

// Col is short for a column.
func Col(head, short string, drop int) Column { return Column{Head: head, Short: short, Drop: drop} }

// In is a column in a colour.
func (c Column) In(colour color.NRGBA) Column {
	c.Color = colour
	return c
}
