package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/charmbracelet/x/term"

	"cheaptalk/agents/human"
	"cheaptalk/debate"
	"cheaptalk/internal/budget"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store"
	"cheaptalk/internal/watch"
	"cheaptalk/internal/watch/scores"
)

// How a run may be shown while it goes.
const (
	displayScreen = "tui"
	displayBar    = "bar"
	displayPlain  = "plain"
	displayNone   = "none"
)

// display is how a run is shown while it goes, and where its person, if it has one, is asked.
type display struct {
	kind string
	out  io.Writer
	desk *human.Desk // nil without a person

	experiment bool // the screen begins with the experiment, not with a debate
}

// newDisplay returns the display of that kind on out, "" for the usual one: a bar on a terminal, lines elsewhere and for a person.
// patience is how long a person may take for a turn, 0 for ever.
func newDisplay(kind string, s *spec.Spec, out io.Writer, patience time.Duration) (*display, error) {
	person, terminal := s.Human(), isTerminal(out)
	d := &display{kind: kind, out: out}
	switch kind {
	case "":
		d.kind = displayPlain
		if terminal && !person {
			d.kind = displayBar
		}
	case displayScreen, displayBar:
		if !terminal || kind == displayScreen && !term.IsTerminal(os.Stdin.Fd()) {
			return nil, fmt.Errorf("--display %s needs a terminal, and this is none\n  --display plain writes lines instead", kind)
		}
	case displayPlain, displayNone:
	default:
		return nil, fmt.Errorf("--display: %q is unknown\n  give one of: tui, bar, plain, none", kind)
	}
	if person && (d.kind == displayScreen || kind == displayPlain || kind == "" && terminal) {
		d.desk = human.NewDesk()
		d.desk.Timeout = patience
	}
	return d, nil
}

// isTerminal reports whether w is a terminal that can move its cursor.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(f.Fd()) && os.Getenv("TERM") != "dumb"
}

// means returns the means with what the display needs of them.
func (d *display) means(means plan.Means) plan.Means {
	means.Stream, means.Person = d.kind == displayScreen, d.desk
	return means
}

// showing is a run as it is shown while it goes: by a meter or by the screen.
type showing struct {
	event func(debate.Event)
	// stopping says that the debates in flight are the last ones; w is for words to the person.
	stopping func(w io.Writer)
	// finish shows the last state of a run that ended for this reason, and ends the showing.
	finish func(error)
}

// show begins to show a run, of which so many debates were recorded before.
func (d *display) show(e *env, s *spec.Spec, p *plan.Plan, r *store.Run, before int, ledger *budget.Ledger) (showing, error) {
	if d.kind == displayScreen {
		return d.screen(e, s, p, r, before, ledger)
	}
	out := d.out
	if d.kind == displayNone {
		out = io.Discard
	}
	p.Experiment.Sparse = p.Simulated // the meter asks for no more
	m := newMeter(out, p.Debates(), before, time.Now)
	m.terminal = m.terminal && d.kind == displayBar
	m.extra = func() string { return ledger.Total().Cost() }
	stop := d.serve(e)
	return showing{event: m.event, stopping: m.stopping, finish: func(error) {
		m.finish()
		stop()
	}}, nil
}

// screen begins to show a run on the screen.
func (d *display) screen(e *env, s *spec.Spec, p *plan.Plan, r *store.Run, before int, ledger *budget.Ledger) (showing, error) {
	o := watchOptions(s, p, e)
	o.Records = r
	o.Paid = func() (float64, bool) {
		total := ledger.Total()
		return total.Dollars, total.Priced
	}
	live := watch.NewLive(o)
	if before > 0 {
		for rec, err := range r.Records(e.ctx) {
			if err != nil {
				return showing{}, err
			}
			if !rec.Again {
				live.Recall(rec)
			}
		}
	}
	return d.begin(e, live), nil
}

// watchOptions says what is watched of a plan. The first wish to end is taken for a signal, and so is the second.
func watchOptions(s *spec.Spec, p *plan.Plan, e *env) watch.Options {
	return watch.Options{
		Title: s.Name, Simulated: p.SomeSimulated(), Person: s.Human(), Experiment: &p.Experiment, Arms: armsOf(s), Planned: p.Debates(),
		Stop: e.interrupts.signal, Cancel: e.interrupts.signal,
	}
}

// begin begins to show what live is told of.
func (d *display) begin(e *env, live *watch.Live) showing {
	stopped := false // set before finish is called
	t := newTheatre(d.out, d.experiment, live.Ask, live.Run, d.usher(live))
	return showing{
		event: live.Event,
		stopping: func(io.Writer) {
			stopped = true
			live.Stopping()
		},
		finish: func(err error) {
			live.Finish(err)
			hurry := e.ctx
			if stopped {
				gone, cancel := context.WithCancel(e.ctx)
				cancel()
				hurry = gone
			}
			if err := t.close(hurry); err != nil {
				fmt.Fprintf(e.stderr, "warning: the screen failed: %s\n  the run does not depend on it\n", clean(err.Error()))
			}
		},
	}
}

// usher returns what brings the person's turns to the screen, until its context ends.
func (d *display) usher(live *watch.Live) func(context.Context) {
	return func(ctx context.Context) {
		if d.desk == nil {
			return
		}
		for {
			select {
			case p := <-d.desk.Prompts():
				live.Sit(seat(p))
				select {
				case <-p.Done():
				case <-ctx.Done():
				}
				live.Rise()
			case <-ctx.Done():
				d.desk.Leave() // without a screen nobody can answer
				return
			}
		}
	}
}

// one begins to show one debate, which write writes as it goes, or once it is over where it goes on on the screen or has a person: before
// they have answered, a person is not to read what others say. finish ends the showing.
func (d *display) one(e *env, s *spec.Spec, p *plan.Plan, name debate.Case, write func(debate.Event)) (event func(debate.Event), finish func(*debate.Record, error)) {
	var events []debate.Event
	later := func(ev debate.Event) {
		if _, streamed := ev.(debate.Saying); !streamed {
			events = append(events, ev)
		}
	}
	writeAll := func() {
		for _, ev := range events {
			write(ev)
		}
	}
	switch {
	case d.kind == displayScreen:
		shown := d.begin(e, watch.NewLive(watchOptions(s, p, e)))
		return func(ev debate.Event) {
				later(ev)
				shown.event(debate.In{Case: name, Event: ev})
			}, func(rec *debate.Record, err error) {
				shown.event(debate.Recorded{Record: rec})
				shown.finish(err)
				writeAll()
			}
	case d.desk != nil:
		stop := d.serve(e)
		return later, func(*debate.Record, error) {
			stop()
			writeAll()
		}
	case d.kind == displayNone:
		return func(debate.Event) {}, func(*debate.Record, error) {}
	}
	return write, func(*debate.Record, error) {}
}

// serve begins to ask the person of a run in lines, if it has one. stop ends it.
func (d *display) serve(e *env) (stop func()) {
	if d.desk == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(e.ctx)
	over := make(chan struct{})
	go func() {
		defer close(over)
		newReader(os.Stdin, d.out).serve(ctx, d.desk)
	}()
	return func() {
		cancel()
		<-over
	}
}

// armsOf returns what a screen shows of the arms of a spec.
func armsOf(s *spec.Spec) []scores.Arm {
	arms := make([]scores.Arm, len(s.Arms))
	for i, a := range s.Arms {
		arm := scores.Arm{Name: a.Label(), Rounds: a.DebateRounds(), Models: map[string]string{}}
		switch a.Protocol {
		case spec.ProtocolIndependent:
			arm.Rounds = 0
		case spec.ProtocolRecorded:
			arm.Rounds = -1
		}
		team, err := s.TeamOf(a, i)
		if err != nil {
			arms[i] = arm
			continue // of a stored run; its debates can be shown without
		}
		for j, label := range spec.Labels(team) {
			model := cmp.Or(s.Models[team[j].Agent].Model, strings.TrimPrefix(strings.TrimPrefix(team[j].Agent, spec.SimPrefix), spec.RecordedPrefix))
			if model != label {
				arm.Models[label] = model
			}
		}
		arms[i] = arm
	}
	return arms
}
