package stream

import "strings"

// Voice says a text that comes in pieces, without the thinking between <think> and </think>, as agents.SplitThinking tells it, and with "[key]" in
// place of secrets. It keeps back what may be the beginning of a tag or of a secret until the next piece tells. White space before the first
// word is not said.
//
// Thinking that nothing opened, because a chat template did, can be told when it is closed and not before: it is said.
type Voice struct {
	Say     func(string)
	Secrets []string // none of them ""

	kept     string // the end of what came
	thinking bool
	begun    bool
}

// Add says a piece.
func (v *Voice) Add(piece string) { v.say(piece, false) }

// End says what was kept back. No piece comes after it.
func (v *Voice) End() { v.say("", true) }

func (v *Voice) say(piece string, end bool) {
	text := v.kept + piece
	v.kept = ""
	var out strings.Builder
	for at := 0; at < len(text); {
		length, cut, in := v.mark(text[at:])
		switch {
		case in && !end: // it may be going on
			v.kept = text[at:]
			at = len(text)
		case length > 0:
			out.WriteString(cut)
			at += length
		default:
			if !v.thinking {
				out.WriteByte(text[at])
			}
			at++
		}
	}
	said := out.String()
	if !v.begun {
		said = strings.TrimLeft(said, " \t\r\n")
	}
	if said != "" {
		v.begun = true
		v.Say(said)
	}
}

// mark looks for a tag or a secret at the beginning of a text: its length and what is said in its place, or whether
// the text may be the beginning of one.
func (v *Voice) mark(text string) (length int, instead string, beginning bool) {
	for _, secret := range v.Secrets {
		switch {
		case strings.HasPrefix(text, secret):
			if v.thinking {
				return len(secret), "", false
			}
			return len(secret), "[key]", false
		case strings.HasPrefix(secret, text):
			beginning = true
		}
	}
	if text[0] != '<' {
		return 0, "", beginning
	}
	for _, tag := range [...]string{"<think>", "<thinking>", "</think>", "</thinking>"} {
		switch {
		case len(text) >= len(tag) && strings.EqualFold(text[:len(tag)], tag):
			v.thinking = tag[1] != '/'
			return len(tag), "", false
		case len(text) < len(tag) && strings.EqualFold(text, tag[:len(text)]):
			beginning = true
		}
	}
	return 0, "", beginning
}
