package extract

import (
	"regexp"
	"slices"
	"strings"

	"cheaptalk/debate"
)

var (
	// markup is taken off before letters are looked for. Boxes stay.
	markup = strings.NewReplacer("**", "", "__", "", "`", "", "$", "", `\(`, "", `\)`, "", `\[`, "", `\]`, "",
		"<answer>", "Answer: ", "</answer>", "\n")
	// emphasised is a letter set off by markup: "**C**", "*(C)*".
	emphasised = regexp.MustCompile(`(?:\*+|__|\x60)\(?([A-Z])\)?\.?(?:\*+|__|\x60)`)

	// placeholder is the "X" of the prompt's "(X)" at the start of a line, before something else.
	placeholder = regexp.MustCompile(`(?m)^[^\S\n]*(?:Answer:[^\S\n]*)?(?:\(X\)|X[).:])[^\S\n]+`)
	// letterBehind is a placeholder before a letter that is no word by itself.
	letterBehind = regexp.MustCompile(placeholder.String() + `([B-HJ-Z])\b`)

	// orElse leads to a second letter, "(A) or (B)", and joined is the same before that letter, whatever came first.
	orElse = regexp.MustCompile(`^\s*(?:,?\s*(?:or|and|and/or)\b|[,/&])\s*(?:(?:option|choice)\s)?`)
	joined = regexp.MustCompile(`(?i)\b(?:or|and|nor)\s+(?:option\s|choice\s)?$`)
	// refuted follows a letter that is named to be denied: "(A) is incorrect".
	refuted = regexp.MustCompile(`^\s*(?:is|are|was|would be|seems)\s+(?:\w+ly\s|also\s)?(?:incorrect|wrong|not|false)\b`)
	// denial, right before a letter or its verb, denies it: "neither (A)", "is not option A", "cannot be", "rather than (A)".
	denial = regexp.MustCompile(`(?i)(?:\b(?:not|cannot|never|neither|nor|either|between|without|instead of|(?:rather|better|likelier|likely|correct|accurate|plausible|appropriate)\s+than)|n['’]t)(?:\s+(?:the|any|of|be|as|option|choice|answer|choose|select|pick))*\s*$`)

	// verdict names the letter first: "(B) is the correct answer", "option B is right".
	verdict = regexp.MustCompile(`(?:\(([A-Z])\)|\b[Oo]ption ([A-Z])\b)([^.()\n]*?)\b(?:is|are|be|seems)\s+` +
		`(?i:(?:the|a|most|likely|only|indeed|therefore|thus|clearly|probably|also)\s+)*(?i:correct|right|best|answer|accurate|appropriate)\b`)
	// asserted is a letter behind the verb of a sentence that repeats the question: "the city on the Seine is (B) Paris".
	asserted = regexp.MustCompile(`\b(?:is|are|was|were)\s+(?:\w+ly\s+|indeed\s+|still\s+)?\(([A-Z])\)`)
	// subject, between the start of that sentence and the verb, says whose answer it is: "Agent 1's answer is (A)".
	subject = regexp.MustCompile(`(?i)\b(?:agents?|answers?|their|others?)\b[^.!?\n]*$`)
	// mention is a letter that is named as a choice at all: "(B)", "option B", and "B. " if the text of B follows.
	mention = regexp.MustCompile(`(?:^|[^\w)}\]])\(([A-Z])\)|\b(?:[Oo]ption|[Cc]hoice|[Aa]nswer) ([A-Z])\b|\b([A-Z])[.):]\s+`)
)

// readChoice reads the letter of a choice from running text.
//
// Flexible takes the last statement (see chooser.stated). A reply that states nothing is read, in this order, for
//  1. "(X)" at its end, as Strict reads it;
//  2. the last verdict, "(X) is the correct answer";
//  3. the last "is (X)" before X's own text: the answer in a sentence that repeats the question;
//  4. the one letter that it mentions and does not deny, if there is just one;
//  5. the text of exactly one choice, if that is the whole reply.
func readChoice(q debate.Question, text string) debate.Reading {
	c := newChooser(q)
	r := debate.Reading{Strict: c.atEnd(withoutMarkup(text))}
	text = c.withoutPlaceholder(plainLetters(text))
	if a, ok := c.stated(text); ok {
		r.Flexible = a
		return r
	}
	for _, read := range []func(string) debate.Answer{c.atEnd, c.judged, c.asserted, c.mentioned, c.withText} {
		if r.Flexible = read(text); r.Flexible != "" {
			break
		}
	}
	return r
}

// withoutPlaceholder replaces the "(X)" of the prompt, which small models repeat before their answer or in its place, "(X) D" or
// "X: Paris", by the word that it stands for. Where X is a choice it is an answer like any other.
func (c chooser) withoutPlaceholder(text string) string {
	if c.valid("X") != "" || !strings.Contains(text, "X") {
		return text
	}
	text = letterBehind.ReplaceAllString(text, "Answer: ($1)")
	return placeholder.ReplaceAllString(text, "Answer: ")
}

// plainLetters takes markup off, writes a letter that was set off by it in brackets, and full-width letters and marks in ASCII.
func plainLetters(text string) string {
	text = halfWidth(text)
	if at := markedLetter(text); at < len(text) {
		text = text[:at] + emphasised.ReplaceAllString(text[at:], "($1)")
	}
	return withoutMarkup(text)
}

// markedLetter returns where the markup of the first letter that may be emphasised begins, or the length of the text.
func markedLetter(text string) int {
	if !hasAny(text, "*_`") {
		return len(text)
	}
	for i := range len(text) {
		switch text[i] {
		case '*', '_', '`':
			if behind := strings.TrimPrefix(text[i+1:], "("); len(behind) > 1 && isCapital(behind[0]) && strings.IndexByte(").*_`", behind[1]) >= 0 {
				return len(strings.TrimRight(text[:i], "*_`"))
			}
		}
	}
	return len(text)
}

func withoutMarkup(text string) string {
	if !hasAny(text, "*_`$\\<") {
		return text
	}
	return markup.Replace(replaceAll(latexText, text, "$1"))
}

// atEnd returns X of "(X)" at the end of a text: nothing follows but punctuation and the text of choice X, and X is not
// the second of two letters, "(A) or (B)".
func (c chooser) atEnd(text string) debate.Answer {
	at := lastBracketed(text)
	if at < 0 {
		return ""
	}
	before, a, rest := text[:at], debate.Answer(text[at+1:at+2]), strings.Trim(text[at+3:], " \t\r\n.,:;!*)]}\"'”")
	if rest != "" && !c.isText(a, rest) {
		return ""
	}
	if i := lastBracketed(before); i >= 0 {
		if between := before[i+3:]; between != "" && orElse.FindString(between) == between {
			return ""
		}
	}
	if denied(before) || endsInWord(before) && joined.MatchString(lastBytes(before, slack)) {
		return ""
	}
	return c.valid(a)
}

// lastBracketed returns where the last "(X)" of a text begins, X a capital letter, or -1. That is the form that the prompts
// ask for; in "P(A)" the bracket belongs to the P.
func lastBracketed(text string) int {
	for end := strings.LastIndexByte(text, ')'); end >= 2; end = strings.LastIndexByte(text[:end], ')') {
		at := end - 2
		if text[at] == '(' && isCapital(text[at+1]) && (at == 0 || !isWord(text[at-1]) && strings.IndexByte(")]}", text[at-1]) < 0) {
			return at
		}
	}
	return -1
}

// judged returns the letter of the last verdict.
func (c chooser) judged(text string) debate.Answer {
	all := verdict.FindAllStringSubmatch(text, -1)
	for i := len(all) - 1; i >= 0; i-- {
		if m := all[i]; !denied(m[3]) {
			return c.valid(debate.Answer(m[1] + m[2]))
		}
	}
	return ""
}

// asserted returns the letter of the last "is (X)" before the text of X, or "" if another letter is joined to it.
func (c chooser) asserted(text string) debate.Answer {
	for _, m := range slices.Backward(asserted.FindAllStringSubmatchIndex(text, -1)) {
		behind := text[m[1]:]
		rest := c.behindText(debate.Answer(text[m[2]:m[3]]), behind)
		if rest == behind || refuted.MatchString(strings.TrimPrefix(rest, ", which")) || subject.MatchString(lastBytes(text[:m[0]], sentenceBytes)) {
			continue
		}
		a, _, _ := c.ahead(text[m[2]-1:])
		return a
	}
	return ""
}

// mentioned returns the one letter that a text mentions and does not deny, or "" if there are several.
func (c chooser) mentioned(text string) debate.Answer {
	var only debate.Answer
	for _, m := range mention.FindAllStringSubmatchIndex(text, -1) {
		i := max(m[2], m[4], m[6])
		a := debate.Answer(text[i : i+1])
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

// denied reports whether a text denies what comes after it.
func denied(before string) bool {
	return endsInWord(before) && denial.MatchString(lastBytes(before, slack))
}
