package tables

import (
	"strconv"
	"strings"

	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/transcript"
)

// Failures is what went wrong, a row a kind with one example. It is empty when nothing did.
func Failures(r *reports.Report) Table {
	b := start(r, "failures", "What failed")
	var fixes []string
	for i := range r.Failures {
		f := &r.Failures[i]
		b.add(Column{Head: "×", Color: paint.Failed, Fields: []string{"debates", "verdicts", "turns"}}, Cell{
			Text: strconv.Itoa(f.Count()),
			Raw:  []string{strconv.Itoa(f.Debates), strconv.Itoa(f.Verdicts), strconv.Itoa(f.Turns)},
		})
		b.text("kind", "kind", f.Kind)
		b.text("case", "example", f.Case.String())
		message := transcript.Line(f.Message)
		b.add(Column{Head: "message", Left: true, Fields: []string{"message", "fix"}}, Cell{Text: message, Raw: []string{message, f.Fix}})
		b.end()
		fixes = append(fixes, transcript.Line(f.Kind)+": "+f.Fix+".")
	}
	b.table.Caption = "×: debates that failed, judges that could not decide, and turns that were left out. They count neither as right nor as wrong. " +
		strings.Join(fixes, " ")
	return b.table
}
