package stats

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"

	"cheaptalk/internal/race"
)

var times = flag.Int("coverage", 0, "simulate every interval so often at each size and print how often it covers, as in docs/METHODS.md")

// interval is one simulated interval and what it should cover. ok is false where the data give none.
type interval struct {
	low, high, truth float64
	ok               bool
}

// questions draws how the debates of n questions end: of each question, pairs of arms of which the second copies the first or answers by itself.
// Questions differ in difficulty with an intraclass correlation of 0.3. The difference of the arms is 0.05.
func questions(rng *rand.Rand, n, debates int, easy float64) []Pair {
	const copies, apart = 0.75, 0.2
	draw := func(mean float64) float64 { // Beta of that mean, 1/(a+b+1) = 0.3
		const size = 1/0.3 - 1
		return distuv.Beta{Alpha: mean * size, Beta: (1 - mean) * size, Src: rng}.Rand()
	}
	pairs := make([]Pair, n)
	for i := range pairs {
		first, other := draw(easy), draw(easy-apart)
		for range debates {
			a := rng.Float64() < first
			b := a
			if rng.Float64() >= copies {
				b = rng.Float64() < other
			}
			switch {
			case a && b:
				pairs[i].Both++
			case a:
				pairs[i].First++
			case b:
				pairs[i].Second++
			default:
				pairs[i].Neither++
			}
		}
	}
	return pairs
}

const apartBy = 0.05 // (1 - copies) × apart

// simulated lists the intervals of the package.
var simulated = []struct {
	name    string
	debates int // a question
	make    func(rng *rand.Rand, pairs []Pair, easy float64) interval
}{
	{"rate, score (Wilson)", 1, rateOf},
	{"rate, clustered", 5, rateOf},
	{"rate, Clopper-Pearson", 1, func(_ *rand.Rand, pairs []Pair, easy float64) interval {
		k := 0
		for _, p := range pairs {
			k += p.Both + p.First
		}
		low, high := ClopperPearson(k, len(pairs), .95)
		return interval{low, high, easy, true}
	}},
	{"difference, score (Newcombe)", 1, differenceOf},
	{"difference, clustered", 5, differenceOf},
	{"difference, BCa", 1, bootstrapOf},
	{"difference, BCa, clustered", 5, bootstrapOf},
	{"odds ratio, exact", 1, oddsOf},
	{"odds ratio, clustered", 5, oddsOf},
	{"error correlation, BCa", 1, func(rng *rand.Rand, pairs []Pair, easy float64) interval {
		var p Panel
		for range pairs { // three members that are alike on a share of the questions that is their correlation
			one, ballot := rng.Float64() < easy, make([]bool, 3)
			shared := rng.Float64() < 0.3
			for i := range ballot {
				if ballot[i] = rng.Float64() < easy; shared {
					ballot[i] = one
				}
			}
			p.Add(ballot)
			p.Flush()
		}
		v := p.Votes(.95, rng.Uint64())
		return interval{v.Interval.Low, v.Interval.High, 0.3, v.Interval.Draws > 0}
	}},
	{"equivalence, 90 % (Newcombe)", 1, equivalenceOf},
	{"equivalence, 90 %, clustered", 5, equivalenceOf},
}

func equivalenceOf(_ *rand.Rand, pairs []Pair, _ float64) interval {
	e := paired(pairs).Equivalence(.02, .95)
	return interval{e.Low, e.High, apartBy, true}
}

func rateOf(_ *rand.Rand, pairs []Pair, easy float64) interval {
	var p Proportion
	for _, q := range pairs {
		p.Add(q.Both+q.First, q.Both+q.First+q.Second+q.Neither)
	}
	r := p.Rate(.95)
	return interval{r.Low, r.High, easy, true}
}

func paired(pairs []Pair) *Paired {
	var p Paired
	for _, q := range pairs {
		p.Add(q)
	}
	return &p
}

func differenceOf(_ *rand.Rand, pairs []Pair, _ float64) interval {
	d := paired(pairs).Difference(.95)
	return interval{d.Low, d.High, apartBy, true}
}

func bootstrapOf(rng *rand.Rand, pairs []Pair, _ float64) interval {
	b := paired(pairs).Bootstrap(.95, rng.Uint64())
	return interval{b.Low, b.High, apartBy, b.Draws > 0}
}

func oddsOf(_ *rand.Rand, pairs []Pair, easy float64) interval {
	odds, ok := paired(pairs).Difference(.95).Odds(.95)
	// Of the quarter that is not copied, the first is right with easy and the second with easy - 0.2, independently.
	other := easy - 0.2
	truth := easy * (1 - other) / ((1 - easy) * other)
	if odds.High == 0 {
		odds.High = truth + 1 // no upper end
	}
	return interval{odds.Low, odds.High, truth, ok}
}

// covers returns how often, in percent, an interval covers the truth, and how often there is one.
func covers(t *testing.T, method, n, times int) (covered, given float64) {
	t.Helper()
	m := simulated[method]
	rng := rand.New(rand.NewPCG(uint64(method), uint64(n)))
	hits, all, tries := 0, 0, 0
	for _, easy := range []float64{0.5, 0.8} {
		for range times / 2 {
			tries++
			got := m.make(rng, questions(rng, n, m.debates, easy), easy)
			if !got.ok {
				continue
			}
			all++
			if got.low <= got.truth && got.truth <= got.high {
				hits++
			}
		}
	}
	return 100 * float64(hits) / float64(all), 100 * float64(all) / float64(tries)
}

// Every interval covers about as often as it says. At 20 questions the bootstrap falls short, which is why it comes second.
func TestIntervalsCover(t *testing.T) {
	race.SkipPure(t)
	sizes, runs := []int{20, 100}, 160
	if *times > 0 {
		sizes, runs = []int{20, 50, 100, 300, 1000}, *times
		fmt.Printf("| interval |")
		for _, n := range sizes {
			fmt.Printf(" n = %d |", n)
		}
		fmt.Printf("\n|---|%s\n", "--:|--:|--:|--:|--:|")
	}
	for i, m := range simulated {
		if *times > 0 {
			fmt.Printf("| %s |", m.name)
		}
		for _, n := range sizes {
			covered, given := covers(t, i, n, runs)
			if *times > 0 {
				fmt.Printf(" %.1f |", covered)
			}
			least := 0.0
			if strings.Contains(m.name, "90 %") {
				least = 5
			}
			if covered < 80-least || n >= 100 && covered < 90.5-least || given < 85 {
				t.Errorf("%s at %d questions covers %.1f %%, of %.1f %% that are given", m.name, n, covered, given)
			}
		}
		if *times > 0 {
			fmt.Println()
		}
	}
}
