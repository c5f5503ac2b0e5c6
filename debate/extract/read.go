package extract

import (
	"regexp"
	"slices"
	"strconv"
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

// boxed returns the contents of the last \boxed{...} or \fbox{...} of a text and where it begins, or -1.
// Braces nest; a box that is never closed holds the rest of its line.
func boxed(text string) (content string, at int) {
	if !strings.Contains(text, "box") {
		return "", -1
	}
	at = max(strings.LastIndex(text, `\boxed{`), strings.LastIndex(text, `\fbox{`))
	if at < 0 {
		return "", -1
	}
	content = text[at+strings.IndexByte(text[at:], '{')+1:]
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

var (
	// confidenceStated is a statement of confidence: "Confidence: 85%", "**Confidence level:** 8/10". Its one group is the value.
	confidenceStated = regexp.MustCompile(`(?i)\bconfidence(?:[ \t]+(?:level|score))?(?:[ \t]*\([^()\n]*\))?["*_ \t]*[:=][*_ \t]*` +
		`([^\s*_]+(?:[ \t]*(?:%|percent\b|/[ \t]*\d+|out of[ \t]+\d+))?)[*_]*`)
	// confidenceSaid is one in a sentence: "I am 95% confident", "my confidence in this is about 95%", "the probability of being right is
	// \boxed{0.95}". Its groups are the value and its percent sign, in one of three places.
	confidenceSaid = regexp.MustCompile(`(?i)\b(\d+(?:\.\d+)?)[ \t]*\\?(%|percent)[ \t]+(?:confident|sure|certain|confidence|certainty)\b` +
		`|\bconfiden(?:ce|t)\b[^.!?\n]{0,60}?(?:\b(?:is|of|at)[ \t]+|:[ \t]*)(?:(?:only|about|around|approximately|roughly|over)[ \t]+)?(\d+(?:\.\d+)?)[ \t]*\\?(%|percent\b)` +
		`|\bprobability[ \t]+(?:of[ \t]+(?:it[ \t]+)?being|that[ \t]+(?:it|this|(?:my|our|the)[ \t]+answer)[ \t]+is)[ \t]+(?:right|correct)[ \t]+is[ \t]+` +
		`(?:(?:only|about|around|approximately|roughly|over)[ \t]+)?(?:\\\([ \t]*)?(?:\\boxed\{)?(\d+(?:\.\d+)?|\.\d+)[ \t]*\\?(%|percent\b)?\}?`)
	// confidenceValue is a value that can be read: a number, and what it is out of.
	confidenceValue = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?|\.\d+)\s*(?:(%|percent)|(?:/|out of)\s*(\d+))?[.,;)}"]*$`)
)

// HideConfidence returns the text without the statements of confidence that [ReadConfidence] looks for. A line that says nothing
// else goes with them. Certainty in other words ("I am quite sure") stays.
func HideConfidence(text string) string {
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		rest := withoutConfidence(line)
		if rest != line && strings.Trim(rest, "*_#>-. \t\r") == "" {
			continue
		}
		kept = append(kept, rest)
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// withoutConfidence returns the text without its statements of confidence.
func withoutConfidence(text string) string {
	at := wordBegins(text, "confidence")
	if at < 0 {
		return text
	}
	return text[:at] + confidenceStated.ReplaceAllString(text[at:], "")
}

// blankConfidence returns the text with blanks in place of its statements of confidence, so that every other byte keeps its place.
// What a choice says itself ("We are 90% confident that ...") states none.
func blankConfidence(q debate.Question, text string) string {
	blank := func(s string) string {
		if slices.ContainsFunc(q.Choices, func(choice string) bool { return strings.Contains(choice, s) }) {
			return s
		}
		return strings.Repeat(" ", len(s))
	}
	if mayStateConfidence(text) {
		lines := strings.SplitAfter(text, "\n") // no statement goes beyond its line
		for i, line := range lines {
			if mayStateConfidence(line) {
				lines[i] = confidenceSaid.ReplaceAllStringFunc(line, blank)
			}
		}
		text = strings.Join(lines, "")
	}
	if at := wordBegins(text, "confidence"); at >= 0 {
		text = text[:at] + confidenceStated.ReplaceAllStringFunc(text[at:], blank)
	}
	return text
}

// mayStateConfidence reports whether a text has one of the words of confidenceSaid, which few replies have.
func mayStateConfidence(text string) bool {
	return slices.ContainsFunc([]string{"onfiden", "sure", "ertain", "robability"}, func(part string) bool { return strings.Contains(text, part) })
}

// ReadConfidence returns the probability of being right that a reply states. The prompt asks for a last line
// "Confidence: 85%"; "Confidence: 0.85", "confidence level: 85 %", "**Confidence:** 85/100" and "Confidence: 8/10" are
// read too, and the last of them wins. A reply without one may say it in a sentence: "I am 85% confident", "my confidence in this is about
// 85%", "the probability of being right is 0.85". What is nonsense ("150%", "high", "80-90%") states none.
//
// A number without a unit is a probability up to 1 and a percentage above: "1" is certainty, "0.9" and "90" are 90 %,
// and "2" is 2 %.
func ReadConfidence(text string) debate.Confidence {
	var all [][]string
	if at := wordBegins(text, "confidence"); at >= 0 {
		all = confidenceStated.FindAllStringSubmatch(text[at:], -1)
	}
	if len(all) == 0 {
		return saidConfidence(text)
	}
	m := confidenceValue.FindStringSubmatch(all[len(all)-1][1])
	if m == nil {
		return debate.Confidence{}
	}
	return confidenceOf(m[1], m[2] != "", m[3])
}

// saidConfidence is ReadConfidence for a sentence.
func saidConfidence(text string) debate.Confidence {
	if !mayStateConfidence(text) {
		return debate.Confidence{}
	}
	all := confidenceSaid.FindAllStringSubmatch(text, -1)
	if len(all) == 0 {
		return debate.Confidence{}
	}
	last := all[len(all)-1]
	return confidenceOf(last[1]+last[3]+last[5], last[2]+last[4]+last[6] != "", "")
}

// confidenceOf returns the probability that a number stands for: one in percent, one out of something, or a bare one.
func confidenceOf(number string, percent bool, outOf string) debate.Confidence {
	p, err := strconv.ParseFloat(number, 64)
	if err != nil {
		return debate.Confidence{}
	}
	switch {
	case outOf != "":
		n, err := strconv.ParseFloat(outOf, 64)
		if err != nil || n == 0 {
			return debate.Confidence{}
		}
		p /= n
	case percent, p > 1:
		p /= 100
	}
	if p > 1 {
		return debate.Confidence{}
	}
	return debate.Sure(p)
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
