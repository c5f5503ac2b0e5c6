package watch

import (
	"slices"

	"cheaptalk/debate"
	"cheaptalk/tui"
)

const (
	linesKept   = 4096 // debates that are over and can be listed
	recordsKept = 64   // of these, the latest, are kept whole
	window      = 256  // lines of the list in a snapshot
)

// past keeps the latest debates that are over. The zero past is empty.
type past struct {
	lines   []over // the oldest first
	records []*debate.Record
}

// over is a debate that is over, with what a filter asks of it.
type over struct {
	tui.Line
	agents           []string
	harmful, helpful uint64 // bits of the agents that flipped so, by their index; those beyond the 64th have none
}

func (p *past) add(rec *debate.Record) {
	if len(p.lines) == 2*linesKept {
		p.lines = slices.Delete(p.lines, 0, linesKept)
	}
	if len(p.records) == 2*recordsKept {
		p.records = slices.Delete(p.records, 0, recordsKept)
	}
	p.lines, p.records = append(p.lines, lineOf(rec)), append(p.records, rec)
}

// record returns the record of a case that is kept whole, or nil.
func (p *past) record(c debate.Case) *debate.Record {
	for _, rec := range slices.Backward(p.records) {
		if rec.Case == c {
			return rec
		}
	}
	return nil
}

func lineOf(rec *debate.Record) over {
	o := over{Line: tui.Line{Case: rec.Case, Over: true, Failed: rec.Failed != "", Known: rec.Key != ""}}
	if len(rec.Verdicts) > 0 {
		v := rec.Verdicts[0]
		o.Failed = o.Failed || v.Failed != ""
		o.Tied, o.Right = v.Tied, o.Known && v.Answer == rec.Key
	}
	if rec.Transcript == nil {
		return o
	}
	o.agents = rec.Transcript.Agents
	if !o.Known {
		return o
	}
	for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
		switch tr.Fate() {
		case debate.Corrupted:
			o.Harmful++
			o.harmful |= 1 << tr.Agent
		case debate.Corrected:
			o.Helpful++
			o.helpful |= 1 << tr.Agent
		}
	}
	return o
}

// chosen reports whether the filter chooses the debate.
func (o *over) chosen(f tui.Filter) bool {
	var flipped uint64
	switch f.Outcome {
	case "harmful":
		if flipped = o.harmful; o.Harmful == 0 {
			return false
		}
	case "beneficial":
		if flipped = o.helpful; o.Helpful == 0 {
			return false
		}
	case "tied":
		if !o.Tied {
			return false
		}
	case "failed":
		if !o.Failed {
			return false
		}
	}
	if f.Agent != "" {
		i := slices.Index(o.agents, f.Agent)
		if i < 0 || (f.Outcome == "harmful" || f.Outcome == "beneficial") && flipped>>i&1 == 0 {
			return false
		}
	}
	return placed(o.Case, f)
}

// placed reports whether a debate is of the arm and the data set of the filter.
func placed(c debate.Case, f tui.Filter) bool {
	return (f.Arm == "" || f.Arm == c.Arm) && (f.Data == "" || f.Data == debate.Question{ID: c.Item}.Set())
}

// lines yields what can be opened under the filter, newest first. Debates in flight have no outcome yet.
func (l *Live) lines(yield func(tui.Line) bool) {
	if l.filter.Outcome == "" {
		for _, f := range slices.Backward(l.flights) {
			if placed(f.name, l.filter) && (l.filter.Agent == "" || slices.Contains(l.team(f), l.filter.Agent)) && !yield(tui.Line{Case: f.name}) {
				return
			}
		}
	}
	for i := range l.past.lines {
		o := &l.past.lines[len(l.past.lines)-1-i]
		if !o.chosen(l.filter) {
			continue
		}
		line := o.Line
		if l.secret() { // whether an answer was right would tell the key
			line = tui.Line{Case: line.Case, Over: true, Failed: line.Failed, Tied: line.Tied}
		}
		if !yield(line) {
			return
		}
	}
}

// team returns the names of the team of a debate in flight, none where they cannot be told.
func (l *Live) team(f *flight) []string {
	if f.team == nil {
		f.team = l.names(f.name)
	}
	return f.team
}

// names asks the arm of a debate for a team, to hear its names.
func (l *Live) names(c debate.Case) (names []string) {
	names = []string{}
	defer func() { _ = recover() }() // the debate itself fails with the panic
	item := l.items[debate.Case{Item: c.Item, Draw: c.Draw}]
	for _, a := range l.o.Experiment.Arms {
		if a.Name != c.Arm || item == nil {
			continue
		}
		for _, agent := range a.Team(*item, c.Seed(l.o.Experiment.Seed)) {
			names = append(names, agent.Name())
		}
	}
	return names
}
