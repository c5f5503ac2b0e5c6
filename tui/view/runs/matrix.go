package runs

import (
	"fmt"

	"cheaptalk/debate"
	"cheaptalk/tui/ink"
)

// matrixLines are the lines of matrix where the table of arms has the rest.
const matrixLines = 6

// matrix writes the transitions of all arms together, from the rows to the columns.
func (c sheet) matrix(cells int) []ink.Line {
	p := c.Ink
	var m debate.Matrix
	for _, a := range c.Snap.Arms {
		m.Merge(a.Matrix)
	}
	width := min(9, (cells-8)/3)
	head := ink.Line{ink.Of(p.Dim, "from    ")}
	states := [...]debate.State{debate.Correct, debate.Incorrect, debate.Unreadable}
	names := [...]string{"right", "wrong", "unread."}
	for _, name := range names {
		head = append(head, ink.Of(p.Dim, p.Right(name, width)))
	}
	out := []ink.Line{head}
	styles := [3][3]ink.Style{
		{p.Fates[debate.HeldRight], p.Fates[debate.Corrupted], p.Fates[debate.Unread]},
		{p.Fates[debate.Corrected], p.Fates[debate.StuckWrong], p.Fates[debate.Unread]},
		{p.Fates[debate.Unread], p.Fates[debate.Unread], p.Fates[debate.Unread]},
	}
	for i, from := range states {
		l := ink.Line{ink.Of(p.Dim, fmt.Sprintf("%-8s", names[i]))}
		for j, to := range states {
			l = append(l, ink.Of(styles[i][j], p.Right(ink.About(m.N[from][to]), width)))
		}
		out = append(out, l)
	}
	share := func(f debate.Fate, name string, s debate.Share) ink.Line {
		words := "–"
		if s.N > 0 {
			words = fmt.Sprintf("%s of %s, %.1f %%", ink.About(s.K), ink.About(s.N), 100*s.Rate())
		}
		return ink.Line{ink.Of(p.Fates[f], f.Sign()+" "+name+" "), ink.Of(nil, words)}
	}
	out = append(out, share(debate.Corrupted, "harmful", m.Harmful()), share(debate.Corrected, "helpful", m.Beneficial()))
	if c.Look.Width >= 100 {
		return out // the table of arms has the rest
	}
	for _, a := range c.Snap.Arms {
		l := ink.Line{ink.Of(nil, fmt.Sprintf("%-9s", p.Ruler.Cut(a.Name, 9)))}
		for _, f := range debate.Fates {
			words := "–"
			if n := a.Matrix.Total(); n > 0 {
				words = ink.Percent(100 * float64(a.Matrix.Of(f)) / float64(n))
			}
			l = append(l, ink.Of(p.Fates[f], " "+f.Sign()), ink.Of(nil, p.Right(words, 5)))
		}
		out = append(out, l)
	}
	return out
}

func (c sheet) errors(cells int) []ink.Line {
	if len(c.Snap.Errors) == 0 {
		return []ink.Line{{ink.Of(c.Ink.Dim, "none")}}
	}
	var out []ink.Line
	for _, e := range c.Snap.Errors {
		out = append(out, ink.Line{ink.Of(c.Ink.Failed, fmt.Sprintf("× %s ", ink.Count(e.N))), ink.Of(nil, e.Kind)})
		for _, words := range c.Ink.Wrap(e.Example, cells-2, 2) {
			out = append(out, ink.Line{ink.Of(c.Ink.Dim, "  "+words)})
		}
	}
	return out
}
