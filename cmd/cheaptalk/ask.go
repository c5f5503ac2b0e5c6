package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/reports/words"
)

// askCmd is "cheaptalk ask".
type askCmd struct {
	Question string `arg:"" help:"The question."`

	teamFlags
	Choice   []string `group:"what" sep:"none" placeholder:"TEXT" help:"A choice; give it once for each. Without choices the question is open."`
	Number   bool     `group:"what" help:"The answer is a number."`
	Key      string   `group:"what" placeholder:"ANSWER" help:"The right answer, if you know it: a letter, a number or a text. It marks the answers; the agents do not see it. Simulated agents need it."`
	Protocol string   `group:"how" default:"naive" help:"independent, naive, confidence-weighted, consensus-penalized or self-revision."`
	Rounds   *int     `group:"how" placeholder:"N" help:"Debate rounds after the independent answers. Default 2."`
	Stop     string   `group:"how" placeholder:"RULE" help:"When the debate ends: rounds (default) or unanimity."`
	Seed     uint64   `group:"how" default:"1" help:"Where all chance comes from."`
	Display  string   `group:"out" placeholder:"KIND" help:"How the debate is shown while it goes: plain (default), tui (the screen of watch) or none."`
	JSON     bool     `group:"out" name:"json" help:"Print the record as JSON."`
}

// Run holds one debate and prints it as it goes.
func (c *askCmd) Run(e *env) (err error) {
	item, err := c.item()
	if err != nil {
		return usage(err)
	}
	s := &spec.Spec{Name: "ask", Seed: c.Seed}
	if len(c.Team) == 0 {
		return usage(errors.New("nobody to ask\n  give --team NAME@URL,NAME@ollama,... (or sim:PROFILE with --key ANSWER)"))
	}
	if err := c.into(s, os.Getenv); err != nil {
		return usage(err)
	}
	c.limit(s)
	arm := spec.Arm{Protocol: c.Protocol, Stop: c.Stop, Rounds: c.Rounds}
	s.Arms = []spec.Arm{arm}
	if err := e.idle(s); err != nil {
		return usage(err)
	}
	o, err := c.observe(e, s)
	if err != nil {
		return usage(err)
	}
	defer o.close(e)
	out := e.stdout
	if c.JSON {
		out = e.stderr
	}
	if c.Display == displayBar {
		return usage(errors.New("--display bar is for runs\n  give one of: plain, tui, none"))
	}
	shown, err := newDisplay(c.Display, s, out, c.Timeout)
	if err != nil {
		return usage(err)
	}
	means, closeMeans, err := c.means(e, s)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, closeMeans()) }()
	plan, err := plan.ForItems(s, []debate.Item{item}, o.means(shown.means(means)))
	if err != nil {
		return usage(err)
	}
	if item.Key == "" {
		for _, agent := range c.Team {
			if strings.HasPrefix(agent, "sim:") {
				return usage(errors.New("a simulated agent knows nothing by itself\n  give it the right answer with --key ANSWER"))
			}
		}
	}
	width, _ := screen(e.stdout)
	name := debate.Case{Arm: c.Protocol, Item: item.Question.ID}
	seed := name.Seed(c.Seed)
	end := o.begin("ask", "", &plan.Experiment, 1)
	a := plan.Experiment.Arms[0]
	d := debate.Debate{Question: item.Question, Team: a.Team(item, seed), Protocol: a.Protocol, Judges: a.Judges(item, seed)}
	event, finish := shown.one(e, s, plan, name, (&live{ctx: e.ctx, w: out, item: item, width: width}).event)
	t, verdicts, err := d.Run(e.ctx, event)
	rec := &debate.Record{Case: name, Key: item.Key, Transcript: t, Verdicts: verdicts, Simulated: a.Simulated, Seed: seed}
	if err != nil {
		rec.Failed, rec.FailureKind = err.Error(), debate.FailureKind(err)
	}
	finish(rec, err)
	o.event(debate.Recorded{Record: rec})
	end(err)
	if c.JSON {
		if jsonErr := writeJSON(e.stdout, rec, "  "); jsonErr != nil {
			return jsonErr
		}
	}
	switch {
	case err != nil && e.ctx.Err() != nil:
		return errInterrupted
	case err == nil && rec.Simulated && c.Display != displayNone:
		fmt.Fprintln(out, wrap(words.Simulated, width))
	}
	return err
}

// live prints a debate as it goes.
type live struct {
	ctx   context.Context // when it is over, turns fail because of that
	w     io.Writer
	item  debate.Item
	width int
}

// event prints what was said or decided.
func (l *live) event(ev debate.Event) {
	switch ev := ev.(type) {
	case debate.RoundStarted:
		fmt.Fprintf(l.w, "round %d\n", ev.Round)
	case debate.Said:
		m := ev.Message
		if m.Failed != "" && l.ctx.Err() != nil {
			return
		}
		if m.Failed != "" {
			fmt.Fprintf(l.w, "  %s  × %s\n", clean(m.From), clean(m.Failed))
			return
		}
		fmt.Fprintf(l.w, "  %s  %s  %s\n", clean(m.From), l.answer(m.Answer), m.Confidence)
		for paragraph := range strings.Lines(clean(m.Text)) {
			if text := wrap(paragraph, l.width-4); text != "" {
				fmt.Fprintln(l.w, "    "+strings.ReplaceAll(text, "\n", "\n    "))
			}
		}
	case debate.Decided:
		v := ev.Verdict
		switch {
		case v.Failed != "":
			fmt.Fprintf(l.w, "%s: × %s\n", v.Judge, clean(v.Failed))
		case v.Tied:
			fmt.Fprintf(l.w, "%s: %s = tied  (%s)\n", v.Judge, l.answer(v.Answer), clean(v.Why))
		default:
			fmt.Fprintf(l.w, "%s: %s  (%s)\n", v.Judge, l.answer(v.Answer), clean(v.Why))
		}
	}
}

// answer writes an answer, with the sign of right or wrong where the key is known.
func (l *live) answer(a debate.Answer) string {
	if a == "" {
		return "–"
	}
	s := clean(string(a))
	if i := l.item.Question.ChoiceIndex(a); l.item.Question.Kind == debate.Choice && i >= 0 {
		s += " " + clean(l.item.Question.Choices[i])
	}
	switch {
	case l.item.Key == "":
		return s
	case a == l.item.Key:
		return s + " " + debate.HeldRight.Sign()
	}
	return s + " " + debate.StuckWrong.Sign()
}

// item makes the question.
func (c *askCmd) item() (debate.Item, error) {
	q := debate.Question{ID: "ask/1", Text: c.Question, Choices: c.Choice, Kind: debate.Open}
	switch {
	case strings.TrimSpace(c.Question) == "":
		return debate.Item{}, errors.New("the question is empty")
	case c.Number && len(c.Choice) > 0:
		return debate.Item{}, errors.New("a question has choices or a number for an answer, not both")
	case len(c.Choice) == 1 || len(c.Choice) > 26:
		return debate.Item{}, fmt.Errorf("%s is no choice\n  give --choice for each of 2 to 26 choices", plural(len(c.Choice), "choice"))
	case c.Number:
		q.Kind = debate.Number
	case len(c.Choice) > 1:
		q.Kind = debate.Choice
	}
	item := debate.Item{Question: q}
	if c.Key == "" {
		return item, nil
	}
	if item.Key = extract.Normalize(q, c.Key); item.Key == "" {
		return debate.Item{}, fmt.Errorf("--key %q is no answer to this question\n  give the letter of a choice, a number, or a text", c.Key)
	}
	return item, nil
}
