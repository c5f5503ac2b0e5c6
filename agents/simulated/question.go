package simulated

import (
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// Puzzle is what a question is to simulated agents: its key, how hard it is, and which wrong answers tempt. It does not change, so that the
// agents of a debate may share it.
type Puzzle struct {
	Key        debate.Answer
	Difficulty float64 // d ~ N(0,1), from the question's ID alone
	Slope      float64 // z ~ N(0,1), from the question's ID alone: how well it discriminates, in spreads

	question debate.Question
	tempting debate.Answer // the wrong answer that tempts most; "" when there is none
	order    []uint8       // of the choices, the most tempting first, the key among them; nil unless the question is a choice
	turn     int           // which near miss of a number tempts most
	value    *big.Rat      // of a number that is no small integer; nil otherwise
	integer  int64         // of a number that is
}

// maxChoices is the number of choices that have letters.
const maxChoices = 26

// NewPuzzle returns the puzzle of an item. A question without a usable key (a user's own, for example) is given a stand-in
// from its ID: simulated agents then have something to agree on, and nobody to say that it is right.
func NewPuzzle(item debate.Item) *Puzzle {
	q := item.Question
	r := debate.NewRand(0, "question", q.ID)
	z := &Puzzle{question: q, Key: item.Key, Difficulty: r.NormFloat64(), turn: r.IntN(len(misses))}
	switch q.Kind {
	case debate.Choice:
		z.setChoices(r)
	case debate.Number:
		z.setValue(r)
	default:
		if z.Key == "" {
			z.Key = "the usual answer"
		}
	}
	z.Slope = r.NormFloat64()
	if z.wrongs() > 0 {
		z.tempting = z.wrong(0)
	}
	return z
}

// setChoices shuffles the choices. Whether the key is one of them makes no difference to what is drawn.
func (z *Puzzle) setChoices(r *rand.Rand) {
	n := min(len(z.question.Choices), maxChoices)
	if n == 0 {
		z.Key = ""
		return
	}
	z.order = make([]uint8, n)
	for i := range z.order {
		j := r.IntN(i + 1)
		z.order[i], z.order[j] = z.order[j], uint8(i)
	}
	standIn := letter(r.IntN(n))
	if i := z.question.ChoiceIndex(z.Key); i < 0 || i >= n {
		z.Key = standIn
	}
}

// setValue reads the key as a number. Whether it is one makes no difference to what is drawn.
func (z *Puzzle) setValue(r *rand.Rand) {
	standIn := int64(2 + r.IntN(98))
	if n, err := strconv.ParseInt(string(z.Key), 10, 64); err == nil && n > -1e15 && n < 1e15 {
		z.integer = n
		return
	}
	if v, ok := new(big.Rat).SetString(string(z.Key)); ok {
		z.value = v
		return
	}
	z.integer = standIn
	z.Key = debate.Answer(strconv.FormatInt(z.integer, 10))
}

// letter returns the letter of a choice without making a new string.
func letter(i int) debate.Answer { return debate.Answer("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i : i+1]) }

// wrongs returns how many wrong answers there are to give.
func (z *Puzzle) wrongs() int {
	if z.question.Kind == debate.Choice {
		return max(len(z.order)-1, 0)
	}
	return len(misses)
}

// Misses returns the wrong answers that simulated agents give, each once, the most tempting first.
func (z *Puzzle) Misses() []debate.Answer {
	var all []debate.Answer
	for i := range z.wrongs() {
		if a := z.wrong(i); !slices.Contains(all, a) {
			all = append(all, a)
		}
	}
	return all
}

// wrong returns the i-th wrong answer, the most tempting first; it is never the key.
func (z *Puzzle) wrong(i int) debate.Answer {
	switch z.question.Kind {
	case debate.Choice:
		for _, c := range z.order {
			a := letter(int(c))
			if a == z.Key {
				continue
			}
			if i == 0 {
				return a
			}
			i--
		}
		return ""
	case debate.Number:
		return z.nearMiss(misses[(i+z.turn)%len(misses)])
	}
	a := debate.Answer("alternative " + strconv.Itoa(1+(i+z.turn)%len(misses)))
	if a == z.Key {
		a = "alternative"
	}
	return a
}

// miss turns a right number into a wrong one: times, then divided by, then plus.
type miss struct{ times, by, plus int64 }

// misses are the slips that simulated agents make on numbers: a step counted twice or left out, doubled, halved, a wrong place.
var misses = [...]miss{
	{1, 1, 1}, {1, 1, -1}, {2, 1, 0}, {1, 2, 0}, {1, 1, 2}, {1, 1, -2}, {1, 1, 10}, {1, 1, -10}, {10, 1, 0}, {3, 2, 0},
	{1, 1, 5}, {1, 1, -5}, {1, 1, 3}, {1, 1, -3}, {3, 1, 0}, {1, 1, 4}, {1, 1, -4}, {1, 1, 20}, {4, 1, 0}, {1, 1, 12},
	{1, 1, 6}, {3, 4, 0}, {1, 1, 100}, {2, 1, -1},
}

// nearMiss returns the wrong number. Integers stay integers, and numbers that are not negative stay so.
func (z *Puzzle) nearMiss(m miss) debate.Answer {
	if z.value != nil {
		v := new(big.Rat).Mul(z.value, big.NewRat(m.times, m.by))
		v.Add(v, big.NewRat(m.plus, 1))
		if v.Cmp(z.value) == 0 {
			v.Add(v, big.NewRat(1, 1))
		}
		if a := extract.Normalize(z.question, v.RatString()); a != "" {
			return a
		}
		return "0" // beyond the digits that are read; the key is within them and not a small integer
	}
	v := z.integer*m.times/m.by + m.plus
	if v < 0 && z.integer >= 0 {
		v = -v
	}
	if v == z.integer {
		v += 7
	}
	return debate.Answer(strconv.FormatInt(v, 10))
}

// probit returns Φ⁻¹(p), ±Inf at 1 and 0.
func probit(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }

// normal returns Φ(x).
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
