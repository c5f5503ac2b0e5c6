package extract

import (
	"regexp"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// Read finds the answer in the text of a reply, by both rules. Every answer it returns is in normal form; an empty
// one means that the rule could read none, which is neither right nor wrong.
//
// Strict reads the form that the prompts of Du et al. (2023, arXiv 2305.14325) and Wynn et al. (2025, arXiv 2509.05396)
// ask for, and nothing else:
//   - Choice: "(X)" at the end of the reply, X a capital letter, with nothing behind it but punctuation and X's own text.
//   - Number: the content of the last \boxed{...}, or what follows the last "####" (as in GSM8K), whichever comes later.
//   - Open: the content of the last \boxed{...}, or the last line if it begins "Answer:" or "Final answer:".
//
// Flexible reads what a careful human would. Where a reply states its answer ("the answer is ...", "Answer: ...",
// \boxed{...}, "I choose ...", a line that is the answer alone), the last statement wins, even when it cannot be read:
// a reply that ends with option E of four, or undecided between two letters, has no answer. Only a reply that states
// nothing is read for less: see readChoice, readNumber and readOpen.
//
// Three things are not part of the answer and are put aside first: thinking in <think> tags, statements of confidence
// (see [ReadConfidence]), and whatever follows once the model, having answered, asks itself the next question.
//
// Text is untrusted. The time taken is linear in its length.
func Read(q debate.Question, text string) debate.Reading {
	start, end := ownWords(text)
	return readOwn(q, blankConfidence(q, text[start:end]))
}

// readOwn is Read for a text that holds nothing but its speaker's own answer.
func readOwn(q debate.Question, text string) debate.Reading {
	switch q.Kind {
	case debate.Choice:
		return readChoice(q, text)
	case debate.Number:
		return readNumber(text)
	case debate.Open:
		return readOpen(text)
	}
	return debate.Reading{}
}

var (
	// nextQuestion begins a turn that is not the speaker's: base models write the next question of the prompt's
	// pattern and answer that too, and templates leak their role tokens.
	nextQuestion = regexp.MustCompile(`(?m)^[\s#*]*(?:(?:Question|Problem|Q|User|Human)(?: \d+)?:|<\|)`)
	// nextQuestionWords are the words of nextQuestion. Few replies have one.
	nextQuestionWords = []string{"Q", "Problem", "User", "Human", "<|"}
	// answered is the sign that the speaker has answered before that.
	answered = regexp.MustCompile(`(?i)\banswer\b[^.\n]*(?:\bis\b|:)|\\boxed|####`)
)

// ownWords returns where the part of a reply begins and ends in which its speaker answers the question it was asked.
func ownWords(text string) (start, end int) {
	if i := strings.LastIndex(text, "</think>"); i >= 0 {
		start = i + len("</think>")
	}
	own, _, _ := strings.Cut(text[start:], "<think>") // cut off while thinking
	if slices.ContainsFunc(nextQuestionWords, func(word string) bool { return strings.Contains(own, word) }) {
		if m := answered.FindStringIndex(own); m != nil {
			if next := nextQuestion.FindStringIndex(own[m[1]:]); next != nil {
				own = own[:m[1]+next[0]]
			}
		}
	}
	return start, start + len(own)
}

// boxed returns the contents of the last \boxed{...} or \fbox{...} of a text and where it begins, or -1. Blanks may stand before the brace.
// Braces nest; a box that is never closed holds the rest of its line.
func boxed(text string) (content string, at int) {
	for end := len(text); ; {
		if end = strings.LastIndex(text[:end], "box"); end < 0 {
			return "", -1
		}
		command, rest := lastBytes(text[:end], 2), text[end+len("box"):]
		switch {
		case command == `\f`:
			at = end - len(`\f`)
		case strings.HasSuffix(command, `\`) && strings.HasPrefix(rest, "ed"):
			at, rest = end-len(`\`), rest[len("ed"):]
		default:
			continue
		}
		if rest = strings.TrimLeft(rest, " "); strings.HasPrefix(rest, "{") {
			content = rest[1:]
			break
		}
	}
	depth := 1
	for i := 0; i < len(content); i++ {
		switch content[i] {
		case '\\':
			i++ // \{ and \} do not count
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return content[:i], at
			}
		}
	}
	content, _, _ = strings.Cut(content, "\n")
	return content, at
}

// Bounds on how much is looked at around a word that may begin a statement. They keep the time linear in the length of a text.
const (
	sentenceBytes   = 300     // of a sentence
	slack           = 40      // around the text of a choice
	chosenBytes     = 200     // of a match of chosen: more than the longest has
	conclusionBytes = 1 << 14 // of the end of a reply
)

// sentence returns the start of s up to the first end of a sentence or line. A point inside a number or word ends none.
func sentence(s string) string {
	s = firstLine(s)
	for i := range len(s) {
		switch s[i] {
		case '.', '!', '?':
			if i+1 == len(s) || strings.IndexByte(" \"')*", s[i+1]) >= 0 && !quoteInside(s[i+1:]) {
				return s[:i]
			}
		}
	}
	return s
}

// quoteInside reports whether s begins with the end of a quotation inside a sentence: the question "Why?" is one.
func quoteInside(s string) bool {
	return len(s) > 2 && s[0] == '"' && s[1] == ' ' && 'a' <= s[2] && s[2] <= 'z'
}

func firstLine(s string) string {
	s, _, _ = strings.Cut(s, "\n")
	return s
}

func firstBytes(s string, n int) string { return s[:min(n, len(s))] }

func lastBytes(s string, n int) string { return s[max(len(s)-n, 0):] }
