package transcript

import (
	"strings"

	"cheaptalk/debate"
	"cheaptalk/reports/paint"
)

// before returns the vote over round 0.
func (p *printer) before() (debate.Answer, bool) {
	for _, v := range p.rec.Verdicts {
		if v.Judge == "round-0 vote" && v.Failed == "" {
			return v.Answer, true
		}
	}
	if p.rec.Transcript == nil {
		return "", false
	}
	standing := p.rec.Transcript.Standing(0)
	return debate.BreakTie(debate.Leaders(debate.Tally(standing, nil)), p.rec.Seed), len(standing) > 0
}

// fate returns the fate whose sign stands beside an answer: that of the change from the answer before it or, where that could not be
// read, that of the answer itself. Unreadable is what cannot be read, not what comes after it.
func fate(before, after, key debate.Answer) debate.Fate {
	if before == "" {
		before = after
	}
	return debate.Transition{From: debate.Grade(before, key), To: debate.Grade(after, key), Before: before, After: after}.Fate()
}

// sign returns the coloured sign of a fate, or nothing while the key is hidden.
func (p *printer) sign(f debate.Fate) string {
	if !p.opts.Reveal {
		return ""
	}
	return p.pen.In(paint.Fate(f), f.Sign())
}

// verdicts prints what each judge made of it.
func (p *printer) verdicts() {
	if p.rec.Transcript == nil {
		return
	}
	before, _ := p.before()
	var items []string
	for _, v := range p.rec.Verdicts {
		item := Line(v.Judge) + " "
		if v.Failed != "" {
			item += p.pen.In(paint.Failed, "×")
		} else {
			item += shown(v.Answer)
			if v.Tied {
				item += " ="
			}
			if sign := p.sign(fate(before, v.Answer, p.rec.Key)); sign != "" {
				item += " " + sign
			}
		}
		items = append(items, item)
	}
	if p.opts.Reveal {
		oracle := "–"
		for _, m := range p.rec.Transcript.Standing(0) {
			if m.Answer == p.rec.Key {
				oracle = shown(m.Answer)
			}
		}
		items = append(items, "oracle "+oracle)
	}
	line := "verdicts"
	for _, item := range items {
		if line != "" && paint.Width(line)+3+paint.Width(item) > p.opts.Width {
			p.line(line)
			line = strings.Repeat(" ", len("verdicts"))
		}
		line += "   " + item
	}
	if len(items) > 0 {
		p.line(line)
	}
	for _, v := range p.rec.Verdicts {
		if v.Failed != "" {
			for _, line := range paint.Wrap(Line(v.Judge)+": × "+Line(v.Failed), p.opts.Width-2) {
				p.line("  " + p.pen.In(paint.Failed, line))
			}
		}
		if p.opts.Prompts && v.Reply != nil {
			p.line("  " + paint.Cut(Line(v.Judge), p.opts.Width-2))
			p.full(v.Reply.Reply)
		}
	}
}
