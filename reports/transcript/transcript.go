package transcript

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
	"cheaptalk/reports/paint"
)

// Options says how to print. The zero Options print each reply on one line of at most 100 columns, without the key.
type Options struct {
	// Reveal shows the key, the signs of right and wrong, and the oracle.
	Reveal bool
	// Prompts shows replies in full, hidden thinking, and the requests that were sent to models.
	Prompts bool
	Width   int  // columns; 0 means 100, less than 40 means 40
	Color   bool // adds ANSI colours
}

// Write prints the debate of a record. A transcript that contradicts itself is an error.
func Write(w io.Writer, rec *debate.Record, opts Options) error {
	opts.Width = max(cmp.Or(opts.Width, 100), 40)
	p := printer{rec: rec, opts: opts, pen: paint.Pen{Color: opts.Color}}
	if rec.Transcript != nil {
		if err := compact.Check(rec.Transcript); err != nil {
			return fmt.Errorf("record of %s: %w", rec.Case, err)
		}
		p.fates = map[int]debate.Transition{}
		for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
			p.fates[tr.Seq] = tr
		}
	}
	p.header()
	if rec.Transcript != nil {
		p.question()
		p.rounds()
	}
	if rec.Failed != "" {
		for _, line := range paint.Wrap("× failed: "+Line(rec.Failed), opts.Width) {
			p.line(p.pen.In(paint.Failed, line))
		}
	}
	p.verdicts()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// printer builds the text of one debate.
type printer struct {
	rec   *debate.Record
	opts  Options
	pen   paint.Pen
	fates map[int]debate.Transition // by the Seq of the later reply
	out   strings.Builder
}

// line ends a line, without blanks at its end.
func (p *printer) line(s string) { p.out.WriteString(strings.TrimRight(s, " ") + "\n") }

// block prints a text wrapped and indented.
func (p *printer) block(indent, text string) {
	for paragraph := range strings.Lines(StripControl(text)) {
		for _, line := range paint.Wrap(paragraph, p.opts.Width-len(indent)) {
			p.line(indent + line)
		}
	}
}

// header prints what was debated and, to the right, how it ended.
func (p *printer) header() {
	c := p.rec.Case
	left := Line(c.Item) + " · " + Line(c.Arm)
	if c.Draw > 0 {
		left += fmt.Sprintf(" · draw %d", c.Draw)
	}
	if c.Repeat > 0 {
		left += fmt.Sprintf(" · repeat %d", c.Repeat)
	}
	if p.rec.Simulated {
		left += " · simulated"
	}
	var right []string
	if p.opts.Reveal {
		right = append(right, "key "+Line(string(p.rec.Key)))
	}
	sign := ""
	if before, ok := p.before(); ok {
		right = append(right, "vote before "+shown(before))
		if len(p.rec.Verdicts) > 0 && p.rec.Verdicts[0].Failed == "" {
			after := p.rec.Verdicts[0].Answer
			right = append(right, "vote after "+shown(after))
			sign = p.sign(fate(before, after, p.rec.Key))
		}
	}
	ends := strings.Join(right, "   ")
	space := p.opts.Width - paint.Width(left) - paint.Width(ends) - 3
	if space < 2 { // two lines
		p.line(p.pen.Bold(paint.Cut(left, p.opts.Width)))
		left, space = "", 0
	}
	p.line(p.pen.Bold(left) + strings.Repeat(" ", space) + ends + "  " + sign)
}

// shown returns an answer, or a dash for none.
func shown(a debate.Answer) string { return cmp.Or(Line(string(a)), "–") }

// question prints the question and its choices, on one line where they fit.
func (p *printer) question() {
	q := p.rec.Transcript.Question
	p.block("", q.Text)
	var choices []string
	for i, c := range q.Choices {
		choices = append(choices, string(debate.Letter(i))+"  "+Line(c))
	}
	if len(choices) == 0 {
		p.line("")
		return
	}
	if line := "  " + strings.Join(choices, "   "); paint.Width(line) <= p.opts.Width {
		p.line(line)
	} else {
		for i, c := range q.Choices {
			letter := "  " + string(debate.Letter(i)) + "  "
			for _, line := range paint.Wrap(Line(c), p.opts.Width-len(letter)) {
				p.line(letter + line)
				letter = strings.Repeat(" ", len(letter))
			}
		}
	}
	p.line("")
}

// rounds prints round after round.
func (p *printer) rounds() {
	t := p.rec.Transcript
	name, answer := 0, 1
	for _, a := range t.Agents {
		name = max(name, paint.Width(Line(a)))
	}
	for _, m := range t.Messages {
		answer = max(answer, paint.Width(Line(string(m.Answer))))
	}
	name, answer = min(name, 24), min(answer, 24)
	for round := range t.LastRound() + 1 {
		messages := slices.DeleteFunc(slices.Clone(t.Messages), func(m debate.Message) bool { return m.Round != round })
		if len(messages) == 0 {
			continue
		}
		each := p.hearing(messages)
		head := fmt.Sprintf("round %d", round)
		if each != "" {
			head += strings.Repeat(" ", max(min(42, p.opts.Width-paint.Width(each))-len(head), 2)) + p.pen.In(paint.Grey, each)
		}
		p.line(head)
		for _, m := range messages {
			p.message(m, name, answer, each == "")
		}
	}
}

// hearing says who heard whom, if one phrase says it for all speakers of the round.
func (p *printer) hearing(messages []debate.Message) string {
	counts := map[int]bool{}
	for _, m := range messages {
		counts[len(p.heard(m))] = true
	}
	others := len(p.rec.Transcript.Agents) - 1
	switch {
	case len(counts) != 1:
		return ""
	case counts[0] && messages[0].Round > 0:
		return "nobody heard anyone"
	case others > 0 && counts[others] && others == 1:
		return "each heard the other"
	case others > 0 && counts[others]:
		return fmt.Sprintf("each heard the %d others", others)
	}
	return ""
}

// heard names the peers whose messages were shown to the speaker, each once.
func (p *printer) heard(m debate.Message) []string {
	var names []string
	for _, seq := range m.Shown() {
		if from := p.rec.Transcript.Messages[seq].From; from != m.From && !slices.Contains(names, from) {
			names = append(names, from)
		}
	}
	return names
}

// unshown names the messages that were left out of the speaker's prompt: by who said them and, where it heard them in an earlier turn, when.
func (p *printer) unshown(m debate.Message) []string {
	var names []string
	for _, seq := range m.Unshown {
		if seq < 0 || seq >= m.Seq {
			continue
		}
		left := p.rec.Transcript.Messages[seq]
		name := left.From
		if !slices.Contains(m.Heard, seq) {
			name += fmt.Sprintf(" of round %d", left.Round)
		}
		names = append(names, name)
	}
	return names
}

// message prints one turn.
func (p *printer) message(m debate.Message, name, answer int, who bool) {
	if m.Failed != "" {
		p.line(fmt.Sprintf("  %s  %s", paint.Pad(Line(m.From), name), p.pen.In(paint.Failed, paint.Cut("× "+Line(m.Failed), p.opts.Width-4-name))))
		return
	}
	left := fmt.Sprintf("  %s  %s  %s", paint.Pad(Line(m.From), name), paint.Pad(shown(m.Answer), answer), paint.Pad(m.Confidence.String(), 4))
	used := paint.Width(left)
	if p.opts.Reveal {
		left += "  " + p.state(m)
		used += 3
	}
	notes := paint.Cut(p.notes(m, who), p.opts.Width-used-3)
	room := p.opts.Width - used - 3 // for the text, with a blank and quotes
	if notes != "" {
		room -= 3 + paint.Width(notes)
	}
	if text := Line(m.Text); text != "" && room >= 12 && !p.opts.Prompts {
		left += ` "` + paint.Cut(text, room) + `"`
	}
	if notes != "" {
		left += "   " + p.pen.In(paint.Grey, notes)
	}
	p.line(left)
	if p.opts.Prompts {
		p.full(m.Reply)
	}
}

// state returns the sign of a message: what became of the speaker's answer or, for its first, what the answer is.
func (p *printer) state(m debate.Message) string {
	return p.sign(fate(p.fates[m.Seq].Before, m.Answer, p.rec.Key))
}

// notes says what is special about a message.
func (p *printer) notes(m debate.Message, who bool) string {
	var notes []string
	if tr, ok := p.fates[m.Seq]; ok && tr.Adopted {
		var holders []string
		for _, seq := range m.Shown() {
			if h := p.rec.Transcript.Messages[seq]; h.Answer == m.Answer && h.From != m.From && !slices.Contains(holders, Line(h.From)) {
				holders = append(holders, Line(h.From))
			}
		}
		notes = append(notes, "with "+strings.Join(holders, ", "))
	}
	if names := p.heard(m); who && len(names) > 0 {
		notes = append(notes, "heard "+Line(strings.Join(names, ", ")))
	}
	if names := p.unshown(m); len(names) > 0 {
		notes = append(notes, "not shown: the context was full ("+Line(strings.Join(names, ", "))+")")
	}
	if m.CutOff {
		notes = append(notes, "cut off")
	}
	return strings.Join(notes, " · ")
}
