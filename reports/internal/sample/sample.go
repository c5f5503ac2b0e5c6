// Package sample makes runs for the tests of reports: records that look like those of a real experiment, from a seed alone.
package sample

import (
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"strconv"

	"cheaptalk/debate"
)

// Run is the size of a run. The zero Run is 160 questions of three data sets in every arm of [Arms], once, with three rounds.
type Run struct {
	Arms    []string // names in Arms; nil means all
	Items   int      // 0 means 160
	Repeats int      // 0 means 1
	Rounds  int      // debate rounds after round 0; 0 means 3
	OneSet  bool     // all questions are of one data set
	Texts   bool     // replies have texts
}

// Arms names the arms that there are, and how ready an agent of each is to follow a peer.
var Arms = []string{"confidence", "independent", "naive", "penalized", "self-consistency", "self-revision"}

var follow = map[string]float64{"naive": 1.1, "confidence": 0.8, "penalized": 0.35, "self-revision": 0}

var team = []struct {
	name  string
	skill float64
}{{"gpt", 1.1}, {"llama", 0.3}, {"mistral", -0.3}}

// Records yields the records of the run, item by item.
func (r Run) Records() iter.Seq2[*debate.Record, error] {
	arms := r.Arms
	if arms == nil {
		arms = Arms
	}
	return func(yield func(*debate.Record, error) bool) {
		for i := range or(r.Items, 160) {
			set := [...]string{"csqa", "gsm8k", "mmlu"}[i%3]
			if r.OneSet {
				set = "mmlu"
			}
			for repeat := range or(r.Repeats, 1) {
				for _, arm := range arms {
					c := debate.Case{Arm: arm, Item: fmt.Sprintf("%s/%d", set, i), Repeat: repeat}
					if !yield(r.record(c), nil) {
						return
					}
				}
			}
		}
	}
}

func or(n, standard int) int {
	if n == 0 {
		return standard
	}
	return n
}

func (r Run) record(c debate.Case) *debate.Record {
	seed := c.Seed(1)
	luck := debate.NewRand(debate.DeriveSeed(1, c.Item)) // of the question: the same in every repeat
	difficulty, trap := luck.NormFloat64(), 1+luck.IntN(3)
	rec := &debate.Record{Case: c, Key: "A", Seed: seed, Simulated: true}
	if c.Arm == "naive" && luck.Float64() < 0.02 {
		rec.Failed = "round 1: agent llama: the server answered 503"
		return rec
	}
	t := &debate.Transcript{Question: debate.Question{ID: c.Item, Text: "Which?", Choices: []string{"a", "b", "c", "d"}}}
	rec.Transcript = t
	samples := 1
	if c.Arm == "self-consistency" {
		samples = 4
	}
	for n := range samples {
		for _, member := range team {
			name := member.name
			if n > 0 {
				name += "#" + strconv.Itoa(n+1)
			}
			t.Agents = append(t.Agents, name)
			rng := debate.NewRand(seed, name)
			r.say(t, 0, name, alone(rng, member.skill-difficulty, trap), nil, rng)
		}
	}
	if strength, debates := follow[c.Arm]; debates {
		for round := 1; round <= or(r.Rounds, 3); round++ {
			r.round(t, round, strength, seed)
		}
	}
	for _, name := range []string{"plurality", "confidence-weighted", "trajectory", "AggLM"} {
		rec.Verdicts = append(rec.Verdicts, verdict(t, name, seed))
	}
	return rec
}

// alone answers by itself: 0 is right, the trap is the favourite among the wrong ones, -1 is unreadable.
func alone(rng *rand.Rand, logit float64, trap int) int {
	p := 1 / (1 + math.Exp(-logit))
	switch u := rng.Float64(); {
	case u < 0.02:
		return -1
	case u < 0.02+0.98*p:
		return 0
	case u < 0.02+0.98*p+0.6*(1-p):
		return trap
	}
	return 1 + rng.IntN(3)
}

func (r Run) say(t *debate.Transcript, round int, name string, choice int, heard []int, rng *rand.Rand) {
	m := debate.Message{Seq: len(t.Messages), Round: round, From: name, Heard: heard}
	if choice >= 0 {
		m.Answer = debate.Letter(choice)
	}
	m.Confidence = debate.Sure(math.Round(100*(0.6+0.35*rng.Float64())) / 100)
	m.Usage = debate.Usage{Calls: 1, PromptTokens: 200 + 300*len(heard), CompletionTokens: 150 + rng.IntN(40)}
	if round > 0 {
		m.Brief.Task = debate.Revise
	}
	if r.Texts {
		m.Text = fmt.Sprintf("I have thought about it. The answer is (%s).", m.Answer)
	}
	t.Messages = append(t.Messages, m)
}

// round lets every agent read the others and follow one of them now and then.
func (r Run) round(t *debate.Transcript, round int, strength float64, seed uint64) {
	before := t.At(round - 1)
	for i, name := range t.Agents {
		rng := debate.NewRand(seed, name, strconv.Itoa(round))
		own := t.Messages[before[i]].Answer
		var heard []int
		others := map[debate.Answer]float64{}
		for j, seq := range before {
			if j != i && strength > 0 {
				heard = append(heard, seq)
				others[t.Messages[seq].Answer]++
			}
		}
		choice := index(own)
		u := rng.Float64()
		for _, a := range []debate.Answer{"A", "B", "C", "D"} { // the right answer argues a little better
			pull := strength * 0.12 * others[a] * others[a]
			if a == "A" {
				pull *= 1.3
			}
			if u -= pull; u < 0 {
				choice = index(a)
				break
			}
		}
		if again := rng.Float64(); again < 0.06 {
			choice = rng.IntN(5) - 1
		}
		r.say(t, round, name, choice, heard, rng)
	}
}

func index(a debate.Answer) int {
	if a == "" {
		return -1
	}
	return int(a[0] - 'A')
}

// verdict decides by plurality over the last round, or over round 0 for the trajectory, or as the first agent does for AggLM.
func verdict(t *debate.Transcript, judge string, seed uint64) debate.Verdict {
	standing := t.Standing(t.LastRound())
	switch judge {
	case "trajectory":
		standing = t.Standing(0)
	case "AggLM":
		last := t.Messages[len(t.Messages)-1]
		reply := &debate.Message{Seq: last.Seq + 1, Round: last.Round + 1, From: "chair", Brief: debate.Brief{Task: debate.Aggregate},
			Reply: debate.Reply{Answer: standing[0].Answer, Usage: debate.Usage{Calls: 1}}}
		return debate.Verdict{Judge: judge, Answer: standing[0].Answer, Usage: debate.Usage{Calls: 1}, Reply: reply}
	}
	var weight func(debate.Message) float64
	if judge == "confidence-weighted" {
		weight = func(m debate.Message) float64 { return debate.ReConcile.Weight(m.Confidence) }
	}
	tally := debate.Tally(standing, weight)
	leaders := debate.Leaders(tally)
	return debate.Verdict{Judge: judge, Answer: debate.BreakTie(leaders, seed), Tally: tally, Tied: len(leaders) > 1}
}
