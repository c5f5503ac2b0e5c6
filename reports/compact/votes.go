package compact

// round0Judge is the name of the judge whose verdict is the vote before the debate.
const round0Judge = "round-0 vote"

// Plurality returns the most frequent readable answer; of tied ones the smallest mark. Without a readable answer it is 0.
func Plurality(answers []Mark) (winner Mark, tied bool) {
	most := 0
	for _, a := range answers {
		if a == 0 || a == winner {
			continue
		}
		n := 0
		for _, b := range answers {
			if a == b {
				n++
			}
		}
		switch {
		case n > most:
			winner, most, tied = a, n, false
		case n == most:
			winner, tied = min(winner, a), true
		}
	}
	return winner, tied
}
