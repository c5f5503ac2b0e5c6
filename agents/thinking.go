package agents

import (
	"regexp"
	"strings"
)

// thinkTag is the mark that reasoning models put around what is not part of the reply.
var thinkTag = regexp.MustCompile(`(?i)<(/?)think(?:ing)?>`)

// SplitThinking separates what a reply says from the reasoning between <think> and </think> in it. A block that is never
// closed, because the reply was cut off, is thinking to the end. Text before a </think> that nothing opened is thinking too:
// many chat templates put the opening tag at the end of the prompt. Both results are trimmed; several blocks are joined by a blank line.
func SplitThinking(text string) (said, thinking string) {
	tags := thinkTag.FindAllStringSubmatchIndex(text, -1)
	if tags == nil {
		return strings.TrimSpace(text), ""
	}
	var out strings.Builder
	var hidden []string
	hide := func(piece string) {
		if piece = strings.TrimSpace(piece); piece != "" {
			hidden = append(hidden, piece)
		}
	}
	open, at := false, 0 // at is where the piece of text in hand begins
	for _, tag := range tags {
		piece, closing := text[at:tag[0]], tag[2] < tag[3]
		if open || closing {
			hide(piece)
		} else {
			out.WriteString(piece)
		}
		open, at = !closing, tag[1]
	}
	if open {
		hide(text[at:])
	} else {
		out.WriteString(text[at:])
	}
	return strings.TrimSpace(out.String()), strings.Join(hidden, "\n\n")
}
