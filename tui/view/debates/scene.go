package debates

import (
	"maps"
	"slices"

	"cheaptalk/debate"
	"cheaptalk/tui"
	"cheaptalk/tui/ink"
)

// scene is a debate with what is worked out of it for drawing.
type scene struct {
	p   *ink.Palette
	d   *tui.Debate
	key debate.Answer // "" when it is not known or hidden
	// moves are the transitions of the debate by the Seq of the later reply. Without a key only who adopted what may be read of them.
	moves    map[int]debate.Transition
	speakers []speaker
	asked    string // the person whose turn it is, "" for nobody
}

// speaker is somebody who has a column: an agent, or a judge who speaks.
type speaker struct {
	name    string
	model   string
	style   ink.Style
	judge   bool
	words   string // said so far in a turn that has not ended
	talking bool
}

func newScene(d *tui.Debate, blind bool, p *ink.Palette) *scene {
	sc := &scene{p: p, d: d, key: d.Key, moves: map[int]debate.Transition{}}
	if blind {
		sc.key = ""
	}
	for _, tr := range debate.Transitions(d.Transcript, sc.key) {
		sc.moves[tr.Seq] = tr
	}
	for i, name := range d.Transcript.Agents {
		words, talking := d.Speaking[name]
		sc.speakers = append(sc.speakers, speaker{name: name, model: d.Models[name], style: p.Agent(i), words: words, talking: talking})
	}
	judge := func(name string) {
		words, talking := d.Speaking[name]
		sc.speakers = append(sc.speakers, speaker{name: name, model: d.Models[name], style: p.Bold, judge: true, words: words, talking: talking})
	}
	for _, v := range d.Verdicts {
		if v.Reply != nil {
			judge(v.Judge)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(d.Speaking)) {
		if d.Transcript.Speaker(name) < 0 && !slices.ContainsFunc(d.Verdicts, func(v debate.Verdict) bool { return v.Judge == name }) {
			judge(name)
		}
	}
	return sc
}

// last returns the index of the speaker to look at when there is room for one: the first who is speaking, else who spoke last.
func (sc *scene) last() int {
	at := 0
	for i, s := range slices.Backward(sc.speakers) {
		if s.talking {
			at = i
		}
	}
	if len(sc.d.Speaking) > 0 {
		return at
	}
	if n := len(sc.speakers); n > 0 && sc.speakers[n-1].judge {
		return n - 1
	}
	if m := sc.d.Transcript.Messages; len(m) > 0 {
		return max(sc.d.Transcript.Speaker(m[len(m)-1].From), 0)
	}
	return at
}

// Speakers returns how many have a column in a debate: its agents and the judges who speak.
func Speakers(d *tui.Debate) int { return len(newScene(d, true, &ink.Palette{}).speakers) }

// Following returns the index of the speaker who is shown where there is room for one and none is chosen: the first who is speaking, else who spoke last;
// for a person at the table, the last of the others.
func Following(s *tui.Snapshot) int {
	sc := newScene(s.Debate, true, &ink.Palette{})
	if s.Prompt == nil {
		return sc.last()
	}
	at := 0
	for i, speaker := range sc.speakers {
		if speaker.name != s.Prompt.Agent && !speaker.judge {
			at = i
		}
	}
	return at
}

// sign is what there is to say of a reply: its sign, the style of both, and a word.
func (sc *scene) sign(m debate.Message) (string, ink.Style, string) {
	switch {
	case m.Failed != "":
		return "×", sc.p.Failed, "failed"
	case m.Answer == "":
		return debate.Unread.Sign(), sc.p.Fates[debate.Unread], "unreadable"
	case sc.key == "":
		return "", sc.p.Bold, ""
	}
	if tr, ok := sc.moves[m.Seq]; ok {
		f := tr.Fate()
		if f != debate.Unread {
			return f.Sign(), sc.p.Fates[f], f.String()
		}
	}
	return sc.grade(m.Answer)
}

// grade is the sign of an answer that has no answer before it.
func (sc *scene) grade(a debate.Answer) (string, ink.Style, string) {
	switch debate.Grade(a, sc.key) {
	case debate.Correct:
		return debate.HeldRight.Sign(), sc.p.Fates[debate.HeldRight], "right"
	case debate.Incorrect:
		return debate.StuckWrong.Sign(), sc.p.Fates[debate.StuckWrong], "wrong"
	}
	return debate.Unread.Sign(), sc.p.Fates[debate.Unread], "unreadable"
}

// badge says where a speaker stands: "C→B ▼" after a change, "C ●" else, and nothing before the first reply.
func (sc *scene) badge(s speaker) ink.Line {
	if s.judge {
		for _, v := range sc.d.Verdicts {
			if v.Judge == s.name {
				return sc.ruling(v)
			}
		}
		return nil
	}
	var own []debate.Message
	for _, m := range sc.d.Transcript.Messages {
		if m.From == s.name {
			own = append(own, m)
		}
	}
	if len(own) == 0 {
		return nil
	}
	m := own[len(own)-1]
	sign, st, _ := sc.sign(m)
	if m.Failed != "" {
		return ink.Line{ink.Of(st, sign)}
	}
	words := sc.p.Answer(m.Answer, 10)
	if tr, ok := sc.moves[m.Seq]; ok && tr.Before != tr.After {
		words = sc.p.Answer(tr.Before, 10) + "→" + words
	}
	if m.Answer != "" && sign != "" {
		words += " " + sign
	}
	return ink.Line{ink.Of(st, words)}
}

// ruling writes the answer of a verdict with what the key says of it beside the vote of round 0.
func (sc *scene) ruling(v debate.Verdict) ink.Line {
	p := sc.p
	switch {
	case v.Failed != "":
		return ink.Line{ink.Of(p.Failed, "× failed")}
	case v.Answer == "" && v.Tied:
		return ink.Line{ink.Of(p.Tied, "= tied")}
	case v.Answer == "":
		return ink.Line{ink.Of(p.Fates[debate.Unread], "?")}
	}
	words, st := p.Answer(v.Answer, 16), p.Bold
	if sc.key != "" {
		var sign string
		sign, st, _ = sc.grade(v.Answer)
		if before := debate.Leaders(debate.Tally(sc.d.Transcript.Standing(0), nil)); len(before) == 1 {
			f := debate.Transition{From: debate.Grade(before[0], sc.key), To: debate.Grade(v.Answer, sc.key), Before: before[0], After: v.Answer}.Fate()
			sign, st = f.Sign(), p.Fates[f]
		}
		words += " " + sign
	}
	l := ink.Line{ink.Of(st, words)}
	if v.Tied {
		l = append(l, ink.Of(p.Tied, " ="))
	}
	return l
}
