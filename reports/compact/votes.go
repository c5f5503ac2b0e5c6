package compact

import "math"

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

// Replies returns the answers of the first n replies in the row, unreadable ones included.
func (a *Arm) Replies(r *Row, n int) []Mark {
	var answers []Mark
	for _, m := range a.Messages(r) {
		if !m.Failed && len(answers) < n {
			answers = append(answers, m.Answer)
		}
	}
	return answers
}

// VoteBefore returns the vote over round 0: the verdict of the judge "round-0 vote" where there is one, else the plurality.
func (a *Arm) VoteBefore(r *Row) Decision {
	for _, v := range a.Verdicts(r) {
		if a.Judges[v.Judge] == round0Judge && !v.Failed {
			return v
		}
	}
	var answers []Mark
	for _, m := range a.Messages(r) {
		if m.Round == 0 && !m.Failed {
			answers = append(answers, m.Answer)
		}
	}
	answer, tied := Plurality(answers)
	return Decision{Answer: answer, Tied: tied}
}

// Group returns the answer of the group: that of the primary judge, or without judges the vote over round 0.
// ok is false where the primary judge failed.
func (a *Arm) Group(r *Row) (answer Mark, ok bool) {
	if verdicts := a.Verdicts(r); len(verdicts) > 0 {
		return verdicts[0].Answer, !verdicts[0].Failed
	}
	return a.VoteBefore(r).Answer, true
}

// Independent reports whether every finished debate of the arm has round 0 alone, and there is one: nobody heard anyone.
func (a *Arm) Independent() bool {
	finished := false
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			finished = true
			if messages := a.Messages(r); messages[len(messages)-1].Round > 0 {
				return false
			}
		}
	}
	return finished
}

// Team returns the size of the largest team.
func (a *Arm) Team() int {
	size := 0
	for _, r := range a.Rows {
		size = max(size, int(r.Team))
	}
	return size
}

// Samples returns the least number of replies in a finished debate, and 0 when none is finished.
func (a *Arm) Samples() int {
	least := math.MaxInt
	for i := range a.Rows {
		if r := &a.Rows[i]; !r.Failed {
			least = min(least, len(a.Replies(r, math.MaxInt)))
		}
	}
	if least == math.MaxInt {
		return 0
	}
	return least
}

// Both calls pair for every case that both arms finished, in order, and flush after the last case of each question.
func Both(a, b *Arm, pair func(x, y *Row), flush func()) {
	i, j := 0, 0
	for i < len(a.Rows) && j < len(b.Rows) {
		x, y := &a.Rows[i], &b.Rows[j]
		order := Compare(x, y)
		if order > 0 {
			j++
			continue
		}
		if order == 0 && !x.Failed && !y.Failed {
			pair(x, y)
		}
		i++
		if i == len(a.Rows) || a.Rows[i].Question != x.Question {
			flush()
		}
	}
	flush()
}
