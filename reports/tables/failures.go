package tables

import (
	"fmt"
	"strconv"
	"strings"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/tables/build"
	"cheaptalk/reports/transcript"
)

// wholeMessage is how many cells of a message are shown in the table, about: a longer one, which may have numbers at its end, goes below it too.
const wholeMessage = 60

// Failures is what went wrong, a row a kind with one example. It is empty when nothing did.
func Failures(r *reports.Report) grid.Table {
	b := build.Start(r, "failures", "What failed")
	var fixes []string
	for i := range r.Failures {
		f := &r.Failures[i]
		b.Add(grid.Column{Head: "×", Color: paint.Failed, Fields: []string{"debates", "verdicts", "turns"}}, grid.Cell{
			Text: strconv.Itoa(f.Count()),
			Raw:  []string{strconv.Itoa(f.Debates), strconv.Itoa(f.Verdicts), strconv.Itoa(f.Turns)},
		})
		b.Text("kind", "kind", f.Kind)
		b.Text("case", "example", f.Case.String())
		message := transcript.Line(f.Message)
		b.Add(grid.Column{Head: "message", Left: true, Fields: []string{"message", "fix"}}, grid.Cell{Text: message, Raw: []string{message, f.Fix}})
		b.End()
		fix := transcript.Line(f.Kind) + ": " + f.Fix + "."
		if paint.Width(message) > wholeMessage {
			fix += fmt.Sprintf(" Its message in full: %s.", strings.TrimSuffix(message, "."))
		}
		fixes = append(fixes, fix)
	}
	b.Table.Caption = "×: debates that failed, judges that could not decide, and turns that were left out. They count neither as right nor as wrong. " +
		strings.Join(fixes, " ")
	return b.Table
}
