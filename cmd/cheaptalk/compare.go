package main

import (
	"cmp"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables"
	"cheaptalk/reports/words"
)

// compareCmd is "cheaptalk compare".
type compareCmd struct {
	Sides  []string `arg:"" name:"run|arm" help:"What is compared with the first of them: RUN:ARM, an ARM of the run before it (or of the last run), or whole RUNs, whose arms of the same name are compared."`
	Across []string `placeholder:"KIND" enum:"data,models,settings,judges" help:"What may differ beside the protocol: data, models, settings, judges. Without it, arms that differ in these are not compared."`
	Format string   `enum:"text,md,markdown,csv,json,latex" default:"text" help:"text, md, csv, json or latex."`
	Level  float64  `placeholder:"P" default:"0.95" help:"Level of the intervals."`
	Margin float64  `placeholder:"P" default:"0.02" help:"Difference in accuracy that does not matter."`
	LogDir string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// side is one arm of a run. An empty arm stands for all of them.
type side struct {
	label, arm string
	run        *store.Run
	spec       *spec.Spec
}

// comparison is what compare prints.
type comparison struct {
	Differs     []difference         `json:"differs"`
	Comparisons []reports.Comparison `json:"comparisons"`
	Notes       []reports.Note       `json:"notes,omitempty"`
}

// difference is something in which an arm differs from what it is compared with.
type difference struct {
	Arm       string `json:"arm"`
	Reference string `json:"reference"`
	spec.Contrast
}

// Run compares arms where they share questions, and says in what else they differ.
func (c *compareCmd) Run(e *env) (err error) {
	if !(c.Level > 0 && c.Level < 1) || !(c.Margin > 0 && c.Margin < 1) {
		return usage(errors.New("--level and --margin are between 0 and 1\n  0.95 and 0.02 are the defaults"))
	}
	sides, closeAll, err := c.open(e)
	defer func() { err = errors.Join(err, closeAll()) }()
	if err != nil {
		return usage(err)
	}
	pairs, err := pairsOf(sides)
	if err != nil {
		return usage(err)
	}
	var out comparison
	merged := &reports.Report{Level: c.Level}
	for _, p := range pairs {
		if err := c.compare(e, p, merged, &out); err != nil {
			return err
		}
	}
	p := make([]float64, len(merged.Overall.Comparisons))
	for i := range p {
		p[i] = merged.Overall.Comparisons[i].Difference.P
	}
	for i, adjusted := range stats.Holm(p) {
		merged.Overall.Comparisons[i].Holm = adjusted
	}
	out.Comparisons, out.Notes = merged.Overall.Comparisons, merged.Notes
	return c.print(e, merged, out)
}

// open opens what the arguments mean. closeAll closes what was opened, also after an error.
func (c *compareCmd) open(e *env) (sides []side, closeAll func() error, err error) {
	opened := map[string]side{} // by the reference
	closeAll = func() error {
		var errs []error
		for _, s := range opened {
			errs = append(errs, s.run.Close())
		}
		return errors.Join(errs...)
	}
	open := func(ref string) (side, error) {
		if s, ok := opened[ref]; ok {
			return s, nil
		}
		r, s, err := openRun(e.ctx, c.LogDir, ref)
		if err != nil {
			return side{}, err
		}
		opened[ref] = side{label: ref, run: r, spec: s}
		return opened[ref], nil
	}
	var at side // the run whose arms names stand for
	for _, arg := range c.Sides {
		if at.run == nil && !strings.Contains(arg, ":") {
			if last, err := open("last"); err == nil && slices.Contains(last.spec.ArmNames(), arg) {
				at = last
			}
		}
		if at.run != nil && slices.Contains(at.spec.ArmNames(), arg) {
			s := at
			s.label, s.arm = arg, arg
			if at.label != "last" {
				s.label = at.label + ":" + arg
			}
			sides = append(sides, s)
			continue
		}
		ref, arm := arg, ""
		if i := strings.LastIndex(arg, ":"); i > 0 {
			ref, arm = arg[:i], arg[i+1:]
		}
		s, err := open(ref)
		if err != nil {
			return nil, closeAll, err
		}
		if arm != "" && !slices.Contains(s.spec.ArmNames(), arm) {
			return nil, closeAll, fmt.Errorf("%s: no arm is called %q\n  there are %s", ref, arm, strings.Join(s.spec.ArmNames(), ", "))
		}
		at = s
		s.label, s.arm = arg, arm
		sides = append(sides, s)
	}
	return sides, closeAll, nil
}

// pairsOf returns what is compared with what: each side with the first, and of whole runs each arm with that of the same name in the first.
func pairsOf(sides []side) (pairs [][2]side, err error) {
	if len(sides) > 1 && sides[0].arm != "" && sides[1].arm == "" && sides[1].label == "last" {
		return nil, errors.New("an arm is compared with an arm: name one of the other run as RUN:ARM")
	}
	if len(sides) == 1 || slices.ContainsFunc(sides, func(s side) bool { return (s.arm == "") != (sides[0].arm == "") }) {
		return nil, errors.New("compare two arms or more, or two whole runs or more\n  cheaptalk compare naive independent; cheaptalk compare RUN:naive RUN:naive; cheaptalk compare RUN RUN")
	}
	for _, s := range sides[1:] {
		if s.arm != "" {
			pairs = append(pairs, [2]side{sides[0], s})
			continue
		}
		for _, arm := range sides[0].spec.ArmNames() {
			if slices.Contains(s.spec.ArmNames(), arm) {
				first, second := sides[0], s
				first.arm, second.arm = arm, arm
				first.label, second.label = first.label+":"+arm, second.label+":"+arm
				pairs = append(pairs, [2]side{first, second})
			}
		}
	}
	if len(pairs) == 0 {
		return nil, errors.New("the runs have no arm of the same name\n  name one of each: cheaptalk compare RUN:ARM RUN:ARM")
	}
	for _, p := range pairs {
		if p[0].label == p[1].label {
			return nil, fmt.Errorf("%s is compared with itself", p[0].label)
		}
	}
	return pairs, nil
}

// compare compares one pair, adds it to the report and what differs to out. It refuses what may not differ and does.
func (c *compareCmd) compare(e *env, p [2]side, merged *reports.Report, out *comparison) error {
	skip, data, err := dataOf(e, p)
	if err != nil {
		return err
	}
	report, err := reports.Analyze(both(e, p, skip), reports.Options{Arms: []string{p[0].label, p[1].label}, Reference: p[0].label, Level: c.Level, Margin: c.Margin})
	if err != nil {
		return err
	}
	first, second := report.Overall.Find(p[0].label), report.Overall.Find(p[1].label)
	if second == nil || len(report.Overall.Comparisons) == 0 {
		return usage(fmt.Errorf("%s and %s share no case that both finished\n  a case is a question in its draw and repeat", p[0].label, p[1].label))
	}
	contrasts, err := spec.Contrasts(p[0].spec, p[0].arm, first.Primary, p[1].spec, p[1].arm, second.Primary)
	if err != nil {
		return usage(err)
	}
	contrasts = append(data, contrasts...)
	var refused []string
	for _, d := range contrasts {
		out.Differs = append(out.Differs, difference{Arm: p[1].label, Reference: p[0].label, Contrast: d})
		designed := d.Kind == spec.KindProtocol || d.Kind == spec.KindJudges && p[0].run == p[1].run // arms of a run are made to differ
		if !designed && !slices.Contains(c.Across, d.Kind) && !slices.Contains(refused, d.Kind) {
			refused = append(refused, d.Kind)
		}
	}
	if len(refused) > 0 {
		var list strings.Builder
		for _, d := range contrasts {
			fmt.Fprintf(&list, "\n  %s: %s: %s | %s", d.Kind, d.What, cmp.Or(d.First, "none"), cmp.Or(d.Second, "none"))
		}
		return usage(fmt.Errorf("%s and %s differ in more than the protocol%s\n  --across %s compares all the same", p[0].label, p[1].label, list.String(), strings.Join(refused, ",")))
	}
	merged.Simulated = merged.Simulated || report.Simulated
	merged.Overall.Comparisons = append(merged.Overall.Comparisons, report.Overall.Comparisons...)
	for _, n := range report.Notes {
		if n.About == "comparisons" && !slices.Contains(merged.Notes, n) {
			merged.Notes = append(merged.Notes, n)
		}
	}
	return nil
}

// both yields the records of both sides, named by their labels, without the items to skip.
func both(e *env, p [2]side, skip map[string]bool) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for i, s := range p {
			if i > 0 && s.run == p[0].run {
				return // they were read together
			}
			for rec, err := range s.run.Outlines(e.ctx) {
				if err != nil {
					yield(nil, err)
					return
				}
				for _, as := range p {
					if as.run != s.run || as.arm != rec.Case.Arm || skip[rec.Case.Item] {
						continue
					}
					named := *rec
					named.Case.Arm = as.label
					if !yield(&named, nil) {
						return
					}
				}
			}
		}
	}
}

// dataOf holds the questions of two runs against each other. Those of the same ID that read otherwise, or have another key, are to be skipped.
func dataOf(e *env, p [2]side) (skip map[string]bool, differs []spec.Contrast, err error) {
	if p[0].run == p[1].run {
		return nil, nil, nil
	}
	var asked [2]map[string]string
	for i, s := range p {
		asked[i] = map[string]string{}
		last := ""
		for rec, err := range s.run.Records(e.ctx) {
			if err != nil {
				return nil, nil, err
			}
			if rec.Case.Item == last || rec.Transcript == nil {
				continue
			}
			last = rec.Case.Item
			q := rec.Transcript.Question
			asked[i][last] = strings.Join(append([]string{string(rec.Key), q.Text}, q.Choices...), "\x00")
		}
	}
	skip = map[string]bool{}
	shared := 0
	for id, text := range asked[0] {
		switch other, ok := asked[1][id]; {
		case !ok:
		case other != text:
			skip[id] = true
		default:
			shared++
		}
	}
	count := func(n int) string { return plural(n, "question") }
	if a, b := len(asked[0])-shared-len(skip), len(asked[1])-shared-len(skip); a+b > 0 {
		differs = append(differs, spec.Contrast{Kind: spec.KindData, What: "asked in one run alone", First: count(a), Second: count(b)})
	}
	if n := len(skip); n > 0 {
		differs = append(differs, spec.Contrast{Kind: spec.KindData, What: "same ID, other text or key (left out)", First: count(n), Second: count(n)})
	}
	return skip, differs, nil
}

// print prints the comparison.
func (c *compareCmd) print(e *env, merged *reports.Report, out comparison) error {
	if c.Format == "json" {
		return writeJSON(e.stdout, out, "  ")
	}
	all := []grid.Table{tables.Comparisons(merged)}
	if differs := differsTable(out.Differs); len(differs.Rows) > 0 {
		all = append(all, differs)
	}
	var sentences []string
	for i := range merged.Overall.Comparisons {
		sentences = append(sentences, words.Compare(&merged.Overall.Comparisons[i], c.Level))
	}
	width, color := screen(e.stdout)
	switch c.Format {
	case "text":
		fmt.Fprintf(e.stdout, "%s\n\n", wrap(clean(strings.Join(sentences, " ")), width))
		return grid.Write(e.stdout, all, width, color)
	case "md", "markdown":
		fmt.Fprintf(e.stdout, "%s\n\n", grid.EscapeMarkdown(strings.Join(sentences, " ")))
	}
	return writeTables(e.stdout, all, c.Format)
}

// differsTable lists what differs.
func differsTable(differs []difference) grid.Table {
	b := grid.Builder{Table: grid.Table{Name: "differs", Title: "What else differs"}}
	for _, d := range differs {
		b.Text("arm", "arm", d.Arm)
		b.Text("reference", "against", d.Reference)
		b.Text("kind", "kind", d.Kind)
		b.Text("what", "what", d.What)
		b.Text("of_arm", "of arm", cmp.Or(d.Second, "none"))
		b.Text("of_reference", "of the other", cmp.Or(d.First, "none"))
		b.End()
	}
	b.Table.Caption = "By the experiment files and the questions themselves; how fast, how patiently and at what price is left out."
	return b.Table
}
