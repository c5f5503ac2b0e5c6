package tui

import (
	"fmt"
	"slices"
	"strings"

	"cheaptalk/debate"
)

// outcomes are the values of Filter.Outcome beside "".
var outcomes = []string{"harmful", "beneficial", "tied", "failed"}

// FilterWords says what can be typed for a filter.
const FilterWords = "harmful beneficial tied failed agent:NAME arm:NAME data:NAME"

// ParseFilter reads a filter as it is typed: words in any order, each an outcome or one of agent:, arm: and data: with a whole name, in quotes where it
// has blanks. An empty text is the zero Filter.
func ParseFilter(s string) (Filter, error) {
	var f Filter
	for s = strings.TrimSpace(s); s != ""; s = strings.TrimSpace(s) {
		var word string
		if word, s = cutWord(s); slices.Contains(outcomes, word) {
			if f.Outcome != "" && f.Outcome != word {
				return Filter{}, fmt.Errorf("a filter has one of %s, not %s and %s", strings.Join(outcomes, ", "), f.Outcome, word)
			}
			f.Outcome = word
			continue
		}
		name, value, _ := strings.Cut(word, ":")
		into, known := map[string]*string{"agent": &f.Agent, "arm": &f.Arm, "data": &f.Data}[name]
		switch {
		case !known:
			return Filter{}, fmt.Errorf("%q is not known; known are %s", word, FilterWords)
		case value == "":
			return Filter{}, fmt.Errorf("%s: needs a name, %s:%s for example", name, name, map[string]string{"agent": "llama", "arm": "naive", "data": "gsm8k"}[name])
		case *into != "" && *into != value:
			return Filter{}, fmt.Errorf("a filter has one %s, not %s and %s", name, *into, value)
		}
		*into = value
	}
	return f, nil
}

// Flipped reports whether the filter chooses a flip: by its kind where the filter is for harmful or beneficial ones, by who flipped, and by where.
func (f Filter) Flipped(x Flip) bool {
	switch {
	case f.Outcome == "harmful" && x.Fate != debate.Corrupted, f.Outcome == "beneficial" && x.Fate != debate.Corrected:
		return false
	}
	return (f.Agent == "" || f.Agent == x.Agent) && (f.Arm == "" || f.Arm == x.Case.Arm) && (f.Data == "" || f.Data == debate.Question{ID: x.Case.Item}.Set())
}

// cutWord splits s after its first word. A quoted part of it keeps its blanks and loses its quotes.
func cutWord(s string) (word, rest string) {
	var b strings.Builder
	quoted := false
	for i, r := range s {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			return b.String(), s[i:]
		default:
			b.WriteRune(r)
		}
	}
	return b.String(), ""
}

// String writes the filter as ParseFilter reads it; "" for the zero Filter.
func (f Filter) String() string {
	words := make([]string, 0, 4)
	if f.Outcome != "" {
		words = append(words, f.Outcome)
	}
	for _, w := range [...]struct{ name, value string }{{"agent", f.Agent}, {"arm", f.Arm}, {"data", f.Data}} {
		if strings.Contains(w.value, " ") {
			w.value = `"` + w.value + `"`
		}
		if w.value != "" {
			words = append(words, w.name+":"+w.value)
		}
	}
	return strings.Join(words, " ")
}
