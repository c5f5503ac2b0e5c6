package debate

import (
	"regexp"
	"strings"
)

var (
	// markup is taken off before letters are looked for. Boxes stay.
	markup = strings.NewReplacer("**", "", "__", "", "`", "", "$", "", `\(`, "", `\)`, "", `\[`, "", `\]`, "")
	// emphasised is a letter set off by markup: "**C**", "*(C)*".
	emphasised = regexp.MustCompile(`(?:\*+|__|\x60)\(?([A-Z])\)?\.?(?:\*+|__|\x60)`)

	// bracketed is the form that the prompts ask for; in "P(A)" the bracket belongs to the P.
	bracketed = regexp.MustCompile(`(?:^|[^\w)}\]])\(([A-Z])\)`)
	// letterAhead is a letter at the start of what is left of a text: "(C)", "[C]", "{C. Paris}", "C".
	letterAhead = regexp.MustCompile(`^(?:[(\[{]\s*([A-Za-z])\s*(?:[)\]}]|[.:]\s)|([A-Za-z])\b)`)
	// capitalEnds follows a capital without brackets that names a choice: the end of a line, punctuation, or a word that
	// begins a reason. "A reason", "I think", "A/B" and "T cells" name none.
	capitalEnds = regexp.MustCompile(`^(?:[^\S\n]*(?:$|\n)|[.,;:!?)\]}"'”]+(?:\s|$)|\s+(?:because|since|as|for|due|which|given|based|is|and|or|but|if|[(–—-])(?:\W|$))`)
	// smallEnds follows a small letter without brackets that names a choice: it ends its line.
	smallEnds = regexp.MustCompile(`^[.)\]}"]*[^\S\n]*(?:$|\n)`)
	// letterAlone is a line that is a letter, perhaps with a text: "C", "(c)", "C.", "C) Paris".
	letterAlone = regexp.MustCompile(`^(?:[Oo]ption )?[(\[{]?\s*([A-Za-z])(?:\s*[)\]}.:]+\s*(.*?))?[)\]}.\s]*$`)
	// leading is a letter before the first sentence of a reply: "(C). A is wrong.", "C) because".
	leading = regexp.MustCompile(`^(?:\(([A-Z])\)(?:[.:,;]|\s*\n)|([A-Z])[.):,]+\s)`)

	// orElse leads to a second letter, "(A) or (B)", and joined is the same before that letter, whatever came first;
	// ownVerb shows that the second letter begins a clause of its own.
	orElse  = regexp.MustCompile(`^\s*(?:,?\s*(?:or|and|and/or)\b|[,/&])\s*(?:(?:option|choice)\s)?`)
	joined  = regexp.MustCompile(`(?i)\b(?:or|and|nor)\s+(?:option\s|choice\s)?$`)
	ownVerb = regexp.MustCompile(`^\s*(?:is|are|was|has|does|would|could|can|cannot)\b`)
	// refuted follows a letter that is named to be denied: "(A) is incorrect".
	refuted = regexp.MustCompile(`^\s*(?:is|are|was|would be|seems)\s+(?:\w+ly\s|also\s)?(?:incorrect|wrong|not|false)\b`)
	// denial, right before a letter or its verb, denies it: "neither (A)", "is not option A", "cannot be".
	denial = regexp.MustCompile(`(?i)(?:\b(?:not|cannot|never|neither|nor|either|between|without)|n['’]t)(?:\s+(?:the|any|of|be|as|option|choice|answer|choose|select|pick))*\s*$`)

	// answerNoun is what a statement is about and answerVerb what leads from there to the letter: "the answer to the
	// question is", "best option would be:". fillers may stand between: "most likely option".
	answerNoun = regexp.MustCompile(`(?i)\b(?:answer|ans|choice|option|solution)\b`)
	answerVerb = regexp.MustCompile(`(?i)\b(?:is|be|are|was|remains|stays)\b|[:=]`)
	fillers    = regexp.MustCompile(`^(?:[\s"“:,]|(?i:the|option|choice|letter|answer|still|indeed|therefore|thus|most|likely|probably|clearly|definitely|correct)\b)*`)
	// announcing, at the end of the fillers, says that a letter comes next.
	announcing = regexp.MustCompile(`(?i)\b(?:option|choice|letter)\s+$`)
	// peers, right before the noun, says that the answer is not the speaker's own: "Agent 2's answer", "Agent solution 1", "the wrong answer".
	peers = regexp.MustCompile(`(?i)(?:\bagents?(?: \w+)?(?:['’]s?)?|\btheir|\bother|\bwrong|\bincorrect)(?: \w+)?\s*$`)
	// chosen leads to the letter of the speaker's choice: "I would choose", "changing my answer from (A) to", and "the
	// correct answer" of "the correct answer (C)".
	chosen = regexp.MustCompile(`(?i)\b(?:i|we)\b['’\w ]{0,30}?\b(?:choose|select|pick|go with|opt for|vote for|stick with|stay with)\b|` +
		`\bchang(?:e|ing) my answer [^.\n]{0,40}?\bto\b|\b(?:my|final|correct|best) (?:answer|choice|option)(?: as)?\b`)

	// verdict names the letter first: "(B) is the correct answer", "option B is right".
	verdict = regexp.MustCompile(`(?:\(([A-Z])\)|\b[Oo]ption ([A-Z])\b)([^.()\n]*?)\b(?:is|are|be|seems)\s+` +
		`(?i:(?:the|a|most|likely|only|indeed|therefore|thus|clearly|probably|also)\s+)*(?i:correct|right|best|answer|accurate|appropriate)\b`)
	// mention is a letter that is named as a choice at all: "(B)", "option B", and "B. " if the text of B follows.
	mention = regexp.MustCompile(`(?:^|[^\w)}\]])\(([A-Z])\)|\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer) ([A-Z])\b|\b([A-Z])[.):]\s+`)
)

// readChoice reads the letter of a choice from running text.
//
// Flexible takes the last statement (see chooser.stated). A reply that states nothing is read, in this order, for
//  1. "(X)" at its end, as Strict reads it;
//  2. the last verdict, "(X) is the correct answer";
//  3. the one letter that it mentions and does not deny, if there is just one;
//  4. the text of exactly one choice, if that is the whole reply.
func readChoice(q Question, text string) Reading {
	c := newChooser(q)
	r := Reading{Strict: c.atEnd(withoutMarkup(text))}
	text = plainLetters(text)
	if a, ok := c.stated(text); ok {
		r.Flexible = a
		return r
	}
	for _, read := range []func(string) Answer{c.atEnd, c.judged, c.mentioned, c.withText} {
		if r.Flexible = read(text); r.Flexible != "" {
			break
		}
	}
	return r
}

// plainLetters takes markup off and writes a letter that was set off by it in brackets.
func plainLetters(text string) string {
	return withoutMarkup(emphasised.ReplaceAllString(text, "($1)"))
}

func withoutMarkup(text string) string {
	return markup.Replace(latexText.ReplaceAllString(text, "$1"))
}

// atEnd returns X of "(X)" at the end of a text: nothing follows but punctuation and the text of choice X, and X is not
// the second of two letters, "(A) or (B)".
func (c chooser) atEnd(text string) Answer {
	all := bracketed.FindAllStringSubmatchIndex(text, -1)
	if len(all) == 0 {
		return ""
	}
	last := all[len(all)-1]
	a, rest := Answer(text[last[2]:last[3]]), strings.Trim(text[last[1]:], " \t\r\n.,:;!*)]}\"'”")
	if rest != "" && !c.isText(a, rest) {
		return ""
	}
	before := text[:last[2]-1]
	if len(all) > 1 {
		if between := before[all[len(all)-2][1]:]; between != "" && orElse.FindString(between) == between {
			return ""
		}
	}
	if denied(before) || joined.MatchString(lastBytes(before, slack)) {
		return ""
	}
	return c.valid(a)
}

// stated returns the last statement of an answer in a text and whether there is one. A statement is an answer with a
// verb ("the answer is C", "Answer: (C)"), a choice in the first person ("I would choose C"), a box, and what lines states.
// In place of the letter the text of exactly one choice will do.
//
// A statement of two letters, or of one beyond the choices, states no answer; but it is the reply's last word.
func (c chooser) stated(text string) (answer Answer, ok bool) {
	at := -1
	state := func(a Answer, i int) {
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
	nouns := append(answerNoun.FindAllStringIndex(text, -1), []int{len(text)})
	for i, m := range nouns[:len(nouns)-1] {
		if peers.MatchString(lastBytes(text[:m[0]], slack)) {
			continue
		}
		clause := sentence(firstBytes(text[m[1]:nouns[i+1][0]], sentenceBytes))
		for _, v := range answerVerb.FindAllStringIndex(clause, -1) {
			if a, i, ok := c.ahead(text[m[1]+v[1]:]); ok && !denied(clause[:v[0]]) {
				state(a, m[1]+v[1]+i)
				break
			}
		}
	}
	for _, m := range chosen.FindAllStringIndex(text, -1) {
		if a, i, ok := c.ahead(text[m[1]:]); ok && !denied(text[m[0]:m[1]]) {
			state(a, m[1]+i)
		}
	}
	return answer, at >= 0
}

// ahead reads the choice that s begins with, behind fillers, and says where. The answer is "" when it is a letter
// beyond the choices or the first of two; ok is false when s names no choice or denies it.
func (c chooser) ahead(s string) (a Answer, at int, ok bool) {
	s = firstBytes(s, c.longest+slack)
	at = len(fillers.FindString(s))
	for _, rest := range []string{strings.TrimLeft(s, " \t\r\n\"“:,"), s[at:]} {
		for _, words := range []string{firstLine(rest), sentence(rest)} {
			if a := c.withText(words); a != "" && len(normalizeOpen(words)) > 1 {
				return a, at, true
			}
		}
	}
	a, n := c.letter(s[at:], announcing.MatchString(s[:at]))
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

// behindText returns what follows the text of choice a if s begins with it, else s.
func (c chooser) behindText(a Answer, s string) string {
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
func (c chooser) letter(s string, announced bool) (Answer, int) {
	m := letterAhead.FindStringSubmatchIndex(s)
	if m == nil {
		return "", 0
	}
	if m[2] >= 0 {
		return Answer(strings.ToUpper(s[m[2]:m[3]])), m[1]
	}
	a := Answer(strings.ToUpper(s[:1]))
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
// begins the text. A text that writes out several choices, or begins several lines with letters, lists them and states none.
func (c chooser) lines(text string, state func(a Answer, at int)) {
	var first, last Answer // letters of lines with a text
	lastAt, listed := 0, false
	for start := 0; start < len(text); {
		at, line := start, firstLine(text[start:])
		start += len(line) + 1
		line = strings.Trim(firstBytes(line, c.longest+slack), " \t\r*#>-•\"")
		a, own := letterOfLine(line)
		switch {
		case a == "" || strings.HasSuffix(line, ":"):
		case own == "":
			if c.valid(a) != "" || strings.Contains(line, string(a)) { // a small letter may be a variable
				state(c.valid(a), at)
			}
		default:
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
	text = strings.TrimLeft(text, " \t\r\n")
	if m := leading.FindStringSubmatch(text); m != nil {
		state(c.valid(Answer(m[1]+m[2])), 0)
	}
}

// judged returns the letter of the last verdict.
func (c chooser) judged(text string) Answer {
	all := verdict.FindAllStringSubmatch(text, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; !denied(m[3]) {
			return c.valid(Answer(m[1] + m[2]))
		}
	}
	return ""
}

// mentioned returns the one letter that a text mentions and does not deny, or "" if there are several.
func (c chooser) mentioned(text string) Answer {
	var only Answer
	for _, m := range mention.FindAllStringSubmatchIndex(text, -1) {
		i := max(m[2], m[4], m[6])
		a := Answer(text[i : i+1])
		if m[6] >= 0 && !c.isText(a, sentence(firstBytes(text[m[1]:], c.longest+slack))) {
			continue
		}
		if refuted.MatchString(text[m[1]:]) || denied(text[:m[0]]) || a == only {
			continue
		}
		if only != "" {
			return ""
		}
		only = a
	}
	return c.valid(only)
}

func isBracket(s string) bool { return s != "" && strings.IndexByte("([{", s[0]) >= 0 }

// denied reports whether a text denies what comes after it.
func denied(before string) bool { return denial.MatchString(lastBytes(before, slack)) }
