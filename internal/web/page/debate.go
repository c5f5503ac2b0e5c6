package page

import (
	"fmt"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/internal/web/chart"
	"cheaptalk/reports/compact"
)

// Debate is one debate as a page shows it. Its words are as they were said: the templates make them visible.
type Debate struct {
	ID        string // of the element, unique on the page
	Case      debate.Case
	Place     string
	Simulated bool
	Again     bool
	Key       string
	Known     bool // there is a key
	Question  string
	Choices   []Choice
	Rounds    []Round
	Overview  []Course // an agent each
	Before    string   // the vote over round 0
	After     string   // the primary verdict
	Voted     bool     // there is a vote before
	Decided   bool     // the primary judge did not fail
	Outcome   Mark     // from the vote before to the verdict
	Verdicts  []Verdict
	Failed    string
	Trouble   string // why the transcript is not shown
	Texts     bool   // some reply has a text
	Others    []Other
	Links     Links
	NoCalls   bool // the calls were asked for, and there are none
}

// Course is what became of the answers of one agent.
type Course struct {
	From  string
	Agent int
	Turns []*Message // one a round of the debate; nil where it was not asked
}

// Other is the same question in another arm.
type Other struct {
	Arm       string
	URL, Pair string
	Parted    int // the round after which they part; -1 where they do not, or where it is not known
}

// Links lead from a debate to others. An empty link is not shown.
type Links struct{ Previous, Next, List, Calls string }

// Choice is one choice of a question.
type Choice struct {
	Letter, Text string
	Right        bool
}

// Round is what was said in a round.
type Round struct {
	Number   int
	Hearing  string // who heard whom, where one phrase says it
	Messages []Message
}

// Message is one turn.
type Message struct {
	ID       string
	From     string
	Agent    int // the index of the speaker in the team
	Task     string
	Answer   string
	Sure     string
	Sources  string
	Mark     Mark // without a key, no sign
	Flip     string
	Harmful  bool
	Heard    []Heard
	With     []string // peers that held the answer that it took over
	CutOff   bool
	Text     string
	Thinking string
	Failed   string
	Calls    []Call
}

// Heard is a message that the speaker was to read.
type Heard struct {
	ID, From string
	Round    int
	Earlier  bool // of an earlier round than the one before
	Unshown  bool // it was left out: the context was full
	Agrees   bool // it held the answer that the speaker gives now
}

// Verdict is what one judge decided.
type Verdict struct {
	Judge, Answer, Why, Failed string
	Primary, Tied              bool
	Mark                       Mark
	Tally                      []Weight
	Text, Thinking             string
	Calls                      []Call
}

// Weight is the weight of one answer.
type Weight struct{ Answer, Weight string }

// NewDebate makes the page of a record. id is unique on the page.
func NewDebate(rec *debate.Record, id string) *Debate {
	d := &Debate{ID: id, Case: rec.Case, Place: placeOf(rec.Case), Simulated: rec.Simulated, Again: rec.Again, Key: string(rec.Key), Known: rec.Key != "",
		Failed: rec.Failed}
	t := rec.Transcript
	if t == nil {
		return d
	}
	d.Question = t.Question.Text
	for i, c := range t.Question.Choices {
		d.Choices = append(d.Choices, Choice{string(debate.Letter(i)), c, d.Known && debate.Letter(i) == rec.Key})
	}
	if err := compact.Check(t); err != nil {
		d.Trouble = err.Error()
		return d
	}
	d.rounds(rec)
	d.verdicts(rec)
	return d
}

// rounds fills in what was said.
func (d *Debate) rounds(rec *debate.Record) {
	t := rec.Transcript
	before := map[int]debate.Transition{}
	for _, tr := range debate.Transitions(t, rec.Key) {
		before[tr.Seq] = tr
	}
	for i := range t.Messages {
		m := &t.Messages[i]
		if len(d.Rounds) == 0 || d.Rounds[len(d.Rounds)-1].Number != m.Round {
			d.Rounds = append(d.Rounds, Round{Number: m.Round})
		}
		tr, revised := before[m.Seq]
		shown := d.message(t, m, tr, revised)
		d.Texts = d.Texts || shown.Text != ""
		at := &d.Rounds[len(d.Rounds)-1]
		at.Messages = append(at.Messages, shown)
	}
	for i, name := range t.Agents {
		d.Overview = append(d.Overview, Course{From: name, Agent: i % chart.Shades})
	}
	for i := range d.Rounds {
		r := &d.Rounds[i]
		r.Hearing = hearing(r, len(t.Agents))
		for j := range d.Overview {
			c := &d.Overview[j]
			c.Turns = append(c.Turns, nil)
			for k := range r.Messages {
				if r.Messages[k].From == c.From {
					c.Turns[i] = &r.Messages[k]
				}
			}
		}
	}
}

// message makes one turn.
func (d *Debate) message(t *debate.Transcript, m *debate.Message, tr debate.Transition, revised bool) Message {
	out := Message{ID: d.messageID(m.Seq), From: m.From, Agent: max(t.Speaker(m.From), 0) % chart.Shades, Task: m.Brief.Task.String(), Answer: string(m.Answer),
		Sources: sources(m.Sources), CutOff: m.CutOff, Text: m.Text, Thinking: m.Thinking, Failed: m.Failed, Calls: calls(m.Exchanges)}
	if m.Failed != "" {
		out.Mark = failedMark
	} else {
		if m.Confidence.Stated {
			out.Sure = m.Confidence.String()
		}
		fate := fate(tr.Before, m.Answer, debate.Answer(d.Key))
		if d.Known || fate == debate.Unread {
			out.Mark = MarkOf(fate)
		}
		if !revised && out.Mark.Sign != "" {
			out.Mark.Name = map[debate.State]string{debate.Correct: "right", debate.Incorrect: "wrong", debate.Unreadable: "unreadable"}[debate.Grade(m.Answer, debate.Answer(d.Key))]
		}
		if d.Known && (fate == debate.Corrected || fate == debate.Corrupted) && revised {
			out.Flip, out.Harmful = fate.String(), fate == debate.Corrupted
		}
		if revised && tr.After != tr.Before {
			out.Mark.Name = fmt.Sprintf("%s: %s, then %s", named(out.Mark.Name), answer(tr.Before), answer(tr.After))
		}
	}
	for _, seq := range m.Heard {
		h := &t.Messages[seq]
		agrees := m.Answer != "" && h.Answer == m.Answer && h.From != m.From
		unshown := slices.Contains(m.Unshown, seq)
		out.Heard = append(out.Heard, Heard{ID: d.messageID(seq), From: h.From, Round: h.Round, Earlier: h.Round < m.Round-1, Unshown: unshown, Agrees: agrees})
		if tr.Adopted && agrees && !unshown && !slices.Contains(out.With, h.From) {
			out.With = append(out.With, h.From)
		}
	}
	return out
}

func (d *Debate) messageID(seq int) string { return fmt.Sprintf("%s-m%d", d.ID, seq) }

func named(name string) string {
	if name == "" {
		return "changed"
	}
	return name
}

// answer names an answer, in words where none could be read.
func answer(a debate.Answer) string {
	if a == "" {
		return "unreadable"
	}
	return string(a)
}

// hearing says in one phrase who heard whom, where one does.
func hearing(r *Round, team int) string {
	counts := map[int]bool{}
	for _, m := range r.Messages {
		names := map[string]bool{}
		for _, h := range m.Heard {
			if h.From != m.From && !h.Unshown {
				names[h.From] = true
			}
		}
		counts[len(names)] = true
	}
	switch others := team - 1; {
	case len(counts) != 1:
		return ""
	case counts[0] && r.Number == 0:
		return "alone"
	case counts[0]:
		return "nobody heard anyone"
	case others == 1:
		return "each heard the other"
	case counts[others]:
		return fmt.Sprintf("each heard the %d others", others)
	}
	return ""
}

// fate returns the fate whose mark stands beside an answer: that of the change from the answer before it or, where that could not be read, that of
// the answer itself.
func fate(before, after, key debate.Answer) debate.Fate {
	if before == "" {
		before = after
	}
	return debate.Transition{From: debate.Grade(before, key), To: debate.Grade(after, key), Before: before, After: after}.Fate()
}
