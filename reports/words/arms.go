package words

import (
	"fmt"
	"math"
	"strings"

	"cheaptalk/reports"
	"cheaptalk/reports/stats"
)

// others says which of the other arms changed anything.
func others(s *reports.Section, focus *reports.Arm) string {
	var clear, noise []string
	for i := range s.Arms {
		a := &s.Arms[i]
		if a == focus || a.Independent || a.Change.N == 0 {
			continue
		}
		change := fmt.Sprintf("%s (%s)", a.Name, Points(a.Change.Value))
		if a.Change.Noise() {
			noise = append(noise, change)
		} else {
			clear = append(clear, fmt.Sprintf("%s (%s [%s, %s])", a.Name, Points(a.Change.Value), Points(a.Change.Low), Points(a.Change.High)))
		}
	}
	var parts []string
	if len(clear) > 0 {
		parts = append(parts, "changed by "+list(clear))
	}
	if len(noise) > 0 {
		parts = append(parts, "not distinguishable from noise for "+list(noise))
	}
	if parts == nil {
		return ""
	}
	note := ""
	if len(clear) > 0 && len(clear)+len(noise) > 1 {
		note = " These intervals are not adjusted for being several; the Holm p values of the comparisons are."
	}
	return "Accuracy of the other arms, after against before: " + strings.Join(parts, "; ") + "." + note
}

// talk says what the judge does and what talk does, in the arms whose judge decides otherwise than the vote before.
func talk(s *reports.Section) string {
	var parts []string
	for i := range s.Arms {
		a := &s.Arms[i]
		j := &a.SameJudge
		if j.Talk.N == 0 {
			continue
		}
		noise := ""
		if j.Talk.Noise() {
			noise = ", which is noise"
		}
		parts = append(parts, fmt.Sprintf("of %s, the judge (%s) alone is right %.1f %% over the answers of %s (%s calls), so that talk changed %s points [%s, %s]%s",
			a.Name, a.Primary, 100*j.Rate.Value, j.Arm, decimal(s.Find(j.Arm).Cost.Calls), Points(j.Talk.Value), Points(j.Talk.Low), Points(j.Talk.High), noise))
	}
	if parts == nil {
		return ""
	}
	return "Part of a change is the judge's: " + strings.Join(parts, "; ") + "."
}

// best says which arm was right most often, and what it is told apart from.
func best(s *reports.Section, focus *reports.Arm) string {
	if len(s.Arms) < 3 {
		return ""
	}
	a := leader(s)
	said := fmt.Sprintf("Of the %d arms %s was right most often (%.1f %% at %s calls)", len(s.Arms), a.Name, 100*rightOf(a).Value, decimal(a.Cost.Calls))
	if c := s.AllArms; c != nil && c.P >= 0.05 {
		return said + ", but the arms cannot be told apart (Cochran's Q, p " + fmt.Sprintf("%.2f).", c.P)
	}
	var better []string
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		if c.Holm >= 0.05 {
			continue
		}
		switch {
		case c.Arm == a.Name && c.Difference.Value > 0:
			better = append(better, c.Reference)
		case c.Reference == a.Name && c.Difference.Value < 0:
			better = append(better, c.Arm)
		}
	}
	if better == nil {
		return said + "; no comparison tells it from another (Holm)."
	}
	said += ", more often than " + list(better) + " (Holm p below 0.05)"
	if b := &a.SelfConsistency; a != focus && !a.Independent && b.Run() && b.Gain.N > 0 {
		said += fmt.Sprintf("; against self-consistency at the same cost %s points [%s, %s]", Points(b.Gain.Value), Points(b.Gain.Low), Points(b.Gain.High))
	}
	return said + "."
}

// leader returns the arm that was right most often, the cheapest of equals.
func leader(s *reports.Section) *reports.Arm {
	best := &s.Arms[0]
	for i := range s.Arms[1:] {
		a := &s.Arms[i+1]
		if d := rightOf(a).Value - rightOf(best).Value; d > 0 || d == 0 && a.Cost.Calls < best.Cost.Calls {
			best = a
		}
	}
	return best
}

// rightOf is how often an arm was right: as its judge decided or, without one, in the vote.
func rightOf(a *reports.Arm) stats.Rate {
	if a.After.N > 0 {
		return a.After
	}
	return a.Before
}

// next says what to run next, one thing alone: what keeps the question of the run open.
func next(s *reports.Section, a *reports.Arm) string {
	more, ok := a.Decision.More()
	winner := leader(s)
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		if c.Arm != winner.Name || c.Reference != a.Name || c.Holm >= 0.05 || c.Difference.Value < 0 {
			continue
		}
		if winner.SameJudge.Talk.N > 0 && winner.SameJudge.Talk.Noise() {
			return fmt.Sprintf("To run next: %s with the judge %s beside %s, on other questions than those that chose it: if it does as well there, talk is not worth its calls.", winner.SameJudge.Arm, winner.Primary, winner.Name)
		}
		return fmt.Sprintf("To run next: %s beside %s on other questions: the best of %d arms owes something to chance on those that chose it.", winner.Name, a.Name, len(s.Arms))
	}
	switch {
	case a.Change.Noise() && ok:
		return fmt.Sprintf("To run next: %s more questions (%s in all) would decide, with a power of %.0f %%, whether a change as large as the one seen is real.",
			About(more), About(a.Decision.Needed), 100*stats.Power)
	case a.Change.Noise() && a.Change.B == a.Change.C:
		if a.Decision.Detectable == 0 {
			return "No answer was lost or won. To run next: more questions, or harder ones."
		}
		return fmt.Sprintf("As many answers were lost as won. To run next: more questions, if a change smaller than %.1f points matters: that is what these find, with a power of %.0f %%.",
			100*a.Decision.Detectable, 100*stats.Power)
	case !a.SelfConsistency.Run():
		return fmt.Sprintf("To run next: self-consistency at the same cost (--samples %.0f), which may do as well without talk.", math.Ceil(a.Cost.Calls))
	case a.Readers > 0 && a.Apart.Control == "":
		return "To run next: self-revision, to tell what hearing others changes from what thinking again does."
	}
	return "For these agents and questions that is decided; other questions or agents may say something else."
}
