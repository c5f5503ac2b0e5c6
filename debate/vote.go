package debate

import (
	"cmp"
	"maps"
	"slices"
)

// Tally adds up the weight of each answer in the messages; weight nil counts one a message.
// Unreadable and failed messages are not counted.
func Tally(messages []Message, weight func(Message) float64) map[Answer]float64 {
	tally := make(map[Answer]float64, len(messages))
	for _, m := range messages {
		if m.Answer == "" {
			continue
		}
		if weight == nil {
			tally[m.Answer]++
		} else {
			tally[m.Answer] += weight(m)
		}
	}
	return tally
}

// tieTolerance is the difference below which two weights are the same: sums of the same weights in another order may differ
// in the last bits.
const tieTolerance = 1e-9

// Leaders returns the answers with the greatest weight, sorted. More than one is a tie; none means that nothing was counted.
func Leaders(tally map[Answer]float64) []Answer {
	var leaders []Answer
	var best float64
	for _, a := range slices.Sorted(maps.Keys(tally)) {
		switch w := tally[a]; {
		case len(leaders) == 0 || w > best+tieTolerance:
			leaders, best = append(leaders[:0], a), w
		case w > best-tieTolerance:
			leaders = append(leaders, a)
		}
	}
	return leaders
}

// BreakTie chooses one of the leaders by the seed, each with the same chance, and "" of none. The choice is consistent:
// an answer that wins a tie under a seed also wins every smaller tie that it is in, so that arms stay paired.
func BreakTie(leaders []Answer, seed uint64) Answer {
	switch len(leaders) {
	case 0:
		return ""
	case 1:
		return leaders[0]
	}
	luck := func(a Answer) uint64 { return DeriveSeed(seed, "tie", string(a)) }
	return slices.MinFunc(leaders, func(a, b Answer) int { return cmp.Compare(luck(a), luck(b)) })
}
