package extract

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// plainCharacters turns LaTeX and typography into plain characters; thin spaces that group digits disappear.
	plainCharacters = strings.NewReplacer(
		`{,}`, ",", `,\!`, ",", `\!`, "", `\,`, "", "\u2009", "", "\u202f", "", "\u00a0", " ",
		"−", "-", "–", "-", "~", " ", `\$`, "$", `\%`, "%", `\times`, "×", `\cdot`, "×", `\approx`, "=", "≈", "=",
		`\left`, "", `\right`, "", `\dfrac`, `\frac`, `\tfrac`, `\frac`, `^\circ`, "°", `^{\circ}`, "°",
		`\(`, " ", `\)`, " ", `\[`, " ", `\]`, " ", `\;`, " ", `\:`, " ", `\ `, " ", "**", "", "`", "", `\displaystyle`, "", `\bf `, "",
		"<answer>", "\nAnswer: ", "</answer>", "\n",
	)
	// calculation is a mark of GSM8K's calculator: "<<16-3=13>>".
	calculation = regexp.MustCompile(`<<[^<>\n]*>>`)
	// latexText is text inside a formula: "\text{ apples}".
	latexText = regexp.MustCompile(`\\(?:text|textbf|mathrm|mathbf|mbox)\{([^{}]*)\}`)
	// latexMixed is a whole number that runs into a fraction: "12\frac{3}{5}".
	latexMixed = regexp.MustCompile(`(\d)\s*\\frac`)
	// latexFraction is a fraction of two plain numbers: "\frac{1}{2}", "\frac12".
	latexFraction = regexp.MustCompile(`\\frac\s*(?:\{\s*(-?[\d.,]+)\s*\}|(\d))\s*(?:\{\s*([\d.,]+)\s*\}|(\d))`)
)

// plainNumbers writes the numbers of a text in plain characters.
func plainNumbers(text string) string {
	text = replaceAll(calculation, plainDigits(text), "")
	text = plainCharacters.Replace(text)
	text = replaceAll(latexText, text, " $1 ")
	if !strings.Contains(text, `\frac`) {
		return text
	}
	text = latexMixed.ReplaceAllString(text, `$1 \frac`)
	return latexFraction.ReplaceAllString(text, "$1$2/$3$4")
}

// plainDigits writes digits that are no ASCII in ASCII: full-width ones, "10³" as "10^3", "2½" as "2 1/2".
func plainDigits(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && plainDigit(r) != "" }) {
		return text
	}
	var out strings.Builder
	raised, last := false, ' '
	for _, r := range text {
		plain := ""
		if r >= utf8.RuneSelf {
			plain = plainDigit(r)
		}
		raise := strings.ContainsRune(raisedDigits, r)
		switch {
		case raise && !raised:
			plain = "^" + plain
		case strings.Contains(plain, "/") && unicode.IsDigit(last):
			plain = " " + plain
		}
		if plain == "" {
			plain = string(r)
		}
		out.WriteString(plain)
		raised, last = raise, r
	}
	return out.String()
}

// raisedDigits are what stands in a power, in the order of their values.
const raisedDigits = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻"

// vulgarFractions are the fractions that are one character.
var vulgarFractions = map[rune]string{
	'½': "1/2", '⅓': "1/3", '⅔': "2/3", '¼': "1/4", '¾': "3/4", '⅕': "1/5", '⅖': "2/5", '⅗': "3/5", '⅘': "4/5", '⅙': "1/6", '⅚': "5/6",
	'⅐': "1/7", '⅛': "1/8", '⅜': "3/8", '⅝': "5/8", '⅞': "7/8", '⅑': "1/9", '⅒': "1/10",
}

// plainDigit returns what plainDigits writes for a character, without what joins it to the one before, or "" for one that stays.
func plainDigit(r rune) string {
	if before, _, ok := strings.Cut(raisedDigits, string(r)); ok {
		i := utf8.RuneCountInString(before)
		return "0123456789-"[i : i+1]
	}
	if wide := halfWidthOf(r); wide > ' ' && wide != r {
		return string(wide)
	}
	return vulgarFractions[r]
}

// halfWidth writes the full-width letters, digits and marks of East Asian texts in ASCII, and blanks as blanks. It leaves out marks that are not
// seen.
func halfWidth(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return r >= utf8.RuneSelf && halfWidthOf(r) != r }) {
		return text
	}
	return strings.Map(halfWidthOf, text)
}

func halfWidthOf(r rune) rune {
	switch {
	case r >= '！' && r <= '～':
		return r - '！' + '!'
	case r == '\u00a0', r == '\u202f', r == '\u3000':
		return ' '
	case r == '\u200b', r == '\ufeff':
		return -1
	}
	return r
}
