package chat

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
)

// Answer makes a reply as a model would that knows nothing and follows its instructions: a pure function of the request.
//
// The last message of the user says which form is asked for: "(X)" for a letter, "\boxed{...}" for a number, "Confidence:" for a last line with
// one. Where it asks for no form, a question with choices gets a letter and any other a number. The choices are the "A) ...", "B) ..."
// of the user's messages, since a later round does not repeat them. A number is one of the four from the sum of
// the numbers in the user's first message upwards, so that a team agrees and disagrees. Each possible answer is as likely as the next: a group of such models
// is right by chance alone.
func Answer(r Request) string {
	var first, last, all string
	for _, m := range r.Messages {
		if m.Role != "user" {
			continue
		}
		if first == "" {
			first = m.Text
		}
		last = m.Text
		all += m.Text + "\n"
	}
	rnd := rand.New(rand.NewPCG(r.Seed, r.Seed^0x9e3779b97f4a7c15))
	choices := countChoices(all)
	var answer string
	switch letter, boxed := strings.Contains(last, "(X)"), strings.Contains(last, `\boxed`); {
	case letter || choices > 1 && !boxed:
		if choices < 2 {
			choices = 4
		}
		answer = fmt.Sprintf("(%c)", 'A'+rnd.IntN(choices))
	default:
		answer = fmt.Sprintf(`\boxed{%d}`, sumOf(first)+rnd.IntN(4))
	}
	text := thoughts[rnd.IntN(len(thoughts))] + "\n" + answer
	if strings.Contains(last, "Confidence:") {
		text += fmt.Sprintf("\nConfidence: %d%%", 50+5*rnd.IntN(10))
	}
	return text
}

// thoughts stand where a model reasons.
var thoughts = [...]string{
	"Read step by step, the question leaves little room.",
	"I went through what is given and ruled out what does not fit.",
	"The other readings contradict what is given, so one remains.",
	"Checked twice, this follows from the question.",
}

// choice is the head of a choice, at the start of a line or after white space.
var choice = regexp.MustCompile(`(?:^|\s)([A-Z])\)`)

// countChoices returns how many of the letters A, B, C ... head a choice before the first that heads none.
func countChoices(s string) int {
	var seen [26]bool
	for _, m := range choice.FindAllStringSubmatch(s, -1) {
		seen[m[1][0]-'A'] = true
	}
	n := 0
	for n < len(seen) && seen[n] {
		n++
	}
	return n
}

var digits = regexp.MustCompile(`\d+`)

// sumOf returns the sum of the numbers in a text, without those that are too long to be reckoned with.
func sumOf(s string) int {
	sum := 0
	for _, d := range digits.FindAllString(s, -1) {
		if n, err := strconv.Atoi(d); err == nil {
			sum = (sum + n%1_000_000) % 1_000_000
		}
	}
	return sum
}
