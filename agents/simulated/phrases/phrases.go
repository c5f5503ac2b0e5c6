// Package phrases has the words of simulated agents: a sentence or two that fit what happened in a turn, the answer in the form that the prompts
// ask for, and the confidence. Package extract reads from a text the answer that was put into it. The words are decoration: no agent acts on them.
package phrases

import (
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"

	"cheaptalk/debate"
)

// scene is what happened in a turn, as far as words go.
type scene uint8

const (
	alone       scene = iota // answers for itself
	computed                 // answers for itself, with a number
	checked                  // kept its answer, having heard nobody
	doubted                  // changed its answer on its own
	agreed                   // kept its answer, nobody disagreeing
	withstood                // kept its answer against others
	joined                   // took a peer's answer, having had another
	followed                 // took a peer's answer as its first
	scrutinised              // kept its answer under a critical brief
	conceded                 // took a peer's answer under a critical brief
	merged                   // aggregates, with an answer that it heard
	reworked                 // aggregates, with an answer that nobody gave
	lost                     // no answer can be read
)

// phrases holds what may be said in each scene. {a} is the answer, {o} the own answer before, {p} a peer (one that holds {a}
// where it is taken over, one that disagrees where it is withstood), {n} how many hold it. None of them states an answer.
var phrases = [...][]string{
	alone: {
		"Working through it step by step, I get to {a}. Nothing in the question speaks against it.",
		"I looked at what is asked first and at the details second. {a} fits both.",
		"The other possibilities each miss something in the question; {a} does not.",
		"I considered what would have to hold for {a}, and it does hold here.",
		"My first thought was {a}, and a second look at the wording confirms it.",
		"This comes down to one step, and that step gives {a}.",
		"Crossing out what cannot be leaves {a}, and I see no objection to it.",
		"I am guided by the most specific words of the question; they point to {a}.",
	},
	computed: {
		"Taking the quantities one after the other and adding up what is asked for, I arrive at {a}.",
		"I wrote down what is given, worked out the unknown step by step and got {a}.",
		"The first step gives a subtotal, the second turns it into what is asked: {a}.",
		"Setting it up as one expression and simplifying leaves {a}.",
		"Working backwards from what is asked, I need three quantities, and together they make {a}.",
		"A rough estimate agrees with the exact calculation, which gives {a}.",
	},
	checked: {
		"I went through my reasoning again and found no mistake. I stay with {a}.",
		"Checking every step a second time leads me back to {a}.",
		"I tried to find a reason against {a} and did not find a good one.",
	},
	doubted: {
		"Going over it again I see that I was too quick with {o}. The step that decides it gives {a}.",
		"I no longer trust my reasoning for {o}; starting over, I end at {a}.",
		"I had {o} before, but I misread a detail of the question. Read properly, it gives {a}.",
		"A fresh look leads me away from {o} and to {a}, which nothing that I wrote before excludes.",
	},
	agreed: {
		"We arrive at {a} independently, which makes me more certain of it.",
		"What {p} writes matches my own steps, so I keep {a}.",
		"I see no disagreement left. {a} stands.",
		"Having read the others I find the same steps as mine and keep {a}.",
	},
	withstood: {
		"I read what {p} wrote, but the step that leads away from {a} does not convince me.",
		"{p} sees it differently. I checked that argument against the question and still hold {a}.",
		"I understand why {p} disagrees; the wording of the question is on the side of {a}, though.",
		"There is a disagreement with {p}. My own steps hold up, so I keep {a}.",
		"If {p} were right, a detail of the question would have no purpose. I keep {a}.",
		"I retraced the argument by {p} and lost it at the second step, so {a} stays my answer.",
		"Not everybody agrees with me, {p} for one, but nobody showed a mistake in the way to {a}.",
	},
	joined: {
		"I first took {o}, but what {p} says about the step that I skipped is right. I change to {a}.",
		"{p} has a point: my {o} does not survive a second reading, and {a} does.",
		"Comparing my {o} with {p}'s reasoning, I find the mistake on my side and move to {a}.",
		"Having read the others ({n} for {a}), I give up {o}: their steps are cleaner than mine.",
		"I was wrong to stop at {o}. The argument by {p} for {a} covers what I left out.",
	},
	followed: {
		"Having read {p}, I find the argument for {a} the most convincing of all.",
		"{p}'s steps hold up when I retrace them, so I go with {a} too.",
		"Of the answers so far {a} is the one that I can confirm ({n} for it).",
	},
	scrutinised: {
		"I looked for the flaw in the argument by {p} and found one: it assumes what it should show. I keep {a}.",
		"{p} gives no reason that clearly refutes {a}, so I do not give it up.",
		"Agreement alone is no argument. I checked the others' steps one by one and keep {a}.",
	},
	conceded: {
		"I tried to refute {p} and could not; it is my {o} that breaks. I change to {a}.",
		"Looking for flaws, I found the only clear one in my own {o}. {p} is right about {a}.",
	},
	merged: {
		"Of the solutions before me the one by {p} is sound from start to end; it leads to {a} ({n} in support).",
		"I compared the solutions step by step. Where they part, {a} follows and the alternatives do not.",
		"The decisive step is the one that {p} takes, and it gives {a}.",
	},
	reworked: {
		"None of the solutions is right as it stands. Repairing the step that they share gives {a}.",
		"Each attempt has a gap. Put together, their sound parts lead to {a}.",
	},
	lost: {
		"I cannot settle this: every line of reasoning that I try contradicts another one.",
		"I cannot finish the argument, because I lose track of what was asked half way through.",
		"I cannot give a definite reply to this; the information seems incomplete to me.",
		"I cannot decide. Several of the possibilities look equally plausible and I do not want to guess.",
	},
}

// endings lead to the answer in the form that the prompts ask for.
var endings = [...][]string{
	debate.Choice: {"The answer is ({a}).", "My answer is ({a}).", "So the answer is ({a}).", "Answer: ({a})"},
	debate.Number: {`The answer is \boxed{{a}}.`, `My answer is \boxed{{a}}.`, `So the answer is \boxed{{a}}.`, `Answer: \boxed{{a}}`},
	debate.Open:   {"Answer: {a}", "Final answer: {a}"},
}

// Write returns the text of a reply to a turn of an agent whose last answer is own. The answer "" gives a text from which none can be read; a
// confidence that is not stated is left out. r chooses among the phrases.
func Write(r *rand.Rand, turn *debate.Turn, own, answer debate.Answer, c debate.Confidence) string {
	s, peer, holders := stage(turn, own, answer, r)
	lines := phrases[s]
	line := lines[r.IntN(len(lines))]
	if s == lost {
		return line
	}
	b, quoted := make([]byte, 0, 256), false
	for {
		before, rest, found := strings.Cut(line, "{")
		b = append(b, before...)
		if !found {
			break
		}
		switch rest[0] {
		case 'a':
			b = appendAnswer(b, turn.Question, answer, !quoted)
			quoted = true
		case 'o':
			b = appendAnswer(b, turn.Question, own, false)
		case 'p':
			b = append(b, peer...)
		case 'n':
			b = strconv.AppendInt(b, int64(holders), 10)
		}
		line = rest[2:]
	}
	b = append(b, '\n')
	forms := endings[min(int(turn.Question.Kind), len(endings)-1)]
	before, after, _ := strings.Cut(forms[r.IntN(len(forms))], "{a}")
	b = append(append(append(b, before...), answer...), after...)
	if c.Stated {
		b = append(b, "\nConfidence: "...)
		b = strconv.AppendInt(b, int64(math.Round(100*c.Value)), 10)
		b = append(b, '%')
	}
	return string(b)
}

// stage finds the scene of a turn, a peer to name in it, and how many hold the answer.
func stage(turn *debate.Turn, own, answer debate.Answer, r *rand.Rand) (s scene, peer string, holders int) {
	n := r.IntN(max(len(turn.Heard), 1))
	if answer == "" {
		return lost, "", 0
	}
	var against string // a peer with another answer
	for i := range turn.Heard {
		m := &turn.Heard[(i+n)%len(turn.Heard)]
		switch {
		case m.Answer == answer:
			holders++
			if peer == "" {
				peer = m.From
			}
		case m.Answer != "" && against == "":
			against = m.From
		}
	}
	critical := turn.Brief.Task == debate.Critique
	switch {
	case turn.Brief.Task == debate.Aggregate && holders > 0:
		return merged, peer, holders
	case turn.Brief.Task == debate.Aggregate && len(turn.Heard) > 0:
		return reworked, "", 0
	case turn.Brief.Task == debate.Solve || own == "" && holders == 0:
		if turn.Question.Kind == debate.Number {
			return computed, "", 0
		}
		return alone, "", 0
	case own == "":
		return followed, peer, holders
	case own != answer && holders == 0:
		return doubted, "", 0
	case own != answer && critical:
		return conceded, peer, holders
	case own != answer:
		return joined, peer, holders
	case against == "" && holders == 0:
		return checked, "", 0
	case against == "":
		return agreed, peer, holders
	case critical:
		return scrutinised, against, holders
	}
	return withstood, against, holders
}

// longestChoice is how much of a choice's text is quoted, in bytes.
const longestChoice = 60

// appendAnswer writes an answer as it stands in a sentence, with the text of its choice if there is room for it.
func appendAnswer(b []byte, q debate.Question, a debate.Answer, quote bool) []byte {
	if q.Kind != debate.Choice {
		return append(b, a...)
	}
	b = append(append(append(b, '('), a...), ')')
	i := q.ChoiceIndex(a)
	if !quote || i < 0 {
		return b
	}
	text := strings.TrimSpace(q.Choices[i])
	if text == "" || len(text) > longestChoice || strings.ContainsAny(text, "\n\r\"") || !utf8.ValidString(text) {
		return b
	}
	b = append(b, " “"...)
	b = append(b, text...)
	return append(b, "”"...)
}
