package extract

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

// The original script of these recordings took the first "answer is (X)"; seven models' files fell back on the last
// capital between A and J, and on "G" where there was none. The others recorded nothing then.
var recordedFirst = regexp.MustCompile(`answer is \(?([A-J])\)?`)

// lastLoneCapital returns the last capital between A and J that is a word, or "".
func lastLoneCapital(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' })
	for _, w := range slices.Backward(words) {
		if len(w) == 1 && w[0] >= 'A' && w[0] <= 'J' {
			return w
		}
	}
	return ""
}

// The kinds of difference between our flexible reading and a recorded prediction.
const (
	agrees      = "same letter"
	agreesNone  = "no letter by either"
	laterWins   = "a later statement than the recorded first"
	undecided   = "ends undecided or beyond the choices; recorded its first letter"
	otherForm   = "recorded none; we read another form"
	lastCapital = "recorded the last capital of a text that states none"
	guess       = "recorded G, and the text has no letter at all"
	unexplained = "unexplained"
)

func kindOfDifference(text string, recorded, ours debate.Answer) string {
	first := recordedFirst.FindStringSubmatch(text)
	last := lastLoneCapital(text)
	switch {
	case recorded == ours && ours != "":
		return agrees
	case recorded == ours:
		return agreesNone
	case recorded == "":
		return otherForm
	case first != nil && first[1] == string(recorded) && ours != "":
		return laterWins
	case first != nil && first[1] == string(recorded):
		return undecided
	case first == nil && last == string(recorded):
		return lastCapital
	case first == nil && last == "" && recorded == "G":
		return guess
	}
	return unexplained
}

func TestAgreementWithRecordedMMLUPro(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Choices []string
		Gold    debate.Answer
		Answers []struct {
			Model, Text string
			Pred        debate.Answer `json:"recorded_pred"`
		}
	}
	type count struct{ n, strict, agree, ourRight, recordedRight int }
	models, kinds := map[string]*count{}, map[string]*count{}
	at := func(m map[string]*count, key string) *count {
		if m[key] == nil {
			m[key] = &count{}
		}
		return m[key]
	}
	for r := range jsonLines[row](t, "recorded", "mmlu_pro_1008q_12models.jsonl.gz") {
		for _, a := range r.Answers {
			got := Read(debate.Question{Choices: r.Choices}, a.Text)
			kind := kindOfDifference(a.Text, a.Pred, got.Flexible)
			for _, c := range []*count{at(models, a.Model), at(kinds, kind)} {
				c.n++
				c.strict += one(got.Strict != "")
				c.agree += one(kind == agrees || kind == agreesNone)
				c.ourRight += one(got.Flexible == r.Gold)
				c.recordedRight += one(a.Pred == r.Gold)
			}
			if kind == unexplained {
				t.Errorf("%s: recorded %q, read %q: ...%q", a.Model, a.Pred, got.Flexible, lastBytes(a.Text, 200))
			}
		}
	}
	for _, table := range []map[string]*count{models, kinds} {
		for _, key := range slices.Sorted(maps.Keys(table)) {
			c := table[key]
			t.Logf("%-66s n %5d  agree %5d  strict reads %5d  right: ours %4d recorded %4d", key, c.n, c.agree, c.strict, c.ourRight, c.recordedRight)
		}
	}
	for model, floor := range map[string]int{
		"Meta-Llama-3-70B": 1005, "Meta-Llama-3_1-70B-Instruct": 990, "Meta-Llama-3_1-8B-Instruct": 941, "Mistral-7B-Instruct-v0.2": 940,
		"Mixtral-8x7B-Instruct-v0.1": 975, "Phi-3-mini-4k-instruct": 988, "Qwen1.5-72B-Chat": 888, "c4ai-command-r-v01": 948,
		"gemini-1.5-flash-002": 967, "gemini-1.5-pro-002": 973, "jamba-1.5-large": 1002, "mathstral-7B": 989,
	} {
		atLeast(t, model, at(models, model).agree, floor)
	}
	for kind, n := range map[string]int{
		agrees: 11008, agreesNone: 598, laterWins: 124, undecided: 118, otherForm: 115, lastCapital: 62, guess: 70,
	} {
		if got := at(kinds, kind).n; got != n {
			t.Errorf("%s: %d, was %d (see docs/EXTRACTION.md)", kind, got, n)
		}
	}
}

func TestReadsRecordedDebates(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Choices []string
		Gold    debate.Answer
		Rounds  [][]struct{ Text string }
	}
	if testing.Short() {
		t.Skip("reads 33,780 replies")
	}
	var n, strict, strictRight, flexible, flexibleRight, bracketLast, bracketRight int
	unread := map[string]int{}
	refusal := regexp.MustCompile(`(?i)\b(?:cannot|can't|unable|sorry|apologi[sz]e|expertise|not (?:qualified|able|familiar|knowledgeable)|(?:do not|don't) (?:have|possess|specialize|know)|beyond|outside|lacks?)\b|N/A`)
	for r := range jsonLines[row](t, "recorded", "debates_dylan_mmlu.jsonl.gz") {
		for _, round := range r.Rounds {
			for _, reply := range round {
				got := Read(debate.Question{Choices: r.Choices}, reply.Text)
				n++
				strict += one(got.Strict != "")
				strictRight += one(got.Strict == r.Gold)
				flexible += one(got.Flexible != "")
				flexibleRight += one(got.Flexible == r.Gold)
				if at := lastBracketed(reply.Text); at >= 0 && reply.Text[at+1] <= 'D' {
					bracketLast++
					bracketRight += one(reply.Text[at+1:at+2] == string(r.Gold))
				}
				if got.Flexible != "" {
					continue
				}
				letters := map[string]bool{}
				for _, m := range mention.FindAllStringSubmatch(reply.Text, -1) {
					letters[m[1]+m[2]+m[3]] = true
				}
				switch beyond := slices.ContainsFunc(slices.Collect(maps.Keys(letters)), func(l string) bool { return l > "D" }); {
				case len(letters) == 0 && refusal.MatchString(reply.Text):
					unread["names no letter and declines or says it cannot know"]++
				case len(letters) == 0:
					unread["names no letter"]++
				case beyond:
					unread["names a letter beyond the choices: (E), or the (X) of the prompt"]++
				case len(letters) > 1:
					unread["names several letters and states none, or two"]++
				default:
					unread["names one letter and denies it"]++
				}
			}
		}
	}
	t.Logf("replies %d; strict reads %d, %d right; flexible reads %d, %d right; last bracketed letter %d, %d right",
		n, strict, strictRight, flexible, flexibleRight, bracketLast, bracketRight)
	for _, kind := range slices.Sorted(maps.Keys(unread)) {
		t.Logf("not read: %5d %s", unread[kind], kind)
	}
	atLeast(t, "strict reads", strict, 17106) // three more end with a letter that they deny: "instead of (B)"
	atLeast(t, "strict right", strictRight, 11770)
	atLeast(t, "flexible reads", flexible, 31525)
	atLeast(t, "flexible right", flexibleRight, 19908)
}
