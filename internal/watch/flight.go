package watch

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/tui"
)

// streamKept bounds what is kept of one reply in the making, in bytes. The message that ends it is whole.
const streamKept = 64 << 10

// flight is a debate as far as it has come.
type flight struct {
	name     debate.Case
	round    int           // -1 before round 0
	calls    []debate.Call // of the round
	messages []debate.Message
	verdicts []debate.Verdict
	streams  map[string]*strings.Builder // what those have said so far who are speaking, where it is streamed
	team     []string                    // nil until it is shown

	person string       // the name of the person at the table, once they have been asked
	read   map[int]bool // the messages that they have been given to read
	// confident says that they may read how sure their peers are.
	confident bool
}

func newFlight(c debate.Case) *flight {
	return &flight{name: c, round: -1, streams: map[string]*strings.Builder{}, read: map[int]bool{}}
}

func (f *flight) start(e debate.RoundStarted) {
	f.round, f.calls = e.Round, e.Calls
	clear(f.streams)
}

func (f *flight) saying(e debate.Saying) {
	s := f.streams[e.Speaker]
	if s == nil {
		s = &strings.Builder{}
		f.streams[e.Speaker] = s
	}
	if s.Len()+len(e.Delta) > streamKept {
		end := s.String() + e.Delta
		end = end[len(end)-min(len(end), streamKept/2):]
		for end != "" && !utf8.RuneStart(end[0]) {
			end = end[1:]
		}
		s = &strings.Builder{} // a snapshot may hold the old one's text
		f.streams[e.Speaker] = s
		s.WriteString(end)
		return
	}
	s.WriteString(e.Delta)
}

func (f *flight) said(m debate.Message) {
	f.messages = append(f.messages, m)
	delete(f.streams, m.From)
}

func (f *flight) decided(v debate.Verdict) {
	f.verdicts = append(f.verdicts, v)
	delete(f.streams, v.Judge)
}

// debate returns the debate for the screen. It shares what does not change any more. item may be nil.
func (f *flight) debate(item *debate.Item) *tui.Debate {
	t := &debate.Transcript{Agents: f.team, Messages: f.messages[:len(f.messages):len(f.messages)]}
	d := &tui.Debate{Case: f.name, Round: f.round, Transcript: t, Speaking: map[string]string{}, Hearing: map[string][]int{}, Verdicts: f.verdicts[:len(f.verdicts):len(f.verdicts)]}
	if item != nil {
		t.Question, d.Key = item.Question, item.Key
	}
	spoken := map[string]bool{}
	for _, m := range f.messages {
		if m.Round == f.round {
			spoken[m.From] = true
		}
	}
	for _, c := range f.calls {
		if c.Speaker < len(f.team) && !spoken[f.team[c.Speaker]] {
			d.Speaking[f.team[c.Speaker]], d.Hearing[f.team[c.Speaker]] = "", c.Hears
		}
	}
	for name, s := range f.streams {
		d.Speaking[name] = s.String()
	}
	return d
}

// hide takes away what the person at the table may not read: the transcript ends before the first such message, and nobody is overheard.
func (f *flight) hide(d *tui.Debate) {
	d.Transcript.Messages = slices.Clone(d.Transcript.Messages)
	for i := range d.Transcript.Messages {
		m := &d.Transcript.Messages[i]
		if m.From == f.person {
			continue
		}
		if !f.read[i] {
			d.Transcript.Messages = d.Transcript.Messages[:i]
			break
		}
		m.Thinking = ""
		if !f.confident {
			m.Confidence, m.Sources, m.Text = debate.Confidence{}, debate.Sources{}, extract.HideConfidence(d.Transcript.Question, m.Text)
		}
	}
	for name := range d.Speaking {
		d.Speaking[name] = ""
	}
	d.Verdicts = nil
}

// ended returns a debate that is over for the screen.
func ended(rec *debate.Record, item *debate.Item) *tui.Debate {
	d := &tui.Debate{Case: rec.Case, Key: rec.Key, Round: -1, Transcript: rec.Transcript, Verdicts: rec.Verdicts, Over: true, Failed: rec.Failed}
	if d.Transcript == nil {
		d.Transcript = &debate.Transcript{}
		if item != nil {
			d.Transcript.Question = item.Question
		}
	}
	d.Round = d.Transcript.LastRound()
	return d
}
