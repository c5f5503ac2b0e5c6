package extract

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"cheaptalk/debate"
)

var (
	// spacedGroups is a number whose thousands are grouped by spaces: "1 000 000".
	spacedGroups = regexp.MustCompile(`^([-+]?\d{1,3})((?: \d{3})+)(\.\d+)?(?:$|[^\d/.,])`)

	// writtenNumber is a number as people write it; its groups are named by the constants below.
	writtenNumber = regexp.MustCompile(`([-+]?)(?:[$€£¥₹]\s?)?([-+]?)(\d+(?:,\d+)*(?:\.\d+)?|\.\d+)` +
		`(?:[eE]([-+]?\d+)\b|\s?[x×*]\s?10\s?\^\s?\{?([-+]?\d+)\}?|(?:\s(\d+))?\s?/\s?(\d+(?:,\d+)*(?:\.\d+)?))?` +
		`(?:\s((?i:thousand|million|billion|trillion))\b)?`)
	// unit is what may stand behind a number that is all there is: "%", " dollars", "cm^2". A lone letter right behind it
	// may be a variable and is none.
	unit = regexp.MustCompile(`^(?:\s*[%°€£¥₹¢]|\p{L}\p{L}+)?(?:\s+[\p{L}°€$£¥][\p{L}.'/·°-]*)*(?:\s?\^\s?\{?\d\}?)?[\s.]*$`)
	// numberGoesOn follows digits that are no number: "5:30", "1.2.3", "1'000", "5/4/21", "3rd", "5^2", "7\pi", "4t", "5k".
	// One letter may be a unit: "48g".
	numberGoesOn = regexp.MustCompile(`^(?:[:./,'’_]\d|(?i:st|nd|rd|th)\b|\.\\(?:overline|bar|dot)\b|\s*(?:\^|\\[a-zA-Z]|π|√)|[^\P{L}gmhslL](?:[^\p{L}]|$))`)

	// groupsAlone is a statement that is nothing but a number whose thousands are grouped by spaces.
	groupsAlone = regexp.MustCompile(`^[^\w-]*-?\d{1,3}(?: \d{3})+(?:\.\d+)?\W*$`)
	// minusWord, right before a number that a verb or a mark leads to, is its sign: "is minus 5". Behind a quantity it takes away.
	minusWord = regexp.MustCompile(`(?i)(?:^|\b(?:is|are|be|was|were|of|to|equals?|exactly|about|approximately)\b|[:=({])\s*(?:minus|negative)\s+$`)
	// notThis, right before a number, denies it: "not 18", "isn't 18", "rather than 18".
	notThis = regexp.MustCompile(`(?i)(?:\b(?:not|rather than|instead of)|n['’]t)\s+$`)
	// partOf, right before a number, makes another one of it: "√2", "\sqrt{2}", "0.\overline{3}".
	partOf = regexp.MustCompile(`(?:√\s*[({]?|\bsqrt\s*[({]|\\(?:sqrt|overline|bar|dot|log|ln|sin|cos|tan)\s*[({\[]?|\\sqrt\[\d+\]\{)\s*$`)
	// amidTwo, right before a number, says that it is one of two, and orThis that follows it leads to the other.
	amidTwo = regexp.MustCompile(`(?i)\b(?:between|either)\s+$`)
	orThis  = regexp.MustCompile(`^(?:\s+(?:or|to)\s+|\s*[-±]\s*)`)
	// percentAhead follows a number that is a percentage.
	percentAhead = regexp.MustCompile(`^\s*(?:%|percent\b)`)

	// hashStated is GSM8K's own form: "#### 18".
	hashStated = regexp.MustCompile(`####[ \t]*([^\n]+)`)
)

// The groups of writtenNumber.
const (
	signGroup      = 1 + iota // "-" of "-$5"
	innerSignGroup            // "-" of "$-5"
	digitsGroup               // "1,800.50"
	exponentGroup             // "3" of "1e3"
	powerGroup                // "3" of "1 × 10^3"
	numeratorGroup            // "1" of "5 1/2"
	divisorGroup              // "2" of "1/2" and "5 1/2"
	wordGroup                 // "million"
)

var powerOfWord = map[string]int{"thousand": 3, "million": 6, "billion": 9, "trillion": 12}

// readNumber reads a number from running text.
//
// Flexible takes the last statement of the answer: a box, "#### 18", "the answer is 18", "Answer: 18", "A: 18". Its
// number is the one behind the last "=" of the sentence if there is one, else the first: "the answer is 36 - 12 = 24
// apples" states 24. A box without exactly one number, or a sentence with digits and no number ("the answer is 4:30"),
// states no number, and nothing else is taken in its place. In a reply that states nothing, the last sentence with a
// number counts: again the one behind the last "=", but else the last.
//
// Running text has digits that are no number: clock times and ratios ("5:30"), ordinals ("3rd"), digits inside words, indices
// and powers ("CO2", "x^2"), terms and abbreviations ("4t", "7\pi", "5k"), lists ("2,3,5"), thousands as other countries group them
// ("1.234,56", "1'234"), what stands under a root and the numbers of list items. A number that is denied ("not 18") is passed over, and a statement of one of two
// ("18 or 20", "between 18 and 20", "18-20") states none. The answer of a peer ("Agent 2's answer is 20") is not stated, but where nothing
// else is. Dates are not told apart. Numbers in words ("twelve") are not read; in the recorded replies that costs nothing.
func readNumber(text string) debate.Reading {
	text = plainNumbers(text)
	var strict debate.Answer
	content, strictAt := boxed(text)
	if strictAt >= 0 {
		strict = parseNumber(content)
	}
	for _, m := range hashStated.FindAllStringSubmatchIndex(text, -1) {
		// "#### Step 1" is a heading.
		if a := parseNumber(text[m[2]:m[3]]); a != "" && m[0] > strictAt {
			strict, strictAt = a, m[0]
		}
	}
	statements := numberStatements(text)
	end := len(text)
	for i := len(statements) - 1; i >= 0 && statements[i][0] > strictAt; i-- {
		if peers.MatchString(lastBytes(text[:statements[i][0]], slack)) {
			end = statements[i][0]
			continue
		}
		said := sentence(strings.TrimSpace(firstBytes(text[statements[i][1]:end], sentenceBytes)))
		end = statements[i][0]
		a := numberIn(said)
		if denies := a == "" && strings.HasPrefix(strings.ToLower(said), "not "); !denies && (a != "" || strings.ContainsAny(said, "0123456789")) {
			return debate.Reading{Strict: strict, Flexible: a}
		}
	}
	if strictAt >= 0 {
		return debate.Reading{Strict: strict, Flexible: strict}
	}
	return debate.Reading{Flexible: concludingNumber(text)}
}

// numberStatements returns where each statement of the answer begins and where the part ends that leads to its number. The number
// is in the rest of its sentence: "the answer to question 2 is", "Answer:", and "A:" at the start of a line.
func numberStatements(text string) [][2]int {
	var all [][2]int
	answer, line := -1, 0 // where the word "answer" stands in this sentence, and where this line begins
	for i, token := range tokens(lowerASCII(text), ".!?:=\n") {
		end := i + len(token)
		switch token {
		case "answer":
			if answer < 0 {
				answer = i
			}
		case "is", "be", "are", "was", ":", "=":
			if answer < 0 && token == ":" && strings.HasSuffix(text[:i], "A") && strings.Trim(text[line:i-1], " \t\r\f*_") == "" {
				answer = i - 1
			}
			if answer >= 0 {
				all, answer = append(all, [2]int{answer, end}), -1
			}
		case ".":
			if end == len(text) || !isDigit(text[end]) { // the point of a decimal ends no sentence
				answer = -1
			}
		case "\n":
			answer, line = -1, end
		case "!", "?":
			answer = -1
		}
	}
	return all
}

// numberIn returns the number that a sentence states, or "" if it does not choose between two.
func numberIn(said string) debate.Answer {
	if groupsAlone.MatchString(said) {
		return parseNumber(said)
	}
	if i := strings.LastIndexByte(said, '='); i >= 0 {
		if a, _ := firstNumber(said[i+1:]); a != "" {
			said = said[i+1:]
		}
	}
	a, m := firstNumber(said)
	if a == "" || follows(amidTwo, said[:m[0]]) || orAnother(said[m[1]:], a) {
		return ""
	}
	return a
}

// firstNumber returns the first number of a text and its match of writtenNumber.
func firstNumber(s string) (debate.Answer, []int) {
	for _, m := range writtenNumber.FindAllStringSubmatchIndex(s, -1) {
		if a := numberAt(s, m); a != "" {
			return a, m
		}
	}
	return "", nil
}

// orAnother reports whether what follows a number is "or" and another one: not the same, nor the percentage that it is.
func orAnother(behind string, a debate.Answer) bool {
	second := behind[len(orThis.FindString(behind)):]
	if len(second) == len(behind) {
		return false
	}
	m := writtenNumber.FindStringSubmatchIndex(second)
	if m == nil || m[0] != 0 || percentAhead.MatchString(second[m[1]:]) {
		return false
	}
	b := numberAt(second, m)
	return b != "" && b != a
}

// concludingNumber returns the number that the last sentence with a number comes to: the one behind its last "=", else its last.
func concludingNumber(text string) debate.Answer {
	text = lastBytes(text, conclusionBytes)
	for end := len(text); end > 0; {
		start := strings.LastIndex(text[:end-1], ". ") + 1 // no number has a point and a space, so none is cut in two
		all := writtenNumber.FindAllStringSubmatchIndex(text[start:end], -1)
		for _, m := range slices.Backward(all) {
			for i := range m {
				if m[i] >= 0 {
					m[i] += start
				}
			}
			a := numberAt(text, m)
			if a == "" {
				continue
			}
			before := lastBytes(text[:m[0]], sentenceBytes)
			before = before[max(strings.LastIndex(before, ". "), strings.LastIndex(before, "\n"))+1:]
			if equals := strings.LastIndexByte(before, '='); equals >= 0 {
				if b, _ := firstNumber(text[m[0]-len(before)+equals+1 : m[1]]); b != "" {
					return b
				}
			}
			return a
		}
		end = start
	}
	return ""
}

// parseNumber reads a number that is the whole of s but for an equation's left side ("x = 5"), a currency sign and a unit.
//
// Commas, thin spaces, "{,}" and, here and where a statement is nothing else, plain spaces may group thousands; a comma anywhere else makes
// it no number. Fractions ("1/2", "\frac{1}{2}", "12\frac{3}{5}"), powers of ten ("1e3", "3 × 10^4") and "million" are worked out.
// A unit is dropped, not converted: "5%" is 5. Nothing is rounded. A number of more than 100 digits, or a power of ten
// beyond 100, is none.
func parseNumber(s string) debate.Answer {
	s = plainNumbers(s)
	s = s[strings.LastIndexByte(s, '=')+1:]
	s = strings.Trim(s, " \t\r\n$\"'*_()[]{}")
	for _, sign := range []struct{ word, mark string }{{"- ", "-"}, {"+ ", "+"}, {"minus ", "-"}, {"negative ", "-"}} {
		if rest, ok := strings.CutPrefix(s, sign.word); ok {
			s = sign.mark + strings.TrimLeft(rest, " ")
		}
	}
	if m := spacedGroups.FindStringSubmatchIndex(s); m != nil {
		s = s[:m[4]] + strings.ReplaceAll(s[m[4]:m[5]], " ", "") + s[m[5]:]
	}
	m := writtenNumber.FindStringSubmatchIndex(s)
	if m == nil || m[0] != 0 || !unit.MatchString(s[m[1]:]) {
		return ""
	}
	return numberAt(s, m)
}

// numberAt returns the normal form of a match of writtenNumber in s, or "" if what surrounds it says that it is no number.
func numberAt(s string, m []int) debate.Answer {
	before, after := s[:m[0]], s[m[1]:]
	last, size := utf8.DecodeLastRuneInString(before)
	inWord := unicode.IsLetter(last) || unicode.IsDigit(last)
	group := func(i int) string {
		if m[2*i] < 0 {
			return ""
		}
		return s[m[2*i]:m[2*i+1]]
	}
	if m[2*digitsGroup] == m[0] && (inWord || strings.ContainsRune(`^_./\`, last) || strings.HasSuffix(before, "^{")) {
		return "" // "CO2", "x^2"
	}
	if strings.ContainsRune(":,'’", last) && endsInDigit(before[:len(before)-size]) {
		return "" // the 30 of "5:30", the 56 of "1.234,56"
	}
	if numberGoesOn.MatchString(after) || isListItem(before, after) || follows(notThis, before) || isPart(before) {
		return ""
	}
	value := decimal(group(digitsGroup))
	if value == nil {
		return ""
	}
	if over := group(divisorGroup); over != "" {
		d := decimal(over)
		if d == nil || d.Sign() == 0 {
			return ""
		}
		if part := group(numeratorGroup); part != "" {
			n := decimal(part)
			if n == nil || !value.IsInt() || n.Cmp(d) >= 0 {
				return ""
			}
			value.Add(value, n.Quo(n, d))
		} else {
			value.Quo(value, d)
		}
	}
	for _, exponent := range []string{group(exponentGroup), group(powerGroup)} {
		if exponent != "" && !scale(value, exponent) {
			return ""
		}
	}
	if word := group(wordGroup); word != "" {
		scale(value, strconv.Itoa(powerOfWord[strings.ToLower(word)]))
	}
	// A minus behind a number or a bracket takes away: "16-3".
	minus := group(signGroup) == "-" && !inWord && last != ')' && last != '}' && last != '%'
	if minus != (group(innerSignGroup) == "-") != follows(minusWord, before) {
		value.Neg(value)
	}
	return formatNumber(value)
}

// isPart reports whether a number behind a text is part of another one.
func isPart(before string) bool {
	before = lastBytes(before, slack)
	return (strings.IndexByte(before, '\\') >= 0 || strings.Contains(before, "√") || strings.Contains(before, "sqrt")) && partOf.MatchString(before)
}

// isListItem reports whether a number is the "3." that begins an item of a list.
func isListItem(before, after string) bool {
	before = strings.TrimRight(before, " \t*#")
	return (before == "" || strings.HasSuffix(before, "\n")) && (strings.HasPrefix(after, ". ") || strings.HasPrefix(after, ") "))
}
