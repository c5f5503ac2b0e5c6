package extract

import (
	"sort"
	"strings"
	"unicode/utf8"

	"cheaptalk/debate"
)

// Span finds where in the text of a reply the answer stands that [Read] reads by the rule: text[start:end] is the letter, the number, the
// text of the choice or the open answer itself, without markup, quotes and punctuation around it. [Normalize] reads the answer from it,
// unless the speaker stated a confidence in its midst. ok is false when the rule reads no answer.
//
// A letter, a number and the text of a choice are found by their effect: the answer stands in the last place where other letters or digits
// would make the rule read something else. So Span agrees with Read whatever form the reply has. It costs some dozen readings.
func Span(q debate.Question, text string, rule debate.Rule) (start, end int, ok bool) {
	from, to := ownWords(text)
	own := blankConfidence(q, text[from:to])
	f := finder{q: q, text: own, rule: rule, answer: readOwn(q, own).By(rule)}
	if f.answer == "" {
		return 0, 0, false
	}
	start, end = f.find()
	return from + start, from + end, true
}

// finder looks for an answer that is known to be in a text.
type finder struct {
	q      debate.Question
	text   string
	rule   debate.Rule
	answer debate.Answer
}

// find returns where the answer begins and ends. Should no smaller part of the text be the answer, it is the whole.
func (f finder) find() (start, end int) {
	switch f.q.Kind {
	case debate.Choice:
		if i := f.decisive(f.otherLetter); i >= 0 {
			return i, i + 1
		}
		i := f.decisive(f.otherWord)
		c := newChooser(f.q)
		named := func(s string) bool { return c.withText(plainLetters(s)) == f.answer }
		if start, end, ok := f.around(i, c.longest+slack, named); ok {
			return start, end
		}
		for ; i >= 0; i-- { // "(B) is correct: Paris", which is read without the letter too
			if f.isLetter(i) {
				return i, i + 1
			}
		}
	case debate.Number:
		number := func(s string) bool { return parseNumber(s) == f.answer }
		if start, end, ok := f.around(f.decisive(f.otherDigit), numberBytes, number); ok {
			for start > 0 && isDigit(f.text[start-1]) && number(f.text[start-1:end]) { // "0.5", not ".5"
				start--
			}
			return start, end
		}
	case debate.Open:
		strict, flexible := openAnswers(f.text)
		if f.rule == debate.Strict {
			flexible = strict
		}
		return f.trim(flexible[0], flexible[1])
	}
	return f.trim(0, len(f.text))
}

// decisive returns the last place of the text that decides what is read: with other bytes behind it the answer is still read, with another
// byte in it too the answer is not. It is -1 when the answer is read even from other bytes throughout.
func (f finder) decisive(other func(i int) byte) int {
	b := make([]byte, len(f.text))
	for i := range b {
		b[i] = other(i)
	}
	changed := string(b)
	read := func(from int) bool { return readOwn(f.q, f.text[:from]+changed[from:]).By(f.rule) == f.answer }
	if read(0) {
		return -1
	}
	return sort.Search(len(f.text), func(i int) bool { return read(i + 1) })
}

// isLetter reports whether the byte at i is a letter that may stand for the answer, in either case.
func (f finder) isLetter(i int) bool {
	return strings.EqualFold(f.text[i:i+1], string(f.answer)) &&
		(i == 0 || !isAlphanumeric(f.text[i-1])) && (i+1 == len(f.text) || !isAlphanumeric(f.text[i+1]))
}

// otherLetter turns each letter that may stand for the answer into that of the next choice, in the same case.
func (f finder) otherLetter(i int) byte {
	c := f.text[i]
	if !f.isLetter(i) {
		return c
	}
	next := byte('A' + (f.q.ChoiceIndex(f.answer)+1)%min(max(len(f.q.Choices), 2), 26))
	return next | c&('a'-'A')
}

// otherDigit turns each digit into another one, so that a number stays a number. Neighbours move differently, lest 3/3 become 4/4.
func (f finder) otherDigit(i int) byte {
	c := f.text[i]
	if isDigit(c) {
		return '0' + (c-'0'+1+byte(i%3))%10
	}
	return c
}

// otherWord turns words into words that mean nothing.
func (f finder) otherWord(i int) byte {
	switch c := f.text[i]; {
	case c == 'z' || c == 'Z':
		return c - 1
	case isCapital(c):
		return 'Z'
	case isAlphanumeric(c) && !isDigit(c):
		return 'z'
	case c >= utf8.RuneSelf && !utf8.RuneStart(c) && (i+1 == len(f.text) || utf8.RuneStart(f.text[i+1])):
		return c ^ 2 // the last byte of a character
	}
	return f.otherDigit(i)
}

// numberBytes is more than a number takes that [Read] reads, and behindBytes more than what belongs to it behind its last digit.
const (
	numberBytes = 200
	behindBytes = 16
)

// around returns the smallest part of the text that is the answer and has the place at in it, or ok false: it reaches no more than behindBytes
// behind that place, as little as can be, and no more than before bytes before it.
func (f finder) around(at, before int, is func(s string) bool) (start, end int, ok bool) {
	if at < 0 {
		return 0, 0, false
	}
	for end := at + 1; end <= min(at+1+behindBytes, len(f.text)); end++ {
		for start := at; start >= max(0, at-before); start-- {
			if is(f.text[start:end]) {
				return start, end, true
			}
		}
	}
	return 0, 0, false
}

// trim takes off what [Normalize] takes off an open answer.
func (f finder) trim(start, end int) (int, int) {
	s := strings.TrimRight(f.text[start:end], ".,;:!?"+trimmed)
	end = start + len(s)
	return end - len(strings.TrimLeft(s, trimmed)), end
}

// trimmed is what may stand around an open answer.
const trimmed = "\"'`*“”‘’«» \t\r\n\v\f"

func isAlphanumeric(c byte) bool { return isWord(c) && c != '_' }
