package tables

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"cheaptalk/reports/stats"
	"cheaptalk/reports/transcript"
	"cheaptalk/reports/words"
)

// none is what a cell without a value shows.
const none = "–"

// percent writes a rate in [0,1] as a percentage with one decimal.
func percent(x float64) string { return fmt.Sprintf("%.1f", 100*x) }

func raw(x float64) string { return strconv.FormatFloat(x, 'g', 6, 64) }

// builder makes a table column by column: each call to a method adds the column the first time and a cell every time.
type builder struct {
	table Table
	row   []Cell
}

// end ends a row.
func (b *builder) end() {
	b.table.Rows = append(b.table.Rows, b.row)
	b.row = nil
}

func (b *builder) add(c Column, cell Cell) {
	if len(b.table.Rows) == 0 {
		b.table.Columns = append(b.table.Columns, c)
	}
	b.row = append(b.row, cell)
}

// rateFields names the CSV columns of a rate.
func rateFields(name string) []string {
	return []string{name + "_k", name + "_n", name, name + "_low", name + "_high"}
}

// text adds a name. It is stripped of what could drive a terminal.
func (b *builder) text(field, head, s string) {
	s = transcript.Line(s)
	b.add(Column{Head: head, Left: true, Fields: []string{field}}, Cell{Text: s, Raw: []string{s}})
}

// count adds a count.
func (b *builder) count(field string, c Column, n int) {
	c.Fields = []string{field}
	b.add(c, Cell{Text: strconv.Itoa(n), Raw: []string{strconv.Itoa(n)}})
}

// countIf adds a count that has a meaning only sometimes.
func (b *builder) countIf(ok bool, field string, c Column, n int) {
	b.count(field, c, n)
	if !ok {
		b.row[len(b.row)-1] = Cell{Text: none, Raw: []string{""}}
	}
}

// number adds a number with so many decimals.
func (b *builder) number(ok bool, field string, c Column, x float64, decimals int) {
	c.Fields = []string{field}
	if !ok {
		b.add(c, Cell{Text: none, Raw: []string{""}})
		return
	}
	b.add(c, Cell{Text: strconv.FormatFloat(x, 'f', decimals, 64), Raw: []string{raw(x)}})
}

// rate adds a rate with its interval, which short cells leave out.
func (b *builder) rate(field string, c Column, r stats.Rate) {
	c.Fields = rateFields(field)
	if r.N == 0 {
		b.add(c, Cell{Text: none, Raw: []string{"0", "0", "", "", ""}})
		return
	}
	b.add(c, Cell{
		Text: fmt.Sprintf("%s ±%s", percent(r.Value), percent(r.Spread())), Shorts: []string{percent(r.Value)},
		Raw: []string{strconv.Itoa(r.K), strconv.Itoa(r.N), raw(r.Value), raw(r.Low), raw(r.High)},
	})
}

// plainRate adds a rate without showing its interval.
func (b *builder) plainRate(field string, c Column, r stats.Rate) {
	b.rate(field, c, r)
	cell := &b.row[len(b.row)-1]
	if r.N > 0 {
		cell.Text, cell.Shorts = cell.Shorts[0], nil
	}
}

// difference adds a difference in points with its interval and "~" where that includes 0.
func (b *builder) difference(ok bool, field string, c Column, d stats.Difference) {
	c.Fields = []string{field + "_n", field + "_b", field + "_c", field, field + "_low", field + "_high", field + "_p"}
	if d.N == 0 || !ok {
		b.add(c, Cell{Text: none, Raw: []string{"0", "", "", "", "", "", ""}})
		return
	}
	mark := "  "
	if d.Noise() {
		mark = " ~"
	}
	value := words.Points(d.Value)
	b.add(c, Cell{
		Text: fmt.Sprintf("%s [%s, %s]%s", value, words.Points(d.Low), words.Points(d.High), mark),
		Shorts: []string{
			fmt.Sprintf("%s [%s, %s]%s", value, whole(math.Floor(100*d.Low+1e-9)), whole(math.Ceil(100*d.High-1e-9)), mark),
			value + mark,
		},
		Raw: []string{strconv.Itoa(d.N), strconv.Itoa(d.B), strconv.Itoa(d.C), raw(d.Value), raw(d.Low), raw(d.High), raw(d.P)},
	})
}

// whole writes whole points with their sign, 0 as "+0".
func whole(x float64) string { return fmt.Sprintf("%+d", int(x)) }

// roundDifference adds a difference with the ends of its interval rounded outwards to whole points, unless it is narrower than five of them.
func (b *builder) roundDifference(ok bool, field string, c Column, d stats.Difference) {
	b.difference(ok, field, c, d)
	cell := &b.row[len(b.row)-1]
	if cell.Shorts != nil && d.High-d.Low > 0.05 {
		cell.Text, cell.Shorts = cell.Shorts[0], cell.Shorts[1:]
	}
}

// p adds a p value.
func (b *builder) p(field, head string, drop int, p float64) {
	text := fmt.Sprintf("%.3f", p)
	if p < 0.001 {
		text = "<0.001"
	}
	b.add(Column{Head: head, Drop: drop, Fields: []string{field}}, Cell{Text: text, Raw: []string{raw(p)}})
}

// col is short for a column.
func col(head, short string, drop int) Column { return Column{Head: head, Short: short, Drop: drop} }

// in is a column in a colour.
func (c Column) in(colour color.NRGBA) Column {
	c.Color = colour
	return c
}
