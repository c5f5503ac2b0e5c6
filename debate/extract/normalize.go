package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"cheaptalk/debate"
)

// Normalize brings an answer as written (a key in a data file, what a user typed, a table's cell) into normal form, or
// returns "" if it is none. It reads nothing but the answer: in running text use [Read]. It is idempotent.
//
//   - Choice: a letter of q's choices in either case, "(C)", "C.", "Option C", "C. Paris" with the choice's own text, or
//     the text of exactly one choice. A letter is taken for the letter even where some choice has it as its text.
//     A question without choices has no answer.
//   - Number: an exact number, reduced: an integer ("18"), a terminating decimal ("-0.5") or else a fraction ("1/3").
//     See parseNumber for what may be written.
//   - Open: lower case, single-spaced, without the quotes around it and the punctuation behind it.
func Normalize(q debate.Question, s string) debate.Answer {
	switch q.Kind {
	case debate.Choice:
		return normalizeChoice(q, s)
	case debate.Number:
		return parseNumber(s)
	case debate.Open:
		return normalizeOpen(s)
	}
	return ""
}

// normalizeChoice reads a choice that is the whole of s.
func normalizeChoice(q debate.Question, s string) debate.Answer {
	c := newChooser(q)
	s = strings.TrimSpace(plainLetters(s))
	if a, text := letterOfLine(s); a != "" && (text == "" || c.isText(a, text)) {
		return c.valid(a)
	}
	return c.withText(s)
}

// letterOfLine splits "(C) Paris" into its letter and its text, if it begins with a letter.
func letterOfLine(line string) (debate.Answer, string) {
	if !beginsWithLetter(strings.TrimPrefix(strings.TrimPrefix(line, "Option "), "option ")) {
		return "", ""
	}
	m := letterAlone.FindStringSubmatch(line)
	if m == nil {
		return "", ""
	}
	return debate.Answer(strings.ToUpper(m[1])), m[2]
}

// chooser knows the choices of a question by letter and by text.
type chooser struct {
	q       debate.Question
	plain   []string        // the choices without markup
	texts   []debate.Answer // the choices as normalizeOpen has them, where they have been asked for; see text
	longest int             // bytes of the longest choice
}

func newChooser(q debate.Question) chooser {
	q.Choices = q.Choices[:min(len(q.Choices), 26)] // a choice without a letter cannot be answered
	c := chooser{q: q, plain: make([]string, len(q.Choices)), texts: make([]debate.Answer, len(q.Choices))}
	for i, text := range q.Choices {
		c.plain[i] = plainLetters(text)
		c.longest = max(c.longest, len(text))
	}
	return c
}

// valid returns a if it is a letter of the choices, else "".
func (c chooser) valid(a debate.Answer) debate.Answer {
	if c.q.ChoiceIndex(a) < 0 {
		return ""
	}
	return a
}

// text returns the i-th choice as normalizeOpen has it.
func (c chooser) text(i int) debate.Answer {
	if c.texts[i] == "" {
		c.texts[i] = normalizeOpen(c.plain[i])
	}
	return c.texts[i]
}

// isText reports whether s is the text of choice a.
func (c chooser) isText(a debate.Answer, s string) bool {
	i := c.q.ChoiceIndex(a)
	return i >= 0 && mayBeAlike(c.plain[i], s) && c.text(i) != "" && c.text(i) == normalizeOpen(s)
}

// withText returns the one choice whose text s is.
func (c chooser) withText(s string) debate.Answer {
	var found debate.Answer
	if len(s) > c.longest+slack {
		return ""
	}
	for i := range c.plain {
		if a := debate.Letter(i); c.isText(a, s) {
			if found != "" {
				return ""
			}
			found = a
		}
	}
	return found
}

// mayBeAlike reports whether two texts may have the same normal form, in far less time than it takes to bring them into it:
// what normalizeOpen takes away is no word character, so these must be the same as far as both are ASCII.
func mayBeAlike(a, b string) bool {
	for {
		a, b = fromWord(a), fromWord(b)
		switch {
		case a == "" && b == "":
			return true
		case a != "" && a[0] >= utf8.RuneSelf, b != "" && b[0] >= utf8.RuneSelf:
			return true
		case a == "" || b == "" || toLower(a[0]) != toLower(b[0]):
			return false
		}
		a, b = a[1:], b[1:]
	}
}

// fromWord returns s from its first byte that is a word character or not ASCII.
func fromWord(s string) string {
	for s != "" && s[0] < utf8.RuneSelf && !isWord(s[0]) {
		s = s[1:]
	}
	return s
}

// normalizeOpen trims quotes, markup and final punctuation until there is none left.
func normalizeOpen(s string) debate.Answer {
	s = strings.ToLower(strings.ToValidUTF8(s, ""))
	s = strings.Join(strings.Fields(s), " ")
	for {
		t := strings.TrimRight(s, ".,;:!? ")
		t = strings.Trim(t, "\"'`*“”‘’«» ")
		if t == s {
			return debate.Answer(s)
		}
		s = t
	}
}

var (
	// openStated begins a statement of an open answer on a line of its own; the rest of the line is the answer.
	openStated = regexp.MustCompile(`(?im)^[\s*_#>-]*(?:the )?(?:final |correct )?answer[*_]*:[*_\s]*`)
	// dontKnow begins an answer, in normal form, that is none.
	dontKnow = regexp.MustCompile(`^(?:(?:i['’]?m|i am) (?:not|sorry|unable)|sorry|as an ai|i (?:really )?(?:do(?:n['’]?t| not)|can(?:['’]?t|not))|not sure|unknown$|n/a$)(?:\W|$)`)
)

// readOpen reads the answer to an open question. Besides what Strict reads, Flexible takes the line of an "Answer:"
// wherever it is and what follows "the answer is" up to the end of its sentence, whichever comes last; a reply of one
// line that states nothing is its own answer. "I don't know" and the like are no answers.
func readOpen(text string) debate.Reading {
	strict, flexible := openAnswers(text)
	return debate.Reading{Strict: openAnswer(text[strict[0]:strict[1]]), Flexible: openAnswer(text[flexible[0]:flexible[1]])}
}

// openAnswers returns where each rule finds what it reads as the answer to an open question: the start and the end, which are the same
// when it finds nothing.
func openAnswers(text string) (strict, flexible [2]int) {
	lead := len(text) - len(strings.TrimLeftFunc(text, unicode.IsSpace))
	text = strings.TrimSpace(text)
	lower := lowerASCII(text)
	inBox, boxAt := boxed(text)
	box := 0 // where its content begins
	if boxAt >= 0 {
		box = boxAt + strings.IndexByte(text[boxAt:], '{') + 1
	}
	inLine, lineAt := lastLineStated(text, lower)
	inSentence, sentenceAt := lastSaid(text, lower)
	span := func(start int, s string) [2]int { return [2]int{lead + start, lead + start + len(s)} }

	strict = span(box, inBox)
	if lineAt > boxAt && !strings.Contains(inLine, "\n") {
		strict = span(len(text)-len(inLine), inLine)
	}
	switch last := max(boxAt, lineAt, sentenceAt); {
	case last >= 0 && last == sentenceAt:
		flexible = span(len(text)-len(inSentence), sentence(inSentence))
	case last >= 0 && last == lineAt:
		flexible = span(len(text)-len(inLine), firstLine(inLine))
	case last >= 0:
		flexible = span(box, inBox)
	case !strings.Contains(text, "\n"):
		flexible = span(0, text)
	}
	return strict, flexible
}

// lastLineStated returns what follows the last match of openStated and where that begins, or -1. lower is the text in lower case.
func lastLineStated(text, lower string) (rest string, at int) {
	if !strings.Contains(lower, "answer:") && !strings.Contains(lower, "answer*") && !strings.Contains(lower, "answer_") {
		return "", -1
	}
	all := openStated.FindAllStringIndex(text, -1)
	if len(all) == 0 {
		return "", -1
	}
	last := all[len(all)-1]
	return text[last[1]:], last[0]
}

// lastSaid returns what follows the last "answer ... is" in one sentence and where that begins, or -1. lower is the text in lower case.
func lastSaid(text, lower string) (rest string, at int) {
	answer, at := -1, -1
	for i, token := range tokens(lower, ".!?:\n") {
		switch {
		case token == "answer" && answer < 0:
			answer = i
		case token == "is" && answer >= 0:
			rest, at, answer = text[i+len("is"):], answer, -1
		case !isWord(token[0]):
			answer = -1
		}
	}
	return strings.TrimLeft(strings.TrimPrefix(rest, ":"), " \t\r\n\f*_\"“"), at
}

// openAnswer is the normal form of s, unless s says that there is no answer.
func openAnswer(s string) debate.Answer {
	a := normalizeOpen(s)
	if dontKnow.MatchString(string(a)) {
		return ""
	}
	return a
}
