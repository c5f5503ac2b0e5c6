package extract

import (
	"regexp"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/race"
)

// spans checks the spans of recorded replies and counts them.
type spans struct{ n, found, bytes int }

func (s *spans) add(t *testing.T, q debate.Question, text string) {
	t.Helper()
	s.n++
	found := checkSpan(t, q, text, debate.Flexible, true)
	s.found += one(found != "")
	s.bytes += len(found)
	checkSpan(t, q, text, debate.Strict, true)
}

func (s *spans) report(t *testing.T, floor int) {
	t.Helper()
	t.Logf("%d replies, %d answers of %d bytes", s.n, s.found, s.bytes)
	atLeast(t, "answers found", s.found, floor)
}

func TestSpansOfRecordedChoices(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Choices []string
		Answers []struct{ Text string }
	}
	var s spans
	i := 0
	for r := range jsonLines[row](t, "recorded", "mmlu_pro_1008q_12models.jsonl.gz") {
		for _, a := range r.Answers {
			if i++; i%20 == 0 {
				s.add(t, debate.Question{Choices: r.Choices}, a.Text)
			}
		}
	}
	s.report(t, 593)
}

func TestSpansOfRecordedDebates(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	if testing.Short() {
		t.Skip("reads 33,780 replies")
	}
	type row struct {
		Choices []string
		Rounds  [][]struct{ Text string }
	}
	var s spans
	i := 0
	for r := range jsonLines[row](t, "recorded", "debates_dylan_mmlu.jsonl.gz") {
		for _, round := range r.Rounds {
			for _, reply := range round {
				if i++; i%20 == 10 {
					s.add(t, debate.Question{Choices: r.Choices}, reply.Text)
				}
			}
		}
	}
	s.report(t, 1579)
}

func TestSpansOfRecordedNumbers(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Answers []struct{ Text string }
	}
	var s spans
	i := 0
	for r := range jsonLines[row](t, "recorded", "math_qwen_8samples_rm.jsonl.gz") {
		for _, a := range r.Answers {
			if i++; i%4 == 0 {
				s.add(t, debate.Question{Kind: debate.Number}, a.Text)
			}
		}
	}
	s.report(t, 190)
}

func TestSpansOfRecordedSamples(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	type row struct {
		Dataset, Question string
		Answers           []struct{ Text string }
	}
	var s spans
	for r := range jsonLines[row](t, "recorded", "eot_samples.jsonl.gz") {
		q := debate.Question{Kind: debate.Number}
		switch r.Dataset {
		case "AQuA", "CSQA":
			_, list, _ := strings.Cut(r.Question, "Answer Choices:")
			q = debate.Question{Choices: regexp.MustCompile(`\([A-E]\)`).Split(list, -1)[1:]}
		case "StrategyQA":
			q.Kind = debate.Open
		}
		for _, a := range r.Answers {
			s.add(t, q, a.Text)
		}
	}
	s.report(t, 1193)
}
