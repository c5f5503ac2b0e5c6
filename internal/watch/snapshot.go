package watch

import (
	"context"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/watch/scores"
	"cheaptalk/reports/compact"
	"cheaptalk/tui"
)

// load reads what is shown from the records if it is no longer at hand. It belongs to Run.
func (l *Live) load(ctx context.Context) {
	l.mu.Lock()
	c := l.shown
	missing := c != (debate.Case{}) && l.find(c) < 0 && l.past.record(c) == nil && l.loaded == nil && l.o.Records != nil
	l.mu.Unlock()
	if !missing {
		return
	}
	rec, err := l.o.Records.Record(ctx, c)
	if err == nil && rec.Transcript != nil {
		err = compact.Check(rec.Transcript)
	}
	if err != nil {
		rec = &debate.Record{Case: c, Failed: "cannot be opened: " + err.Error()}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.shown == c {
		l.loaded = rec
	}
}

// snapshot returns what the screen shows now. It belongs to Run.
func (l *Live) snapshot() tui.Snapshot {
	var paid float64
	var priced bool
	if l.o.Paid != nil {
		paid, priced = l.o.Paid()
	}
	s, sheet := l.look()
	s.Dollars, s.Priced = paid, priced
	if sheet != nil {
		l.arms = sheet.Arms() // takes its time, so not under the mutex
	}
	s.Arms = l.arms
	if l.o.Person && s.State != tui.Finished && s.State != tui.Stopped {
		s.Arms = veiled(l.arms)
	}
	return s
}

// veiled are arms without what tells whether answers were right.
func veiled(arms []tui.Arm) []tui.Arm {
	out := make([]tui.Arm, len(arms))
	for i, a := range arms {
		out[i] = tui.Arm{Name: a.Name, N: a.N, Failed: a.Failed, Tied: a.Tied, Took: a.Took}
	}
	return out
}

// look makes a snapshot without its arms, and returns what these are made of if they are to be made anew.
func (l *Live) look() (tui.Snapshot, scores.Sheet) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := time.Now()
	s := tui.Snapshot{
		Title: l.o.Title, Simulated: l.o.Simulated, State: l.state, Trouble: l.trouble, Note: l.note, Person: l.o.Person,
		Planned: l.o.Planned, Done: l.before + l.done, Failed: l.scores.Failed, InFlight: len(l.flights), Usage: l.usage(),
		Errors: l.scores.Errors(), Filter: l.filter, Prompt: l.prompt,
	}
	if !l.secret() {
		s.Flips = l.scores.Flips()
	}
	l.time(&s, now)
	l.list(&s)
	l.follow(now)
	s.Debate = l.debate()

	over := l.state == tui.Finished || l.state == tui.Stopped
	if counted := l.before + l.done; l.arms == nil || counted != l.settledAt && (over || now.Sub(l.settled) >= settle) {
		l.settled, l.settledAt = now, counted
		return s, l.scores.Sheet()
	}
	return s, nil // Run comes back within a beat
}

// usage is what the debates that are over cost, and those in flight so far.
func (l *Live) usage() debate.Usage {
	u := l.scores.Usage
	for _, f := range l.flights {
		for _, m := range f.messages {
			u = u.Add(m.Usage)
		}
		for _, v := range f.verdicts {
			u = u.Add(v.Usage)
		}
	}
	return u
}

// secret reports whether what would tell a key is hidden: a person plays, and may meet the question again under another arm.
func (l *Live) secret() bool { return l.o.Person && l.ended.IsZero() }

// time fills in how long the run took and will take.
func (l *Live) time(s *tui.Snapshot, now time.Time) {
	if l.started.IsZero() {
		return
	}
	if !l.ended.IsZero() {
		now = l.ended
	}
	s.Elapsed = now.Sub(l.started)
	if l.done == 0 || s.Elapsed <= 0 {
		return
	}
	s.PerSecond = float64(l.done) / s.Elapsed.Seconds()
	if l.ended.IsZero() {
		s.Left = s.Elapsed / time.Duration(l.done) * time.Duration(max(s.Planned-s.Done, 0))
	}
}

// list fills in the window of the list.
func (l *Live) list(s *tui.Snapshot) {
	s.CasesFrom = max(l.from, 0)
	for line := range l.lines {
		if s.Matching >= s.CasesFrom && len(s.Cases) < window {
			s.Cases = append(s.Cases, line)
		}
		s.Matching++
	}
	if len(s.Cases) == 0 && s.CasesFrom > 0 { // the list has become shorter
		l.from = max(s.Matching-window, 0)
		s.CasesFrom, s.Matching = 0, 0
		l.list(s)
	}
}

// follow shows the newest debate when nothing is shown or what is shown has been over for some time, unless the person chose it.
func (l *Live) follow(now time.Time) {
	switch n := len(l.flights); {
	case l.chosen || n == 0:
	case l.shown == debate.Case{}, !l.overAt.IsZero() && l.state != tui.Stepping && now.Sub(l.overAt) >= lingers:
		l.show(l.flights[n-1].name, false)
	}
	if (l.shown == debate.Case{}) && len(l.past.records) > 0 {
		l.show(l.past.records[len(l.past.records)-1].Case, false)
	}
}

// debate returns what is shown, or nil.
func (l *Live) debate() *tui.Debate {
	item := l.items[debate.Case{Item: l.shown.Item, Draw: l.shown.Draw}]
	var d *tui.Debate
	if i := l.find(l.shown); i >= 0 {
		f := l.flights[i]
		l.team(f)
		d = f.debate(item)
		if l.o.Person {
			f.hide(d)
		}
	} else if rec := l.past.record(l.shown); rec != nil {
		d = ended(rec, item)
	} else if l.loaded != nil {
		d = ended(l.loaded, item)
	} else {
		return nil
	}
	if l.secret() {
		d.Key = ""
	}
	d.Rounds = -1
	for _, a := range l.o.Arms {
		if a.Name == d.Case.Arm {
			d.Rounds, d.Models = a.Rounds, a.Models
		}
	}
	return d
}
