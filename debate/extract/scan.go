package extract

import (
	"iter"
	"regexp"
	"strings"
	"unicode/utf8"
)

// Package regexp tries a pattern at every byte of a text, and Read has a dozen patterns. A reply is therefore first looked
// through for the words that a pattern needs, which is ten times faster, and the pattern is tried there alone.

// tokens yields each word of s, as \b bounds words, and each byte that is one of the marks, with its place in s.
func tokens(s, marks string) iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for i := 0; i < len(s); {
			token := firstWord(s[i:])
			if token == "" {
				token = s[i : i+1]
			}
			if (isWord(s[i]) || strings.IndexByte(marks, s[i]) >= 0) && !yield(i, token) {
				return
			}
			i += len(token)
		}
	}
}

// firstWord returns the word that s begins with, or "".
func firstWord(s string) string {
	n := 0
	for n < len(s) && isWord(s[n]) {
		n++
	}
	return s[:n]
}

// wordBegins returns where a word that begins with prefix, which is in lower case, first stands in s in either case, or -1.
func wordBegins(s, prefix string) int {
	for i := 0; i+len(prefix) <= len(s); i++ {
		if toLower(s[i]) == prefix[0] && (i == 0 || !isWord(s[i-1])) && strings.EqualFold(s[i:i+len(prefix)], prefix) {
			return i
		}
	}
	return -1
}

// hasAny is [strings.ContainsAny] for a few bytes, and quicker where there is none.
func hasAny(s, chars string) bool {
	for i := range len(chars) {
		if strings.IndexByte(s, chars[i]) >= 0 {
			return true
		}
	}
	return false
}

// replaceAll is [regexp.Regexp.ReplaceAllString], but quick where the text does not have what every match begins with.
func replaceAll(re *regexp.Regexp, text, by string) string {
	if prefix, _ := re.LiteralPrefix(); !strings.Contains(text, prefix) {
		return text
	}
	return re.ReplaceAllString(text, by)
}

// lowerASCII returns s with A to Z in lower case. Unlike in [strings.ToLower] every byte keeps its place.
func lowerASCII(s string) string {
	b := []byte(s)
	for i, c := range b {
		b[i] = toLower(c)
	}
	return string(b)
}

func toLower(c byte) byte {
	if isCapital(c) {
		c += 'a' - 'A'
	}
	return c
}

// isWord reports whether a byte is a word character of package regexp, \w.
func isWord(c byte) bool {
	return 'a' <= c && c <= 'z' || isCapital(c) || isDigit(c) || c == '_'
}

// endsInWord reports whether a word is the last in a text but for white space. It is most often punctuation.
func endsInWord(text string) bool {
	text = strings.TrimRight(text, " \t\r\n\f")
	return text != "" && (isWord(text[len(text)-1]) || text[len(text)-1] >= utf8.RuneSelf)
}

// follows reports whether the pattern, which ends with a word, matches at the end of a text.
func follows(pattern *regexp.Regexp, text string) bool {
	return endsInWord(text) && pattern.MatchString(lastBytes(text, slack))
}

func endsInDigit(text string) bool { return text != "" && isDigit(text[len(text)-1]) }

func isCapital(c byte) bool { return 'A' <= c && c <= 'Z' }

func isDigit(c byte) bool { return '0' <= c && c <= '9' }
