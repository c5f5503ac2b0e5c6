package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
)

// redecideCmd is "cheaptalk redecide".
type redecideCmd struct {
	Ref    string   `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Judge  []string `required:"" placeholder:"JUDGE" help:"plurality, confidence-weighted, trajectory, round-0 vote or AggLM. Rules go behind a colon: trajectory:penalty=0.2, plurality:ties=first, confidence-weighted:calibration=stated."`
	Agent  string   `placeholder:"AGENT" help:"Who speaks for AggLM: a model of the experiment by its name, NAME@URL, NAME@openai, NAME@ollama, NAME@anthropic or sim:aggregator."`
	Arm    []string `placeholder:"ARM" help:"The debates of these arms alone."`
	LogDir string   `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`

	Temperature *float64 `placeholder:"T" help:"Sampling temperature of AggLM's agent; not sent when unset."`
	MaxTokens   count    `placeholder:"N" help:"New tokens of AggLM's reply at most."`
	Workers     count    `placeholder:"N" help:"Debates to decide at the same time. Default 4 with AggLM, else 1. No verdict depends on it."`
	NoPlots     bool     `help:"Draw no plots; cheaptalk report draws them later."`
	NoCache     bool     `help:"Ask AggLM's agent again for what an earlier run has asked, and keep no completion of it."`
}

// Run lets the judges decide every debate of the run and keeps their verdicts beside the others, as exploratory ones. Votes call no
// model; AggLM calls its own agent alone. Debates that the judge has already decided are left alone, so that an interrupted
// redecide goes on when it is given again.
func (c *redecideCmd) Run(e *env) (err error) {
	before, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	dir, state := before.Dir(), before.Meta().State
	if err := before.Close(); err != nil {
		return err
	}
	if err := hasArms(s, c.Arm); err != nil {
		return usage(err)
	}
	names, asked, flags, err := c.judges(s)
	if err != nil {
		return usage(err)
	}
	means, closeMeans, err := flags.means(e, asked)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, closeMeans()) }()
	factory, err := plan.Judges(asked, means)
	if err != nil {
		return usage(err)
	}
	r, err := store.Open(dir)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	workers := cmp.Or(int(c.Workers), 1)
	if c.Workers == 0 && slices.ContainsFunc(asked.Judges, func(j spec.Judge) bool { return j.Judge == "AggLM" }) {
		workers = plan.RealWorkers
	}
	done, err := c.decide(e, r, factory, workers)
	err = errors.Join(err, r.Update(func(m *store.Meta) { m.State = state })) // opening it for writing had changed that
	if e.ctx.Err() != nil {
		return coded{fmt.Errorf("interrupted\n  %s decided; the same command goes on with the others", plural(done, "debate")), exitStopped}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s decided by %s, the others before\n", plural(done, "debate"), strings.Join(names, ", "))
	return publish(e.ctx, e, r, s, reportOptions{noPlots: c.NoPlots, only: []string{"judges", "aggregation", "failures"}})
}

// judges returns the judges' names, the spec with these judges alone, and how their agents are asked.
func (c *redecideCmd) judges(s *spec.Spec) (names []string, asked *spec.Spec, flags teamFlags, err error) {
	alone := *s
	alone.Judges, alone.Models = nil, map[string]spec.Model{} // the run's own models are not asked, but for one that is named
	flags = teamFlags{Temperature: c.Temperature, MaxTokens: c.MaxTokens, NoCache: c.NoCache}
	for _, text := range c.Judge {
		j, err := parseJudge(text)
		if err != nil {
			return nil, nil, flags, err
		}
		if j.Judge == "AggLM" {
			if c.Agent == "" {
				return nil, nil, flags, errors.New("AggLM needs an agent to speak for it\n  add --agent with NAME@URL, a model of the experiment, or sim:aggregator")
			}
			if m, ok := s.Models[c.Agent]; ok {
				m.Temperature, m.MaxTokens = cmp.Or(c.Temperature, m.Temperature), cmp.Or(int(c.MaxTokens), m.MaxTokens)
				j.Agent, alone.Models[c.Agent] = c.Agent, m
			} else if j.Agent, err = flags.model(&alone, c.Agent, os.Getenv); err != nil {
				return nil, nil, flags, err
			}
		}
		alone.Judges = append(alone.Judges, j)
		names = append(names, text)
	}
	return names, &alone, flags, nil
}

// parseJudge reads "trajectory:penalty=0.2": a judge, and rules that make its name another one.
func parseJudge(text string) (spec.Judge, error) {
	name, rules, ruled := strings.Cut(text, ":")
	j := spec.Judge{Judge: name}
	if !ruled {
		return j, nil
	}
	j.Name = text
	for _, rule := range strings.Split(rules, ":") {
		field, value, _ := strings.Cut(rule, "=")
		switch field {
		case "ties":
			j.Ties = value
		case "calibration":
			j.Calibration = value
		case "penalty":
			p, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return j, fmt.Errorf("judge %s: penalty %q is no number", name, value)
			}
			j.Penalty = &p
		default:
			return j, fmt.Errorf("judge %s: there is no rule %q\n  rules are ties, calibration and penalty", name, field)
		}
	}
	return j, nil
}

// decide has the judges decide every debate of the arms that they have not decided yet, several at the same time, and returns how many debates
// there were. It says on stderr how far it is.
func (c *redecideCmd) decide(e *env, r *store.Run, factory plan.JudgeFactory, workers int) (int, error) {
	meant := func(at debate.Case, failed string) bool {
		return failed == "" && (len(c.Arm) == 0 || slices.Contains(c.Arm, at.Arm))
	}
	planned := 0
	for d, err := range r.Cases(e.ctx, store.Filter{}) {
		if err != nil {
			return 0, err
		}
		if meant(d.Case, d.Failed) {
			planned++
		}
	}
	m := newMeter(e.stderr, planned, 0, time.Now)
	var writing sync.Mutex // guards r.Put and done
	done := 0
	group, more := errgroup.WithContext(e.ctx) // after an error no other debate is begun; those that are finish
	group.SetLimit(workers)
	for rec, err := range r.Records(more) {
		if err != nil {
			group.Go(func() error { return err })
			break
		}
		if !meant(rec.Case, rec.Failed) || rec.Transcript == nil {
			continue
		}
		item := debate.Item{Question: rec.Transcript.Question, Key: rec.Key, Draw: rec.Case.Draw}
		judges := slices.DeleteFunc(factory(rec.Case.Arm, item, rec.Seed), func(j debate.Judge) bool { return decidedBy(rec, j.Name()) })
		if len(judges) == 0 {
			m.skip()
			continue
		}
		group.Go(func() error {
			verdicts, err := debate.Decide(e.ctx, rec.Transcript, judges, nil)
			if err != nil {
				return err
			}
			writing.Lock()
			defer writing.Unlock()
			if err := putVerdicts(e.ctx, r, rec.Case, verdicts); err != nil {
				return err
			}
			done++
			slices.SortStableFunc(verdicts, func(a, b debate.Verdict) int { return cmp.Compare(b.Failed, a.Failed) }) // one that failed is counted
			m.event(debate.Recorded{Record: &debate.Record{Case: rec.Case, Verdicts: verdicts}})
			return nil
		})
	}
	err := group.Wait()
	if done > 0 {
		m.finish()
	}
	return done, err
}

// putVerdicts puts verdicts beside those of a debate that is recorded.
func putVerdicts(ctx context.Context, r *store.Run, c debate.Case, verdicts []debate.Verdict) error {
	rec, err := r.RecordWithCalls(ctx, c) // so that nothing is lost when it is put back
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if i := slices.IndexFunc(rec.Verdicts, func(old debate.Verdict) bool { return old.Judge == v.Judge }); i >= 0 {
			rec.Verdicts[i] = v // it had failed; the primary one stays the first
		} else {
			rec.Verdicts = append(rec.Verdicts, v)
		}
	}
	return r.Put(rec)
}

// decidedBy reports whether the judge of that name has decided the debate. A verdict that failed is none.
func decidedBy(rec *debate.Record, judge string) bool {
	return slices.ContainsFunc(rec.Verdicts, func(v debate.Verdict) bool { return v.Judge == judge && v.Failed == "" })
}
