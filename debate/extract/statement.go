package extract

import (
	"regexp"
	"strings"

	"cheaptalk/debate"
)

var (
	// letterAhead is a letter at the start of what is left of a text: "(C)", "[C]", "{C. Paris}", "C".
	letterAhead = regexp.MustCompile(`^(?:[(\[{]\s*([A-Za-z])\s*(?:[)\]}]|[.:]\s)|([A-Za-z])\b)`)
	// capitalEnds follows a capital without brackets that names a choice: the end of a line, punctuation, or a word that
	// begins a reason. "A reason", "I think", "A/B" and "T cells" name none.
	capitalEnds = regexp.MustCompile(`^(?:[^\S\n]*(?:$|\n)|[.,;:!?)\]}"'’”]+(?:\s|$)|\s+(?:\([a-zA-Z]|(?:because|since|as|for|due|which|given|based|is|and|or|but|if|[(–—-])(?:\W|$)))`)
	// smallEnds follows a small letter without brackets that names a choice: it ends its line.
	smallEnds = regexp.MustCompile(`^[.)\]}"]*[^\S\n]*(?:$|\n)`)
	// letterAlone is a line that is a letter, perhaps with a text: "C", "(c)", "C.", "C) Paris".
	letterAlone = regexp.MustCompile(`^(?:[Oo]ption )?[(\[{]?\s*([A-Za-z])(?:\s*[)\]}.:]+\s*(.*?))?[)\]}.!\s]*$`)
	// leading is a letter before the first sentence of a reply: "(C). A is wrong.", "C) because".
	leading = regexp.MustCompile(`^(?:\(([A-Z])\)(?:[.:,;]|\s*\n)|([A-Z])[.):,]+\s)`)
	// ownVerb follows a second letter that begins a clause of its own: "(B) and (A) is wrong".
	ownVerb = regexp.MustCompile(`^\s*(?:is|are|was|has|does|would|could|can|cannot)\b`)

	// peers, right before the noun, says that the answer is not the speaker's own: "Agent 2's answer", "Agent solution 1", "the wrong
	// answer", or that it is none in particular: "let's look at each option:" and then a list of them.
	peers = regexp.MustCompile(`(?i)(?:\bagents?(?: \w+)?(?:['’]s?)?|\btheir|\bother|\bwrong|\bincorrect|\beach|\bevery)(?: \w+)?\s*$`)
	// chosen leads to the letter of the speaker's choice: "I would choose", "changing my answer from (A) to", and "the
	// correct answer" of "the correct answer (C)". It begins with a word; see chooser.chose.
	chosen = regexp.MustCompile(`^(?i:(?:i|we)\b['’\w ]{0,30}?\b(?:choose|select|pick|go with|opt for|vote for|stick with|stay with)\b|` +
		`chang(?:e|ing) my answer [^.\n]{0,40}?\bto\b|(?:my|final|correct|best) (?:answer|choice|option)(?: as)?\b)`)
)

// stated returns the last statement of an answer in a text and whether there is one. A statement is an answer with a
// verb ("the answer is C", "Answer: (C)"), a choice in the first person ("I would choose C"), a box, and what lines states.
// In place of the letter the text of exactly one choice will do.
//
// A statement of two letters, or of one beyond the choices, states no answer; but it is the reply's last word.
func (c chooser) stated(text string) (answer debate.Answer, ok bool) {
	at := -1
	state := func(a debate.Answer, i int) {
		if i > at {
			answer, at = a, i
		}
	}
	c.lines(text, state)
	if content, i := boxed(text); i >= 0 {
		if a, _, ok := c.ahead(content); ok {
			state(a, i)
		}
	}
	lower := lowerASCII(text)
	c.said(text, lower, state)
	c.chose(text, lower, state)
	return answer, at >= 0
}

// said states what follows a noun and a verb in one sentence: "the answer to the question is", "best option would be:".
// lower is the text in lower case.
func (c chooser) said(text, lower string, state func(a debate.Answer, at int)) {
	var nouns [][2]int // where each begins and ends
	for i, word := range tokens(lower, "") {
		switch word {
		case "answer", "ans", "choice", "option", "solution":
			nouns = append(nouns, [2]int{i, i + len(word)})
		}
	}
	nouns = append(nouns, [2]int{len(text)})
	for i, noun := range nouns[:len(nouns)-1] {
		clause := sentence(firstBytes(text[noun[1]:nouns[i+1][0]], sentenceBytes))
		for verb, word := range tokens(lower[noun[1]:noun[1]+len(clause)], ":=") {
			switch word {
			case "is", "be", "are", "was", "remains", "stays", ":", "=":
			default:
				continue
			}
			behind := noun[1] + verb + len(word)
			if a, i, ok := c.ahead(text[behind:]); ok && !denied(clause[:verb]) {
				if !peers.MatchString(lastBytes(text[:noun[0]], slack)) && !beginsList(text[behind:]) {
					state(a, behind+i)
				}
				break
			}
		}
	}
}

// chose states what follows a choice in the first person and the like: see the pattern chosen. lower is the text in lower case.
func (c chooser) chose(text, lower string, state func(a debate.Answer, at int)) {
	end := 0 // of the last match
	for at, word := range tokens(lower, "") {
		if at < end || !mayChoose(word, lower[at+len(word):]) {
			continue
		}
		m := chosen.FindString(firstBytes(text[at:], chosenBytes))
		if m == "" {
			continue
		}
		end = at + len(m)
		if a, i, ok := c.ahead(text[end:]); ok && !denied(m) && !beginsList(text[end:]) {
			state(a, end+i)
		}
	}
}

// mayChoose reports whether the pattern chosen may match at a word before rest, both in lower case.
func mayChoose(word, rest string) bool {
	switch word {
	case "i", "we", "change", "changing":
		return true
	case "my", "final", "correct", "best":
		switch firstWord(strings.TrimPrefix(rest, " ")) {
		case "answer", "choice", "option":
			return true
		}
	}
	return false
}

// ahead reads the choice that s begins with, behind fillers, and says where. The answer is "" when it is a letter
// beyond the choices or the first of two; ok is false when s names no choice or denies it.
func (c chooser) ahead(s string) (a debate.Answer, at int, ok bool) {
	s = firstBytes(s, c.longest+slack)
	at, announced := skipFillers(s)
	if inside, ok := inBrackets(s[at:]); ok {
		if a := c.withText(inside); a != "" && len(normalizeOpen(inside)) > 1 {
			return a, at, true
		}
	}
	for _, rest := range []string{strings.TrimLeft(s, fillersBetween), s[at:], withoutArticle(s[at:])} {
		for _, words := range []string{firstLine(rest), sentence(rest)} {
			if a := c.withText(words); a != "" && len(normalizeOpen(words)) > 1 {
				return a, at, true
			}
		}
	}
	a, n := c.letter(s[at:], announced)
	if n == 0 || refuted.MatchString(s[at+n:]) {
		return "", 0, false
	}
	rest := c.behindText(a, s[at+n:])
	if joint := orElse.FindString(rest); joint != "" {
		second := rest[len(joint):]
		alike := isBracket(s[at:]) == isBracket(second) // "(D), I and II" is one letter and its text
		if b, m := c.letter(second, false); m > 0 && alike && b != a && c.valid(b) != "" && !ownVerb.MatchString(second[m:]) {
			return "", at, true
		}
	}
	return c.valid(a), at, true
}

// withoutArticle returns s without the article that it begins with, as the text of a choice may have one in a sentence: "is a stomach".
func withoutArticle(s string) string {
	return strings.TrimPrefix(strings.TrimPrefix(s, "a "), "an ")
}

// inBrackets returns what stands in the round brackets that s begins with, or ok false.
func inBrackets(s string) (inside string, ok bool) {
	if !strings.HasPrefix(s, "(") {
		return "", false
	}
	inside, _, ok = strings.Cut(s[1:], ")")
	return inside, ok
}

// fillersBetween is what stands before and between fillers.
const fillersBetween = " \t\r\n\f\"'“‘:,"

// skipFillers returns where the fillers end that may stand between a verb and a letter, as in "most likely the option", and whether
// the last of them announces a letter.
func skipFillers(s string) (at int, announced bool) {
	for {
		rest := strings.TrimLeft(s[at:], fillersBetween)
		between := s[at : len(s)-len(rest)]
		announced = announced && between != "" && strings.Trim(between, " \t\r\n\f") == ""
		at = len(s) - len(rest)
		word := firstWord(rest)
		switch strings.ToLower(word) {
		case "option", "choice", "letter":
			announced = true
		case "the", "answer", "still", "indeed", "therefore", "thus", "most", "likely", "probably", "clearly", "definitely", "correct":
			announced = false
		default:
			return at, announced
		}
		at += len(word)
	}
}

// behindText returns what follows the text of choice a if s begins with it, else s.
func (c chooser) behindText(a debate.Answer, s string) string {
	i := c.q.ChoiceIndex(a)
	if i < 0 {
		return s
	}
	rest, text := strings.TrimLeft(s, " .:)"), strings.TrimRight(c.plain[i], ". ")
	if len(rest) < len(text) || !strings.EqualFold(rest[:len(text)], text) {
		return s
	}
	return rest[len(text):]
}

// letter returns the letter that s begins with and its length in s, or 0 if s begins with a word or an article.
// It is no article if the word "option" or the like announced it.
func (c chooser) letter(s string, announced bool) (debate.Answer, int) {
	if !beginsWithLetter(s) {
		return "", 0
	}
	m := letterAhead.FindStringSubmatchIndex(s)
	if m == nil {
		return "", 0
	}
	if m[2] >= 0 {
		return debate.Answer(strings.ToUpper(s[m[2]:m[3]])), m[1]
	}
	a := debate.Answer(strings.ToUpper(s[:1]))
	ends := capitalEnds
	if s[:1] != string(a) {
		ends = smallEnds
	}
	if rest := s[1:]; announced && strings.HasPrefix(rest, " ") || ends.MatchString(rest) || c.isText(a, firstLine(rest)) || c.isText(a, sentence(rest)) {
		return a, 1
	}
	return "", 0
}

// lines states the letters that stand on lines of their own, the choices written out ("C. Paris") and a letter that
// begins the text. A text that writes out several choices, or begins several lines with letters, lists them and states none,
// even if it is cut off behind the letter of the next.
func (c chooser) lines(text string, state func(a debate.Answer, at int)) {
	var first, item, last debate.Answer // letters of lines with a text: the first, the latest, the last with its choice's own
	lastAt, listed := 0, false
	for start := 0; start < len(text); {
		at, line := start, firstLine(text[start:])
		start += len(line) + 1
		line = strings.Trim(firstBytes(line, c.longest+slack), " \t\r*#>-•\"'“”‘’")
		a, own := letterOfLine(line)
		switch {
		case a == "" || strings.HasSuffix(line, ":"):
		case own == "" && start >= len(text) && item != "" && line[len(line)-1] == item[0]+1: // the next item, cut off
		case own == "":
			if c.valid(a) != "" || strings.Contains(line, string(a)) { // a small letter may be a variable
				state(c.valid(a), at)
			}
		default:
			item = a
			listed = listed || first != "" && a != first
			if first == "" {
				first = a
			}
			if c.isText(a, own) {
				last, lastAt = a, at
			}
		}
	}
	if listed {
		return
	}
	if last != "" {
		state(last, lastAt)
	}
	if text = strings.TrimLeft(text, " \t\r\n"); !beginsWithLetter(text) {
		return
	}
	if m := leading.FindStringSubmatch(text); m != nil {
		a := debate.Answer(m[1] + m[2])
		if both, _, ok := c.ahead(text); ok && both == "" { // "(A), (B)"
			a = ""
		}
		state(c.valid(a), 0)
	}
}

// beginsList reports whether s goes on, on a new line, with a list of choices, so that what leads to it does not state the first of them:
// the line below begins with the letter after it.
func beginsList(s string) bool {
	rest := strings.TrimLeft(s, " \t\r\n:")
	if !strings.Contains(s[:len(s)-len(rest)], "\n") {
		return false
	}
	line := firstLine(rest)
	next := firstLine(strings.TrimPrefix(rest[len(line):], "\n"))
	a, own := letterOfLine(firstBytes(line, sentenceBytes))
	b, other := letterOfLine(firstBytes(next, sentenceBytes))
	return own != "" && other != "" && a != "" && b != "" && b[0] == a[0]+1
}

// beginsWithLetter reports whether s may begin with a letter that stands alone or in brackets. It is quick to turn words down.
func beginsWithLetter(s string) bool {
	return len(firstWord(strings.TrimLeft(s, "([{ \t\r\n\f"))) == 1
}

func isBracket(s string) bool { return s != "" && strings.IndexByte("([{", s[0]) >= 0 }
