package tables

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/stats"
)

// All returns every table of the report that has something to show, the most important first.
func All(r *reports.Report) []Table {
	all := []Table{
		Accuracy(r), Bounds(r), Sets(r), Comparisons(r), Judges(r), Rounds(r), Transitions(r), AgentTransitions(r), Revisions(r), Agents(r), Majorities(r),
		Conformity(r), Confidence(r), Failures(r),
	}
	return slices.DeleteFunc(all, func(t Table) bool { return len(t.Rows) == 0 })
}

// Write writes tables one after another, with a blank line between them, as [Table.Write] does.
func Write(w io.Writer, all []Table, columns int, color bool) error {
	for i := range all {
		if i > 0 {
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		if err := all[i].Write(w, columns, color); err != nil {
			return err
		}
	}
	return nil
}

// WriteCSV writes every table to its own file NAME.csv in the folder, which must exist, and returns the paths.
func WriteCSV(all []Table, dir string) ([]string, error) {
	var paths []string
	for i := range all {
		var b bytes.Buffer
		if err := all[i].CSV(&b); err != nil {
			return paths, err
		}
		path := filepath.Join(dir, all[i].Name+".csv")
		if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
			return paths, fmt.Errorf("write table: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// start begins a table about a report.
func start(r *reports.Report, name, title string) *builder {
	if r.Name != "" {
		title += " · " + r.Name
	}
	if r.Simulated {
		title += " · simulated"
	}
	return &builder{table: Table{Name: name, Title: title}}
}

// arm adds the name of an arm, marked where it is simulated and others are not.
func (b *builder) arm(s *reports.Section, a *reports.Arm) {
	name := a.Name
	if a.Simulated && slices.ContainsFunc(s.Arms, func(a reports.Arm) bool { return !a.Simulated }) {
		name += " (simulated)"
	}
	b.text("arm", "arm", name)
}

// methods says how the intervals of the rates at hand were made.
func methods(r *reports.Report, used ...stats.Method) string {
	s := fmt.Sprintf("Intervals: %g %%", 100*r.Level)
	score, clustered := slices.Contains(used, stats.Wilson), slices.Contains(used, stats.Clustered)
	switch {
	case score && clustered:
		s += ", score (Wilson; differences Newcombe 1998, method 10) where each question counts once, else the same at the effective sample size, clustered by question, Student's t."
	case clustered:
		s += ", score intervals at the effective sample size, clustered by question, Student's t."
	default:
		s += ", score (Wilson; differences Newcombe 1998, method 10)."
	}
	return s
}

// spread explains ± and ~.
const spread = " ± is the longer arm of the interval; ~ marks a difference whose interval includes 0."

// debated reports whether the arm has a verdict after a debate: for an independent arm, one that is more than a vote over round 0.
func debated(a *reports.Arm) bool {
	return a.After.N > 0 && !(a.Independent && (a.Primary == "plurality" || a.Primary == "round-0 vote"))
}

// Bounds is what could have been, and what it cost.
func Bounds(r *reports.Report) Table {
	b := start(r, "bounds", "Bounds, failures and cost by arm")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		b.arm(s, a)
		b.count("questions", col("questions", "quest.", 5), a.Questions)
		b.count("n", col("n", "", 0), a.Debates)
		b.count("failed", col("failed", "× fail", 0).in(paint.Failed), a.Failed)
		b.countIf(a.After.N > 0, "unreadable", col("unreadable", "? unr.", 1).in(paint.Unread), a.Unreadable)
		worst := Cell{Text: none, Raw: []string{"", ""}}
		if a.After.N+a.Failed > 0 {
			worst = Cell{Text: percent(a.WorstCase) + "–" + percent(a.BestCase), Raw: []string{raw(a.WorstCase), raw(a.BestCase)}}
		}
		b.add(Column{Head: "failed wrong–right", Short: "wrong–right", Drop: 4, Fields: []string{"worst_case", "best_case"}}, worst)
		b.rate("best_single", col("best single", "best 1", 2), a.BestSingle)
		b.rate("oracle", col("oracle", "", 0), a.Oracle)
		finished := a.Oracle.N > 0
		b.number(finished, "calls", col("calls", "", 0), a.Cost.Calls, 1)
		tokens := a.Cost.PromptTokens+a.Cost.CompletionTokens > 0
		b.number(tokens, "prompt_tokens", col("tokens in", "in", 3), a.Cost.PromptTokens, 0)
		b.number(tokens, "completion_tokens", col("tokens out", "out", 3), a.Cost.CompletionTokens, 0)
		b.end()
		used = append(used, a.Oracle.Method, a.BestSingle.Method)
	}
	b.table.Caption = "best single and oracle are bounds made from the key: best single is on each question the agent that did best on all the other questions; " +
		"oracle counts a question as right when some round-0 answer was. failed wrong–right: accuracy after, were all failed debates wrong, or right. " +
		"Calls and tokens are means over debates, the primary judge included. " + methods(r, used...)
	return b.table
}

// Comparisons is each arm against the references.
func Comparisons(r *reports.Report) Table {
	b := start(r, "comparisons", "Arms compared on the same cases")
	var used []stats.Method
	for _, c := range r.Overall.Comparisons {
		b.text("arm", "arm", c.Arm)
		b.text("reference", "against", c.Reference)
		b.count("n", col("n", "", 0), c.Difference.N)
		b.difference(true, "difference", col("difference", "diff.", 0), c.Difference)
		b.count("arm_alone", col("arm alone right", "b", 2), c.Difference.B)
		b.count("reference_alone", col("reference alone right", "c", 2), c.Difference.C)
		b.p("p", "p", 1, c.Difference.P)
		b.p("holm", "Holm p", 0, c.Holm)
		b.end()
		used = append(used, c.Difference.Method)
	}
	b.table.Caption = "n: cases that both arms finished; primary verdicts. p: exact McNemar test, or where a question has several debates the exact " +
		"sign-flip test over questions; Holm p is adjusted for all arms with the same reference. " + methods(r, used...) + spread
	return b.table
}

// Judges is every judge on the same transcripts.
func Judges(r *reports.Report) Table {
	b := start(r, "judges", "Judges on the same transcripts")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, j := range a.Judges {
			b.arm(s, a)
			name := j.Name
			if j.Primary {
				name += " (primary)"
			}
			b.text("judge", "judge", name)
			b.count("n", col("n", "", 0), j.Rate.N)
			b.rate("accuracy", col("accuracy", "acc.", 0), j.Rate)
			b.count("ties", col("ties", "", 0), j.Tied)
			b.count("abstained", col("abstained", "abst.", 1), j.Abstained)
			b.count("failed", col("failed", "fail.", 1).in(paint.Failed), j.Failed)
			b.end()
			used = append(used, j.Rate.Method)
		}
	}
	b.table.Caption = "Only the primary judge was chosen beforehand; all others are exploratory. An abstention is unreadable, not wrong; a judge that failed is not in n. " +
		methods(r, used...)
	return b.table
}

// Majorities is what became of majorities that were wrong or right.
func Majorities(r *reports.Report) Table {
	b := start(r, "majorities", "What became of the vote")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		if !debated(a) {
			continue
		}
		b.arm(s, a)
		b.rate("recovery", col("▲ wrong vote recovered", "▲ recov.", 0).in(paint.Corrected), a.Recovery)
		b.count("recovery_of", col("of", "", 2), a.Recovery.N)
		b.rate("minority_correction", col("▲ minority corrected it", "▲ min.", 0).in(paint.Corrected), a.MinorityCorrection)
		b.count("minority_of", col("of", "", 2), a.MinorityCorrection.N)
		b.rate("majority_loss", col("▼ right vote lost", "▼ lost", 0).in(paint.Corrupted), a.MajorityLoss)
		b.count("loss_of", col("of", "", 2), a.MajorityLoss.N)
		b.difference(true, "oracle_gap", col("oracle gap", "gap", 1), a.OracleGap)
		b.end()
		used = append(used, a.Recovery.Method, a.MajorityLoss.Method)
	}
	b.table.Caption = "Recovered: right after, of the votes that were not right before. Minority: the same where some agent was right before. Lost: not right after, of the votes that " +
		"were right before. Oracle gap: oracle minus accuracy after, in points. " + methods(r, used...)
	return b.table
}

// Flips lists revisions that helped or harmed.
func Flips(flips []reports.Flip, title string) Table {
	b := &builder{table: Table{Name: "flips", Title: title}}
	for _, f := range flips {
		sign := debate.Corrected.Sign()
		if f.Harmful() {
			sign = debate.Corrupted.Sign()
		}
		b.text("sign", "", sign)
		b.text("case", "case", f.Case.String())
		b.text("agent", "agent", f.Agent)
		b.count("round", col("round", "", 2), f.Round)
		b.text("before", "from", cmp.Or(string(f.Before), none))
		b.text("after", "to", cmp.Or(string(f.After), none))
		b.text("holders", "with", with(f.Holders))
		b.end()
	}
	return b.table
}
