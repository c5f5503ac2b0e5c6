package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

var (
	// confidenceStated is a statement of confidence: "Confidence: 85%", "**Confidence level:** 8/10". Its one group is the value.
	confidenceStated = regexp.MustCompile(`(?i)\bconfidence(?:[ \t]+(?:level|score))?(?:[ \t]*\([^()\n]*\))?["*_ \t]*[:=：][*_ \t]*` +
		`([^\s*_]+(?:[ \t]*(?:\\?%|percent\b|/[ \t]*\d+|out of[ \t]+\d+))?)[*_]*`)
	// confidenceSaid is one in a sentence: "I am 95% confident", "my confidence in this is about 95%", "the probability of being right is
	// \boxed{0.95}". Its groups are what is said, the value in it and its percent sign, in one of four places.
	confidenceSaid = regexp.MustCompile(`(?i)\b((\d+(?:\.\d+)?)[ \t]*\\?(%|percent)[ \t]+)(?:confident|sure|certain|confidence|certainty)\b` +
		`|\b(?:confidence\b[^.,;!?\n]{0,60}?(?:\b(?:is|of|at)[ \t]+|:[ \t]*)|confident\b[^.!?\n]{0,60}?(?:\bat[ \t]+|:[ \t]*))` + approximately +
		`(` + boxBegins + `(\d+(?:\.\d+)?)[ \t]*\\?(%|percent\b)` + boxEnds + `)` +
		`|\bconfidence[ \t]+((?:\\\([ \t]*)?\\boxed\{(\d+(?:\.\d+)?|\.\d+)[ \t]*\\?(%|percent\b)?` + boxEnds + `)` +
		`|\bprobability[ \t]+(?:of[ \t]+(?:it[ \t]+)?being|that[ \t]+(?:it|this|(?:my|our|the)[ \t]+answer)[ \t]+is)[ \t]+(?:right|correct)[ \t]+is[ \t]+` + approximately +
		`(` + boxBegins + `(\d+(?:\.\d+)?|\.\d+)[ \t]*\\?(%|percent\b)?` + boxEnds + `)`)
	// confidenceBox is one in a box of its own, at the end of a reply and behind the box of its answer. Its groups are the answer, what is said and the value in it.
	confidenceBox = regexp.MustCompile(`\\boxed\{([^{}%]*)\}[ \t]*(?:\\\)|\$)?\s+((?:\\\([ \t]*|\$)?\\boxed\{[ \t]*(\d+(?:\.\d+)?)[ \t]*\\?%[ \t]*\}(?:[ \t]*(?:\\\)|\$))?)\s*$`)
	// ofAnInterval, in such a statement or right behind it, says that it is about statistics: "a 95% confidence interval".
	ofAnInterval = regexp.MustCompile(`(?i)\b(?:interval|band|bound|limit|region)s?\b`)
	levelAhead   = regexp.MustCompile(`(?i)^[ \t]+(?:level|interval|band|bound|limit|region)s?\b`)
	// confidenceValue is a value that can be read: a number, and what it is out of.
	confidenceValue = regexp.MustCompile(`(?i)^(\d+(?:\.\d+)?|\.\d+)\s*(?:(%|percent)|(?:/|out of)\s*(\d+))?[.,;)}"]*$`)
	// confidenceMarkup is what may stand around such a value.
	confidenceMarkup = strings.NewReplacer(`\boxed{`, "", `\(`, "", `\)`, "", "$", "", `\%`, "%")
)

// Parts of confidenceSaid.
const (
	approximately = `(?:(?:only|about|around|approximately|roughly|over)[ \t]+)?`
	boxBegins     = `(?:\\\([ \t]*)?(?:\\boxed\{)?`
	boxEnds       = `\}?(?:[ \t]*\\\))?`
)

// certainty is a confidence in a sentence.
type certainty struct {
	start, end           int // of the statement
	valueStart, valueEnd int // of its value, with what belongs to it
	number               string
	percent              bool
}

// saidIn returns the confidences that the sentences of a text state, in order, and one in a box of its own. None goes beyond its line.
func saidIn(text string) []certainty {
	boxed := boxedBehind(text)
	if !mayStateConfidence(text) {
		return boxed
	}
	var all []certainty
	at := 0
	for line := range strings.SplitAfterSeq(text, "\n") {
		if mayStateConfidence(line) {
			all = append(all, saidInLine(line, at)...)
		}
		at += len(line)
	}
	return append(all, boxed...)
}

// boxedBehind returns the confidence that a reply puts into a box of its own behind that of its answer: "\boxed{180}" and, at its end, "\boxed{90%}". A
// percentage that says the answer again, as "\boxed{25%}" does behind "\boxed{25}" and "\boxed{0.25}", is none.
func boxedBehind(text string) []certainty {
	if !strings.Contains(text, "%") || !strings.Contains(text, `\boxed`) {
		return nil
	}
	m := confidenceBox.FindStringSubmatchIndex(text)
	if m == nil {
		return nil
	}
	answer, number := strings.TrimSpace(text[m[2]:m[3]]), text[m[6]:m[7]]
	value, err := strconv.ParseFloat(number, 64)
	if a, errA := strconv.ParseFloat(answer, 64); err != nil || value > 100 || errA == nil && (a == value || a*100 == value) {
		return nil
	}
	return []certainty{{start: m[4], end: m[5], valueStart: m[4], valueEnd: m[5], number: number, percent: true}}
}

// mayStateConfidence reports whether a text has one of the words of confidenceSaid, which few replies have.
func mayStateConfidence(text string) bool {
	return slices.ContainsFunc([]string{"onfiden", "sure", "ertain", "robability"}, func(part string) bool { return strings.Contains(text, part) })
}

// saidInLine is saidIn for a line that begins at a place of its text.
func saidInLine(line string, at int) []certainty {
	var all []certainty
	for _, m := range confidenceSaid.FindAllStringSubmatchIndex(line, -1) {
		if ofAnInterval.MatchString(line[m[0]:m[1]]) || levelAhead.MatchString(line[m[1]:]) {
			continue
		}
		for i := 2; i < len(m); i += 6 { // three groups for each form
			if m[i] >= 0 {
				all = append(all, certainty{
					start: at + m[0], end: at + m[1], valueStart: at + m[i], valueEnd: at + m[i+1],
					number: line[m[i+2]:m[i+3]], percent: m[i+4] >= 0,
				})
			}
		}
	}
	return all
}

// HideConfidence returns the text without the statements of confidence that [ReadConfidence] looks for. A line that says nothing
// else goes with them, and of a sentence the number alone: "I am 85% confident" becomes "I am confident". What the question says itself
// ("We are 90% confident that ...") states none. Certainty in other words ("I am quite sure") stays.
func HideConfidence(q debate.Question, text string) string {
	for _, c := range boxedBehind(text) {
		text = text[:c.start]
	}
	var kept []string
	for line := range strings.SplitSeq(text, "\n") {
		rest := line
		if at := wordBegins(rest, "confidence"); at >= 0 {
			rest = rest[:at] + confidenceStated.ReplaceAllString(rest[at:], "")
		}
		if rest != line && strings.Trim(rest, "*_#>-. \t\r") == "" {
			continue
		}
		kept = append(kept, withoutValues(q, rest))
	}
	return strings.TrimSpace(strings.Join(kept, "\n"))
}

// withoutValues returns a line without the numbers of its confidences: with "…" in their place where a verb leads to them.
func withoutValues(q debate.Question, line string) string {
	for _, c := range slices.Backward(saidIn(line)) {
		if saysItself(q, line[c.start:c.end]) {
			continue
		}
		instead := ""
		if c.valueStart > c.start {
			instead = "…"
		}
		line = line[:c.valueStart] + instead + line[c.valueEnd:]
	}
	return line
}

// blankConfidence returns the text with blanks in place of its statements of confidence, so that every other byte keeps its place.
func blankConfidence(q debate.Question, text string) string {
	var b []byte
	for _, c := range saidIn(text) {
		if saysItself(q, text[c.start:c.end]) {
			continue
		}
		if b == nil {
			b = []byte(text)
		}
		for i := c.start; i < c.end; i++ {
			b[i] = ' '
		}
	}
	if b != nil {
		text = string(b)
	}
	at := wordBegins(text, "confidence")
	if at < 0 {
		return text
	}
	return text[:at] + confidenceStated.ReplaceAllStringFunc(text[at:], func(s string) string {
		if saysItself(q, s) {
			return s
		}
		return strings.Repeat(" ", len(s))
	})
}

// saysItself reports whether a question, or one of its choices, has these words.
func saysItself(q debate.Question, words string) bool {
	return strings.Contains(q.Text, words) || slices.ContainsFunc(q.Choices, func(choice string) bool { return strings.Contains(choice, words) })
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
	m := confidenceValue.FindStringSubmatch(confidenceMarkup.Replace(halfWidth(all[len(all)-1][1])))
	if m == nil {
		return debate.Confidence{}
	}
	return confidenceOf(m[1], m[2] != "", m[3])
}

// saidConfidence is ReadConfidence for a sentence.
func saidConfidence(text string) debate.Confidence {
	all := saidIn(text)
	if len(all) == 0 {
		return debate.Confidence{}
	}
	last := all[len(all)-1]
	return confidenceOf(last.number, last.percent, "")
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
