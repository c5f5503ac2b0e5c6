package grid

import (
	"fmt"
	"image/color"
	"io"
	"slices"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"

	"cheaptalk/reports/paint"
)

// Table is a table before it is laid out.
type Table struct {
	Name    string // "accuracy": for file names
	Title   string
	Columns []Column
	Rows    [][]Cell // as many cells a row as there are columns
	Caption string   // how the numbers were made
	Notes   []string // warnings that belong to the numbers
}

// Column is one column of a table.
type Column struct {
	Head  string
	Short string // where room is scarce; "" means Head
	Left  bool   // aligned left, as names are
	// Drop ranks what gives way where room is scarce, the greatest first: heads and then cells are shortened in this order, then columns left out;
	// those of [DropFirst] and more are left out before anything is shortened. A column of 0 is shortened last and never left out.
	Drop  int
	Color color.NRGBA // of its text where there is colour; zero means none
	// Fields names the columns of a CSV file that it becomes.
	Fields []string
}

// DropFirst is the rank of columns that are left out before others are shortened.
const DropFirst = 10

// Cell is one cell.
type Cell struct {
	Text   string
	Shorts []string // ever shorter forms for where room is scarce
	Raw    []string // one a field of the column
}

// text returns the cell at a level of shortening.
func (c Cell) text(level int) string {
	if level = min(level, len(c.Shorts)); level > 0 {
		return c.Shorts[level-1]
	}
	return c.Text
}

// gap is the number of blanks between two columns.
const gap = 2

// shown is a column that a layout shows.
type shown struct {
	index int  // in Table.Columns
	level int  // of shortening of its cells
	brief bool // under its short head
}

// layout is what of a table is shown.
type layout struct {
	columns []shown
	names   int // the width to which columns of names are cut; 0 means none
	dropped []string
}

func (t *Table) head(s shown) string {
	if c := t.Columns[s.index]; !s.brief || c.Short == "" {
		return c.Head
	}
	return t.Columns[s.index].Short
}

// width returns the width of a column as shown.
func (t *Table) width(s shown) int {
	widest := paint.Width(t.head(s))
	for _, row := range t.Rows {
		widest = max(widest, paint.Width(row[s.index].text(s.level)))
	}
	return widest
}

// total returns the width of the widest line.
func (t *Table) total(l layout) int {
	sum := -gap
	for _, s := range l.columns {
		w := t.width(s)
		if t.Columns[s.index].Left && l.names > 0 {
			w = min(w, l.names)
		}
		sum += w + gap
	}
	return sum
}

// fit chooses a layout of at most max cells a line where there is one; max <= 0 means no limit.
func (t *Table) fit(max int) layout {
	var l layout
	for i := range t.Columns {
		l.columns = append(l.columns, shown{index: i})
	}
	fits := func() bool { return max <= 0 || t.total(l) <= max }
	for !fits() && t.drop(&l, DropFirst) {
	}
	for !fits() && t.shorten(&l, func(s shown) shown { s.brief = true; return s }) { // a head before a number loses anything
	}
	for !fits() && t.shorten(&l, func(s shown) shown { s.level, s.brief = s.level+1, true; return s }) {
	}
	t.cut(&l, fits, goodName)
	for !fits() && t.drop(&l, 1) {
	}
	t.cut(&l, fits, leastName)
	return l
}

// Names are cut to goodName before anything but the first to go is left out, and to leastName when nothing else is left to give way.
const goodName, leastName = 16, 6

// cut cuts the columns of names until the table fits, to no less than so many cells.
func (t *Table) cut(l *layout, fits func() bool, least int) {
	if fits() {
		return
	}
	if l.names == 0 {
		for _, s := range l.columns {
			if t.Columns[s.index].Left {
				l.names = max(l.names, t.width(s))
			}
		}
	}
	for !fits() && l.names > least {
		l.names--
	}
}

// drop leaves out the column of the greatest rank, the last of equals, if that is at least so much.
func (t *Table) drop(l *layout, least int) bool {
	worst := -1
	for at, s := range l.columns {
		if rank := t.Columns[s.index].Drop; rank >= least && (worst < 0 || rank >= t.Columns[l.columns[worst].index].Drop) {
			worst = at
		}
	}
	if worst < 0 {
		return false
	}
	l.dropped = append(l.dropped, t.Columns[l.columns[worst].index].Head)
	l.columns = slices.Delete(l.columns, worst, worst+1)
	return true
}

// shorten shortens the column of the greatest rank that would become narrower by that, the first of equals.
func (t *Table) shorten(l *layout, shorter func(shown) shown) bool {
	best := -1
	for at, s := range l.columns {
		if t.width(shorter(s)) < t.width(s) && (best < 0 || t.Columns[s.index].Drop > t.Columns[l.columns[best].index].Drop) {
			best = at
		}
	}
	if best < 0 {
		return false
	}
	l.columns[best] = shorter(l.columns[best])
	return true
}

// Write lays the table out for a terminal of so many columns, 0 or less for no limit, and writes it with its title and
// caption. color adds ANSI colours.
func (t *Table) Write(w io.Writer, columns int, color bool) error {
	pen := paint.Pen{Color: color}
	l := t.fit(columns)
	head := make([]string, len(l.columns))
	for at, s := range l.columns {
		head[at] = pen.In(paint.Grey, t.head(s))
		if color := t.Columns[s.index].Color; color.A > 0 {
			head[at] = pen.In(color, t.head(s))
		}
	}
	lines := [][]string{head}
	for _, row := range t.Rows {
		line := make([]string, len(l.columns))
		for at, s := range l.columns {
			line[at] = row[s.index].text(s.level)
			if t.Columns[s.index].Left && l.names > 0 {
				line[at] = paint.Cut(line[at], l.names)
			}
			if color := t.Columns[s.index].Color; color.A > 0 && line[at] != None {
				line[at] = pen.In(color, line[at])
			}
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	b.WriteString(pen.Bold(t.Title) + "\n")
	if err := t.align(&b, l, lines); err != nil {
		return err
	}
	caption := t.Caption
	if len(l.dropped) > 0 {
		caption += " Not shown at this width: " + strings.TrimSuffix(strings.Join(l.dropped, ", "), ".") + "."
	}
	if columns <= 0 || columns > 120 {
		columns = 120
	}
	for _, line := range paint.Wrap(caption, columns) {
		b.WriteString(pen.In(paint.Grey, line) + "\n")
	}
	for _, note := range t.Notes {
		for _, line := range paint.Wrap("! "+note, columns) {
			b.WriteString(line + "\n")
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// align writes the lines as a table without rules, and without blanks at line ends.
func (t *Table) align(b *strings.Builder, l layout, lines [][]string) error {
	var raw strings.Builder
	sides := make([]tw.Align, len(l.columns))
	for at, s := range l.columns {
		sides[at] = tw.AlignRight
		if t.Columns[s.index].Left {
			sides[at] = tw.AlignLeft
		}
	}
	padding := tw.CellPadding{Global: tw.Padding{Right: strings.Repeat(" ", gap), Overwrite: true}}
	table := tablewriter.NewTable(&raw,
		tablewriter.WithEastAsian(tw.Off),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithRenderer(renderer.NewBlueprint(tw.Rendition{
			Borders:  tw.BorderNone,
			Settings: tw.Settings{Lines: tw.LinesNone, Separators: tw.SeparatorsNone},
		})),
		tablewriter.WithRowConfig(tw.CellConfig{
			Formatting: tw.CellFormatting{AutoWrap: tw.WrapNone, AutoFormat: tw.Off},
			Alignment:  tw.CellAlignment{PerColumn: sides},
			Padding:    padding,
		}),
	)
	for _, line := range lines {
		if err := table.Append(line); err != nil {
			return fmt.Errorf("lay out table %s: %w", t.Name, err)
		}
	}
	if err := table.Render(); err != nil {
		return fmt.Errorf("lay out table %s: %w", t.Name, err)
	}
	for line := range strings.Lines(raw.String()) {
		line = strings.TrimRight(line, " \n")
		if cell, ok := strings.CutSuffix(line, " \x1b[0m"); ok { // the renderer ends the colour once more, behind the blanks that fill the cell
			line = strings.TrimRight(cell, " ")
		}
		b.WriteString(line + "\n")
	}
	return nil
}
