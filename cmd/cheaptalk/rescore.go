package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"

	"cheaptalk/agents"
	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/tables"
)

// rescoreCmd is "cheaptalk rescore".
type rescoreCmd struct {
	Ref     string `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Reading string `placeholder:"RULE" enum:"flexible,strict" required:"" help:"Which reading of a reply counts: flexible or strict."`
	JSON    bool   `name:"json" help:"Print the report as JSON."`
	LogDir  string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run reads the answers, and the confidences that models stated, out of the stored texts again and prints the tables that follow. Votes are counted anew; what a speaking
// judge said is read anew. Nothing is asked of anyone and the run stays as it is. What the agents heard stays as it was too: an arm
// that stopped or sorted by its answers did so by the reading of the run.
func (c *rescoreCmd) Run(e *env) error {
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer r.Close()
	if r.Meta().Compact {
		return usage(fmt.Errorf("%s: a compact run has no texts to read\n  run it again with --store full", r.Dir()))
	}
	rule := debate.Flexible
	if c.Reading == "strict" {
		rule = debate.Strict
	}
	sc := scorer{ctx: e.ctx, spec: *s, rule: rule, factories: map[string]plan.JudgeFactory{}}
	report, err := reports.Analyze(sc.records(r.Records(e.ctx)), reports.Options{Name: s.Name + ", " + c.Reading + " reading", Arms: s.ArmNames(), Recorded: s.Recorded()})
	if err != nil {
		return err
	}
	if c.JSON {
		return writeReport(e.stdout, r, report)
	}
	fmt.Fprintf(e.stdout, "%s reading: %d of %d replies now have another answer", c.Reading, sc.changed, sc.replies)
	if sc.unsure > 0 {
		fmt.Fprintf(e.stdout, ", %d another confidence", sc.unsure)
	}
	fmt.Fprint(e.stdout, "\n\n")
	width, color := screen(e.stdout)
	return grid.Write(e.stdout, tables.All(report), width, color)
}

// scorer reads records under another rule.
type scorer struct {
	ctx       context.Context // of the command
	spec      spec.Spec
	rule      debate.Rule
	factories map[string]plan.JudgeFactory // by judge
	replies   int
	changed   int // replies whose answer differs from the stored one
	unsure    int // replies whose confidence does
}

// records yields the records with their answers and verdicts made anew.
func (sc *scorer) records(stored iter.Seq2[*debate.Record, error]) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for rec, err := range stored {
			if err == nil && rec.Transcript != nil {
				err = sc.rescore(rec)
			}
			if !yield(rec, err) || err != nil {
				return
			}
		}
	}
}

func (sc *scorer) rescore(rec *debate.Record) error {
	t := rec.Transcript
	for i := range t.Messages {
		if m := &t.Messages[i]; m.Failed == "" {
			sc.read(t.Question, m, sc.source())
		}
	}
	for i, v := range rec.Verdicts {
		if v.Reply != nil {
			sc.read(t.Question, v.Reply, agents.Stated) // nobody weighs it
			rec.Verdicts[i].Answer = v.Reply.Answer
			continue
		}
		if v.Failed != "" {
			continue
		}
		factory, err := sc.factory(v.Judge)
		if err != nil {
			return err
		}
		judges := factory(rec.Case.Arm, debate.Item{Question: t.Question}, rec.Seed)
		if len(judges) != 1 {
			return fmt.Errorf("%s: its arm is not in the experiment file", rec.Case)
		}
		verdict, err := judges[0].Decide(sc.ctx, t, func(string) {})
		if err != nil {
			return fmt.Errorf("%s: judge %s: %w", rec.Case, v.Judge, err)
		}
		verdict.Judge = v.Judge
		rec.Verdicts[i] = verdict
	}
	return nil
}

// source returns where the confidence of a language model in the teams comes from.
func (sc *scorer) source() agents.ConfidenceSource {
	if sources := sc.spec.ConfidenceSources(); len(sources) > 0 {
		return sources[0]
	}
	return agents.Stated
}

// read reads a stored reply. A reply without a text keeps its answer: there is nothing to read it from. So do replies that no language model
// made, which have no tokens, keep their confidence: it was not read from their texts.
func (sc *scorer) read(q debate.Question, m *debate.Message, source agents.ConfidenceSource) {
	sc.replies++
	if m.Text == "" {
		return
	}
	answer, confidence := m.Answer, m.Confidence
	m.Reading = extract.Read(q, m.Text)
	m.Answer = m.Reading.By(sc.rule)
	if m.Usage.PromptTokens > 0 {
		m.Sources.Stated = extract.ReadConfidence(m.Text)
		if source == agents.Stated {
			m.Confidence = m.Sources.Stated
		}
	}
	if m.Answer != answer {
		sc.changed++
	}
	if m.Confidence != confidence {
		sc.unsure++
	}
}

// factory returns what makes the judge of that name: one of the experiment file's, or one that redecide added.
func (sc *scorer) factory(name string) (plan.JudgeFactory, error) {
	if f := sc.factories[name]; f != nil {
		return f, nil
	}
	one := sc.spec
	one.Models = nil // a vote calls none
	all := sc.spec.AllJudges()
	if i := slices.IndexFunc(all, func(j spec.Judge) bool { return j.Label() == name }); i >= 0 {
		one.Judges = all[i : i+1]
	} else {
		j, err := parseJudge(name)
		if err != nil {
			return nil, err
		}
		one.Judges = []spec.Judge{j}
	}
	if one.Judges[0].Agent != "" {
		return nil, errors.New("a speaking judge without its reply cannot be read again")
	}
	f, err := plan.Judges(&one, plan.Means{Getenv: os.Getenv})
	sc.factories[name] = f
	return f, err
}
