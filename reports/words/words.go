// Package words says in sentences what a report shows, for people who will not read the tables.
package words

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"cheaptalk/reports"
	"cheaptalk/reports/stats"
)

// Of says in sentences what the overall section shows, the most important first, and calls noise noise. The focus is
// the arm named "naive", or else the first that debated; the other arms are compared in a few sentences.
func Of(r *reports.Report) []string {
	return slices.Concat(sentences(r)...)
}

// Paragraphs says the same in up to four paragraphs: what happened and how sure that is, why, what else was tried, what it cost and what to run next.
func Paragraphs(r *reports.Report) []string {
	var all []string
	for _, said := range sentences(r) {
		if len(said) > 0 {
			all = append(all, strings.Join(said, " "))
		}
	}
	return all
}

// Simulated is what is said wherever simulated agents took part.
const Simulated = "Simulated agents took part: this says how the simulation behaves, not how the models do."

// sentences returns the sentences of each paragraph.
func sentences(r *reports.Report) [][]string {
	s := &r.Overall
	a := focus(s)
	if a == nil {
		return [][]string{{nothing(s)}}
	}
	failed, simulated, further := "", "", ""
	if a.Failed > 0 {
		failed = fmt.Sprintf("%s of %s failed; had all of them been right or all wrong, accuracy after would be anywhere from %.1f to %.1f.",
			plural(a.Failed, "debate"), a.Name, 100*a.WorstCase, 100*a.BestCase)
	}
	if !r.Recorded {
		further = next(s, a)
	}
	if r.Simulated {
		simulated = Simulated
	}
	all := [][]string{
		{changed(a), change(a, r.Level), noWorse(a)},
		{swayed(a), apart(a)},
		{baseline(a), others(s, a), talk(s), best(s, a)},
		{cost(a), failed, further, simulated},
	}
	for i := range all {
		all[i] = slices.DeleteFunc(all[i], func(sentence string) bool { return sentence == "" })
	}
	return all
}

// focus returns the arm to speak of, or nil when no arm debated.
func focus(s *reports.Section) *reports.Arm {
	var first *reports.Arm
	for i := range s.Arms {
		a := &s.Arms[i]
		if a.Independent || a.Change.N == 0 {
			continue
		}
		if a.Name == "naive" {
			return a
		}
		if first == nil {
			first = a
		}
	}
	return first
}

// nothing says why there is nothing to say.
func nothing(s *reports.Section) string {
	failed, finished := 0, 0
	for _, a := range s.Arms {
		failed += a.Failed
		finished += a.Debates
	}
	switch {
	case failed > 0 && finished == 0:
		return fmt.Sprintf("No debate was finished, %d failed: nothing was measured.", failed)
	case finished == 0:
		return "There are no debates to report on."
	}
	return "No arm heard anything: there is no effect of debate to report."
}

// changed says how many group answers changed.
func changed(a *reports.Arm) string {
	subject := "Hearing each other"
	if a.Revisions.Matrix.Total() > 0 && a.Readers == 0 {
		subject = "Thinking again, having heard nobody,"
	}
	if a.Changed == 0 {
		return fmt.Sprintf("%s changed none of the %s of %s.", subject, plural(a.Change.N, "group answer"), a.Name)
	}
	return fmt.Sprintf("%s changed %d of %s of %s: %d for the worse, %d for the better, %d from one answer that was not right to another.",
		subject, a.Changed, plural(a.Change.N, "group answer"), a.Name, a.Worse, a.Better, a.Changed-a.Worse-a.Better)
}

// change says what that did to accuracy, or how many questions it would take to know.
func change(a *reports.Arm, level float64) string {
	d := a.Change
	interval := fmt.Sprintf("%s points, %g %% interval %s to %s", Points(d.Value), 100*level, Points(d.Low), Points(d.High))
	if !d.Noise() {
		what := "gained"
		if d.Value < 0 {
			what = "lost"
		}
		return fmt.Sprintf("It %s accuracy against the vote that was there before it (%s).", what, interval)
	}
	return fmt.Sprintf("The change in accuracy (%s) is not distinguishable from noise at %s.", interval, plural(a.Questions, "question"))
}

// noWorse says whether a loss that matters is ruled out, where the change itself is noise, and where it is real, whether it is too small to matter.
func noWorse(a *reports.Arm) string {
	e := a.Decision.Equivalence
	switch {
	case e.Margin == 0:
		return ""
	case !a.Change.Noise() && e.Same < 0.05:
		return fmt.Sprintf("It is small: a change by %g points or more, either way, is ruled out (90 %% interval %s to %s).", math.Round(1000*e.Margin)/10, Points(e.Low), Points(e.High))
	case !a.Change.Noise():
		return ""
	}
	what := "cannot be ruled out"
	if e.NotWorse < 0.05 {
		what = "is ruled out"
	}
	return fmt.Sprintf("That it costs %g points of accuracy or more %s (90 %% interval from %s).", math.Round(1000*e.Margin)/10, what, Points(e.Low))
}

// apart says how many answers change by themselves.
func apart(a *reports.Arm) string {
	p := &a.Apart
	if p.Control == "" {
		return ""
	}
	return fmt.Sprintf("In the first round %.0f %% of the answers changed after hearing others; thinking again alone (%s) changed %.0f %% of the same ones.",
		100*p.Changed.Value, p.Control, 100*p.Spontaneous.Value)
}

// cost says what a debate took, and what the vote before it would have.
func cost(a *reports.Arm) string {
	if a.Cost.Calls == 0 || len(a.Rounds) == 0 || a.Rounds[0].Debating == 0 {
		return ""
	}
	first := float64(a.Rounds[0].Asked) / float64(a.Rounds[0].Debating)
	tokens := ""
	if a.Cost.PromptTokens+a.Cost.CompletionTokens > 0 {
		tokens = fmt.Sprintf(" (%.0f tokens in, %.0f out)", a.Cost.PromptTokens, a.Cost.CompletionTokens)
	}
	return fmt.Sprintf("A debate took %s calls%s; the vote before it takes the first %s.", decimal(a.Cost.Calls), tokens, decimal(first))
}

// decimal writes a number with one decimal, and without one where that is 0.
func decimal(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0") }

// fewFlips is the number of flips from which on a share of them is said in percent.
const fewFlips = 20

// swayed says how often harm came with unanimous peers.
func swayed(a *reports.Arm) string {
	harmful := a.Revisions.Harmful
	if harmful.K == 0 || a.Influence.Swayed.N == 0 {
		return ""
	}
	who := "every peer that was read"
	if a.Readers == 2 {
		who = "both peers"
	} else if a.Readers == 1 {
		who = "the one peer that was read"
	}
	which := fmt.Sprintf("%.0f %% of the %d harmful flips (right to wrong) happened", 100*a.Influence.Swayed.Value, a.Influence.Swayed.N)
	switch k, n := a.Influence.Swayed.K, a.Influence.Swayed.N; {
	case n == 1 && k == 0:
		which = "The one harmful flip (right to wrong) did not happen"
	case n == 1:
		which = "The one harmful flip (right to wrong) happened"
	case n < fewFlips:
		which = fmt.Sprintf("%d of the %d harmful flips (right to wrong) happened", k, n)
	}
	return fmt.Sprintf("%s with %s holding the same wrong answer.", which, who)
}

// baseline says what the same number of calls does without talk.
func baseline(a *reports.Arm) string {
	b := a.SelfConsistency
	if !b.Run() {
		return fmt.Sprintf("Self-consistency at %.0f calls was not run, so what the debate's calls would have bought without talk is unknown.", math.Ceil(a.Cost.Calls))
	}
	change := fmt.Sprintf("%.1f against %.1f, difference %s [%s, %s]", 100*b.Rate.Value, 100*a.After.Value, Points(b.Gain.Value), Points(b.Gain.Low), Points(b.Gain.High))
	what := "cannot be told from the debate at this number of questions"
	switch {
	case b.Gain.N == 0:
		return ""
	case !b.Gain.Noise() && b.Gain.Value > 0:
		what = "did worse than the debate"
	case !b.Gain.Noise():
		what = "did better than the debate"
	}
	return fmt.Sprintf("Self-consistency with %s, the same number of calls, %s (%s).", plural(b.Samples, "reply"), what, change)
}

// Points writes a difference in [-1,1] as signed percentage points, "+1.2" for example. It never writes -0.0.
func Points(x float64) string {
	if s := fmt.Sprintf("%+.1f", 100*x); s != "-0.0" {
		return s
	}
	return "+0.0"
}

// About writes a large number to two significant digits: "about 900", "more than a million".
func About(x float64) string {
	switch {
	case x > 1e6:
		return "more than a million"
	case x < 10:
		return fmt.Sprintf("about %.0f", math.Ceil(x))
	}
	unit := math.Pow(10, math.Floor(math.Log10(x))-1)
	return fmt.Sprintf("about %.0f", math.Ceil(x/unit)*unit)
}

// Compare says in a sentence what one comparison shows.
func Compare(c *reports.Comparison, level float64) string {
	d := &c.Difference
	between := fmt.Sprintf("%s against %s on %s that both finished: %s points, %g %% interval %s to %s", c.Arm, c.Reference, plural(d.N, "case"),
		Points(d.Value), 100*level, Points(d.Low), Points(d.High))
	if !d.Noise() {
		return between + "."
	}
	between += ", not distinguishable from noise"
	if more, ok := c.Decision.More(); ok {
		between += fmt.Sprintf("; %s more questions would decide whether a difference as large as this is real (power %.0f %%)", About(more), 100*stats.Power)
	}
	return between + "."
}

// Round writes a large number to two significant digits, rounded up: "870", "2400", ">1000000".
func Round(x float64) string {
	about := strings.TrimPrefix(About(x), "about ")
	if about == "more than a million" {
		return ">1000000"
	}
	return about
}

// plural writes a count with its noun.
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	if stem, ok := strings.CutSuffix(noun, "y"); ok {
		return fmt.Sprintf("%d %sies", n, stem)
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// list joins names as a sentence does.
func list(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}
