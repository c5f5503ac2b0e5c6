package debates

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/tui/ink"
	"cheaptalk/tui/text"
)

// column writes what a speaker said so far in so many lines: its confidence, and below it its replies with the newest in view.
func (c *sheet) column(sc *scene, s speaker, cells, height int) []ink.Line {
	if height < 1 {
		return nil
	}
	var out []ink.Line
	if l := sc.confidence(s, cells); l != nil {
		out = append(out, l)
	}
	words := sc.said(s, cells)
	room := height - len(out)
	over := max(len(words)-room, 0)
	c.Above = max(c.Above, over)
	from := over - min(c.Look.Scroll, over)
	for y := range room {
		if i := from + y; i < len(words) {
			out = append(out, words[i])
		} else {
			out = append(out, nil)
		}
	}
	return out
}

// confidence writes the bar of the last confidence; nil where a line would say nothing.
func (sc *scene) confidence(s speaker, cells int) ink.Line {
	p := sc.p
	var conf debate.Confidence
	spoke := false
	for _, m := range sc.d.Transcript.Messages {
		if m.From == s.name && m.Failed == "" {
			conf, spoke = m.Confidence, true
		}
	}
	for _, v := range sc.d.Verdicts {
		if s.judge && v.Judge == s.name && v.Reply != nil {
			conf, spoke = v.Reply.Confidence, true
		}
	}
	if !spoke {
		return ink.Line{ink.Of(p.Dim, "no answer yet")}
	}
	if !conf.Stated && s.judge {
		return ink.Line{ink.Of(p.Dim, "read all replies")}
	}
	if !conf.Stated && sc.asked != "" && s.name != sc.asked { // the person at the table may not know
		return nil
	}
	if !conf.Stated {
		return ink.Line{ink.Of(p.Dim, "no confidence stated")}
	}
	label := "confidence "
	if cells < 26 {
		label = "sure "
	}
	return append(append(ink.Line{ink.Of(p.Dim, label)}, p.Bar(conf.Value, 10, s.style)...), ink.Of(nil, " "+conf.String()))
}

// said writes all replies of a speaker, each under a line that says what happened to it and one that says whom it heard.
func (sc *scene) said(s speaker, cells int) []ink.Line {
	var out []ink.Line
	head := func(words string, sign ink.Line, heard []debate.Message, adopted debate.Answer) {
		if len(out) > 0 {
			out = append(out, nil)
		}
		out = append(out, append(ink.Line{ink.Of(sc.p.Dim, words)}, sign...))
		if len(heard) > 0 {
			out = append(out, sc.heard(heard, adopted, cells))
		}
	}
	write := func(words string, st ink.Style) {
		for _, l := range sc.p.Wrap(words, cells, 1<<30) {
			out = append(out, ink.Line{ink.Of(st, l)})
		}
	}
	for _, m := range sc.d.Transcript.Messages {
		if m.From != s.name {
			continue
		}
		sign, st, word := sc.sign(m)
		l := ink.Line{ink.Of(st, " "+sc.p.Answer(m.Answer, 10)+" "+sign), ink.Of(sc.p.Dim, " "+word)}
		if m.Failed != "" || m.Answer == "" {
			l = ink.Line{ink.Of(st, " "+sign+" "+word)}
		}
		adopted := debate.Answer("")
		if tr, ok := sc.moves[m.Seq]; ok && tr.Adopted {
			adopted = tr.After
		}
		head(fmt.Sprintf("round %d", m.Round), l, sc.messages(m.Heard), adopted)
		write(m.Failed, sc.p.Failed)
		write(m.Text, nil)
		if m.Text == "" && m.Answer != "" {
			write("(its words are not stored)", sc.p.Dim)
		}
		if m.CutOff {
			write("(cut off at the token limit)", sc.p.Dim)
		}
	}
	for _, v := range sc.d.Verdicts {
		if s.judge && v.Judge == s.name && v.Reply != nil {
			head("verdict ", sc.ruling(v), nil, "")
			write(v.Failed, sc.p.Failed)
			write(v.Reply.Text, nil)
		}
	}
	if overheard := sc.asked == "" || s.name == sc.asked || len(out) == 0; s.talking && overheard {
		words := fmt.Sprintf("round %d", max(sc.d.Round, 0))
		if s.judge {
			words = "reads all replies"
		}
		head(words, ink.Line{ink.Of(sc.p.Dim, " · speaking")}, sc.messages(sc.d.Hearing[s.name]), "")
		if s.words == "" {
			out = append(out, ink.Line{ink.Of(sc.p.Dim, sc.silence(s))})
		} else {
			write(strings.TrimRight(s.words, " \n")+" ▌", nil)
		}
	}
	return out
}

// silence says what somebody does who speaks and has said nothing yet.
func (sc *scene) silence(s speaker) string {
	if s.name == sc.asked {
		return "it is your turn"
	}
	return "thinks …"
}

// messages returns the messages with these numbers.
func (sc *scene) messages(seqs []int) []debate.Message {
	var out []debate.Message
	for _, seq := range seqs {
		if seq >= 0 && seq < len(sc.d.Transcript.Messages) {
			out = append(out, sc.d.Transcript.Messages[seq])
		}
	}
	return out
}

// heard names whom a speaker heard; those who had said what it then adopted are marked.
func (sc *scene) heard(heard []debate.Message, adopted debate.Answer, cells int) ink.Line {
	var names, swayed []string
	for _, m := range heard {
		names = append(names, m.From)
		if adopted != "" && m.Answer == adopted {
			swayed = append(swayed, m.From)
		}
	}
	if len(swayed) > 0 {
		who := strings.Join(swayed, ", ")
		if len(swayed) > 1 && sc.p.Ruler.Width(text.Line(who))+10 > cells {
			who = fmt.Sprintf("%s +%d", swayed[0], len(swayed)-1)
		}
		l := ink.Line{ink.Of(sc.p.Dim, "swayed by "), ink.Of(sc.p.Bold, who)}
		more := ink.Of(sc.p.Dim, fmt.Sprintf(", heard %d", len(names)))
		if len(names) > len(swayed) && sc.p.Width(append(l, more)) <= cells {
			l = append(l, more)
		}
		return l
	}
	l := ink.Line{ink.Of(sc.p.Dim, "heard "+strings.Join(names, ", "))}
	if sc.p.Width(l) > cells && len(names) > 1 {
		l = ink.Line{ink.Of(sc.p.Dim, fmt.Sprintf("heard %d", len(names)))}
	}
	return l
}
