package agents

import (
	"regexp"
	"strings"
	"unicode"
)

// thinkTag is the mark that reasoning models put around what is not part of the reply.
var thinkTag = regexp.MustCompile(`(?i)<(/?)think(?:ing)?>`)

// SplitThinking separates what a reply says from the reasoning between <think> and </think> in it. A block that is never
// closed, because the reply was cut off, is thinking to the end. Text before a </think> that nothing opened is thinking too:
// many chat templates put the opening tag at the end of the prompt. Both results are trimmed; several blocks are joined by a blank line.
func SplitThinking(text string) (said, thinking string) {
	pieces, hidden := splitThinking(text)
	var out strings.Builder
	for _, p := range pieces {
		out.WriteString(text[p.start:p.end])
	}
	return out.String(), strings.Join(hidden, "\n\n")
}

// piece is a part of a text.
type piece struct{ start, end int }

// splitThinking returns the parts of a text that, joined, are what it says, and each block of thinking.
func splitThinking(text string) (said []piece, hidden []string) {
	hide := func(block string) {
		if block = strings.TrimSpace(block); block != "" {
			hidden = append(hidden, block)
		}
	}
	open, at := false, 0 // at is where the piece of text in hand begins
	for _, tag := range thinkTag.FindAllStringSubmatchIndex(text, -1) {
		closing := tag[2] < tag[3]
		if open || closing {
			hide(text[at:tag[0]])
		} else {
			said = append(said, piece{at, tag[0]})
		}
		open, at = !closing, tag[1]
	}
	if open {
		hide(text[at:])
	} else {
		said = append(said, piece{at, len(text)})
	}
	return trimPieces(text, said), hidden
}

// trimPieces takes white space off both ends of the pieces of a text.
func trimPieces(text string, pieces []piece) []piece {
	for len(pieces) > 0 {
		first := &pieces[0]
		first.start = first.end - len(strings.TrimLeftFunc(text[first.start:first.end], unicode.IsSpace))
		if first.start < first.end {
			break
		}
		pieces = pieces[1:]
	}
	for len(pieces) > 0 {
		last := &pieces[len(pieces)-1]
		last.end = last.start + len(strings.TrimRightFunc(text[last.start:last.end], unicode.IsSpace))
		if last.start < last.end {
			break
		}
		pieces = pieces[:len(pieces)-1]
	}
	return pieces
}

// inText returns where the i-th byte of the joined pieces stands in their text.
func inText(pieces []piece, i int) int {
	for _, p := range pieces {
		if i < p.end-p.start {
			return p.start + i
		}
		i -= p.end - p.start
	}
	return -1 // there is no such byte
}
