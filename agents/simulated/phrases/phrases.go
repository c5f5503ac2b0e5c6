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

// Write returns the text of a reply to a turn of an agent whose last answer is own. The answer "" gives a text from which none can be read; a
// confidence that is not stated is left out. r chooses whom to name and the form of the answer.
func Write(r *rand.Rand, turn *debate.Turn, voice Voice, own, answer debate.Answer, c debate.Confidence) string {
	v := look(turn, own, answer, r.IntN(max(len(turn.Heard), 1)))
	lines := phrases[v.scene]
	line := lines[voice.choose(turn, len(lines))]
	if v.scene == lost {
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
			b = append(b, v.holder...)
		case 'q':
			b = append(b, v.rival...)
		case 'r':
			b = appendAnswer(b, turn.Question, v.against, false)
		case 'n':
			b = strconv.AppendInt(b, int64(v.holders), 10)
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

// view is how the table looks to the speaker, once it has its answer.
type view struct {
	scene
	holder  string // a peer with the same answer; "" when there is none
	holders int    // how many there are
	rival   string // a peer with another answer; "" when there is none
	against debate.Answer
}

// look finds the scene of a turn and whom to name in it, beginning with the n-th of the peers.
func look(turn *debate.Turn, own, answer debate.Answer, n int) view {
	if answer == "" {
		return view{scene: lost}
	}
	var v view
	for i := range turn.Heard {
		m := &turn.Heard[(i+n)%len(turn.Heard)]
		switch {
		case m.Answer == answer:
			v.holders++
			if v.holder == "" {
				v.holder = m.From
			}
		case m.Answer != "" && v.rival == "":
			v.rival, v.against = m.From, m.Answer
		}
	}
	critical := turn.Brief.Task == debate.Critique
	switch {
	case turn.Brief.Task == debate.Aggregate && v.holders > 0:
		v.scene = merged
	case turn.Brief.Task == debate.Aggregate && len(turn.Heard) > 0:
		v.scene = reworked
	case turn.Brief.Task == debate.Solve || own == "" && v.holders == 0:
		v.scene = alone
		if turn.Question.Kind == debate.Number {
			v.scene = computed
		}
	case own == "":
		v.scene = followed
	case own != answer && v.holders == 0:
		v.scene = doubted
	case own != answer && critical:
		v.scene = conceded
	case own != answer && v.holders > 1:
		v.scene = outvoted
	case own != answer:
		v.scene = joined
	case v.rival == "" && v.holders == 0:
		v.scene = checked
	case v.rival == "":
		v.scene = agreed
	case critical:
		v.scene = scrutinised
	case v.holders > 0:
		v.scene = sided
	default:
		v.scene = withstood
	}
	return v
}

// Voice keeps those who speak in one debate from using the same words.
type Voice struct {
	Seed  uint64 // the same for everyone in the debate
	Place int    // in the team, from 0
}

// choose returns the index of one of n phrases. Everyone begins at the same one, moved on by its place and by the rounds, so that nobody
// repeats itself or a peer while there are phrases left.
func (v Voice) choose(turn *debate.Turn, n int) int {
	return (int(v.Seed%uint64(n)) + turn.Round*(len(turn.Heard)+1) + v.Place) % n
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
