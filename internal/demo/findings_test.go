package demo_test

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"

	"cheaptalk/debate"
	"cheaptalk/reports/stats"
)

// trouble is something that replies do, in the words of docs/FINDINGS.md.
type trouble struct {
	name string
	is   func(t *debate.Transcript, m *debate.Message) bool
	of   func(t *debate.Transcript, m *debate.Message) bool // the replies that it is a share of; nil is all
}

var troubles = []trouble{
	{"cut off at 160 new tokens", func(_ *debate.Transcript, m *debate.Message) bool { return m.CutOff }, nil},
	{"no answer can be read", func(_ *debate.Transcript, m *debate.Message) bool { return m.Answer == "" }, nil},
	{"has 80 bytes of a reply that it heard, and not of its own or the question", func(t *debate.Transcript, m *debate.Message) bool {
		own := t.Question.Text
		for _, before := range t.Messages[:m.Seq] {
			if before.From == m.From {
				own += "\n" + before.Text
			}
		}
		return slices.ContainsFunc(m.Heard, func(seq int) bool { return copies(m.Text, t.Messages[seq].Text, own) })
	}, heard},
	{"is the agent's reply before, word for word", func(t *debate.Transcript, m *debate.Message) bool {
		before := slices.IndexFunc(t.Messages, func(b debate.Message) bool { return b.From == m.From && b.Round == m.Round-1 })
		return before >= 0 && strings.TrimSpace(t.Messages[before].Text) == strings.TrimSpace(m.Text)
	}, later},
	{"says words of the instructions", func(_ *debate.Transcript, m *debate.Message) bool {
		return slices.ContainsFunc(instructions, func(s string) bool { return strings.Contains(m.Text, s) })
	}, nil},
	{"takes (A), of the readable answers to choices", func(_ *debate.Transcript, m *debate.Message) bool { return m.Answer == "A" }, func(t *debate.Transcript, m *debate.Message) bool {
		return t.Question.Kind == debate.Choice && m.Answer != ""
	}},
}

func heard(_ *debate.Transcript, m *debate.Message) bool { return len(m.Heard) > 0 }
func later(_ *debate.Transcript, m *debate.Message) bool { return m.Round > 0 }

// instructions are of the prompts, and of the worked examples in the system prompt.
var instructions = []string{"additional advice", "the answers of other agents to the same question", "go through your reasoning", "Look for flaws in their reasoning",
	"give an updated answer", "in two or three sentences", "End your response with two lines", "lant needs daylight", "window sill", "cellar", "Danube"}

// copies reports whether a text has 80 bytes together that are in the one heard, and not in what was its own before.
func copies(text, heard, own string) bool {
	const most = 80
	for i := 0; i+most <= len(text); i++ {
		if part := text[i : i+most]; strings.Contains(heard, part) && !strings.Contains(own, part) {
			return true
		}
	}
	return false
}

// TestTheFindingsCountWhatBroke holds the table of what broke in docs/FINDINGS.md against the recording.
func TestTheFindingsCountWhatBroke(t *testing.T) {
	arms := []string{"independent", "naive", "self-revision", "confidence-weighted", "consensus-penalized"}
	counts := map[string]map[string]*stats.Proportion{} // by trouble and arm
	for _, what := range troubles {
		counts[what.name] = map[string]*stats.Proportion{}
		for _, arm := range arms {
			counts[what.name][arm] = &stats.Proportion{}
		}
	}
	for _, rec := range records(t) {
		for _, what := range troubles {
			p := counts[what.name][rec.Case.Arm]
			if p == nil {
				continue
			}
			k, n := 0, 0
			for i := range rec.Transcript.Messages {
				m := &rec.Transcript.Messages[i]
				if m.Round == 0 && rec.Case.Arm != "independent" {
					continue // those of independent
				}
				if what.of != nil && !what.of(rec.Transcript, m) {
					continue
				}
				n++
				if what.is(rec.Transcript, m) {
					k++
				}
			}
			p.Add(k, n)
		}
	}
	doc := findings(t)
	for _, what := range troubles {
		line := "| " + what.name + " |"
		for _, arm := range arms {
			r := counts[what.name][arm].Rate(.95)
			if r.N == 0 {
				line += " – |"
				continue
			}
			line += fmt.Sprintf(" %.1f [%.1f, %.1f] |", 100*r.Value, 100*r.Low, 100*r.High)
		}
		doc.has(line)
	}
}

// page is docs/FINDINGS.md.
type page struct {
	t    *testing.T
	text string
}

func findings(t *testing.T) page {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "docs", "FINDINGS.md"))
	if err != nil {
		t.Fatal(err)
	}
	return page{t, string(text)}
}

func (p page) has(line string) {
	p.t.Helper()
	if !strings.Contains(p.text, line+"\n") {
		p.t.Errorf("docs/FINDINGS.md has no line\n%s", line)
	}
}

// lot is the plurality vote over some answers: how many share the first place, and whether the key is among them.
func lot(answers []debate.Answer, key debate.Answer) (first int, among bool) {
	counts := map[debate.Answer]int{}
	most := 0
	for _, a := range answers {
		if a != "" {
			counts[a]++
			most = max(most, counts[a])
		}
	}
	for a, n := range counts {
		if n == most {
			first++
			among = among || a == key
		}
	}
	return first, among
}

// TestTheFindingsAverageOverTheLot gives each tied vote the chance that the key had of being drawn, and holds docs/FINDINGS.md against the means.
func TestTheFindingsAverageOverTheLot(t *testing.T) {
	doc := findings(t)
	type tally struct {
		ties, holding, drawn int
		after, change, agent []float64 // of each question; agent is the change of the mean agent
	}
	tallies := map[string]*tally{}
	for _, rec := range records(t) {
		c := tallies[rec.Case.Arm]
		if c == nil {
			c = &tally{}
			tallies[rec.Case.Arm] = c
		}
		last := 0
		for _, m := range rec.Transcript.Messages {
			last = max(last, m.Round)
		}
		lotOf := func(round int) (first int, among bool, share, mean float64) {
			var answers []debate.Answer
			for _, m := range rec.Transcript.Messages {
				if m.Round == round {
					answers = append(answers, m.Answer)
					if m.Answer == rec.Key {
						mean++
					}
				}
			}
			if first, among = lot(answers, rec.Key); among {
				share = 1 / float64(first)
			}
			return first, among, share, mean / float64(len(answers))
		}
		_, _, before, agentBefore := lotOf(0)
		first, among, after, agentAfter := lotOf(last)
		if first > 1 {
			c.ties++
			if among {
				c.holding++
				if rec.Verdicts[0].Answer == rec.Key {
					c.drawn++
				}
			}
		}
		c.after = append(c.after, after)
		c.change = append(c.change, after-before)
		c.agent = append(c.agent, agentAfter-agentBefore)
	}
	for _, arm := range []string{"independent", "self-consistency", "naive", "self-revision", "confidence-weighted", "consensus-penalized"} {
		c := tallies[arm]
		line := fmt.Sprintf("| %s | %d | %d | %d | %.1f |", arm, c.ties, c.holding, c.drawn, 100*stat.Mean(c.after, nil))
		if arm == "independent" || arm == "self-consistency" {
			line += " – | – |"
		} else {
			line += change(c.change) + change(c.agent)
		}
		doc.has(line)
	}
}

// change is a mean over questions with Student's interval, as a cell.
func change(of []float64) string {
	mean, sd := stat.MeanStdDev(of, nil)
	n := float64(len(of))
	half := distuv.StudentsT{Sigma: 1, Nu: n - 1}.Quantile(.975) * sd / math.Sqrt(n)
	return fmt.Sprintf(" %+.1f [%+.1f, %+.1f] |", 100*mean, 100*(mean-half), 100*(mean+half))
}

// TestTheFindingsSayWhatConfidenceRanks holds the table of confidence in docs/FINDINGS.md against the recording.
func TestTheFindingsSayWhatConfidenceRanks(t *testing.T) {
	doc := findings(t)
	list := records(t)
	logprob := func(s debate.Sources) debate.Confidence { return s.Logprob }
	stated := func(s debate.Sources) debate.Confidence { return s.Stated }
	either := []debate.Kind{debate.Choice, debate.Number}
	for _, row := range []struct {
		name    string
		arm     string
		kinds   []debate.Kind // of the questions
		later   bool          // of rounds 1 and 2, else of round 0
		both    bool          // of replies that have both confidences
		measure func(debate.Sources) debate.Confidence
	}{
		{"stated, independent answers with both", "self-consistency", either, false, true, stated},
		{"token probability, the same", "self-consistency", either, false, true, logprob},
		{"token probability, independent answers to choices", "self-consistency", either[:1], false, false, logprob},
		{"token probability, independent answers to GSM8K", "self-consistency", either[1:], false, false, logprob},
		{"token probability, rounds 1 and 2 of naive, with both", "naive", either, true, true, logprob},
		{"token probability, rounds 1 and 2 of self-revision, with both", "self-revision", either, true, true, logprob},
	} {
		var sure stats.Confidence
		var rank stats.Ranking
		for _, rec := range list {
			for i := range rec.Transcript.Messages {
				m := &rec.Transcript.Messages[i]
				c := row.measure(m.Sources)
				if rec.Case.Arm != row.arm || !slices.Contains(row.kinds, rec.Transcript.Question.Kind) || m.Answer == "" || (m.Round > 0) != row.later || !c.Stated || row.both && !(m.Sources.Stated.Stated && m.Sources.Logprob.Stated) {
					continue
				}
				sure.Add(c.Value, m.Answer == rec.Key)
				rank.Add(rec.Case.Item, c.Value, m.Answer == rec.Key)
			}
		}
		mean, right := sure.Mean()
		area := rank.AUROC(.95)
		doc.has(fmt.Sprintf("| %s | %d | %.2f | %.2f | %.2f | %.2f [%.2f, %.2f] |", row.name, sure.N(), mean, right, sure.ECE(), area.Value, area.Low, area.High))
	}
}
