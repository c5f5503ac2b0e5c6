package reports

import (
	"fmt"

	"cheaptalk/reports/stats"
)

// Below these, numbers come with a warning. They are rules of thumb, ours, but for fewCells, which is that of Tate and Brown 1970
// (Journal of the American Statistical Association 65:155) for Cochran's Q.
const (
	fewQuestions  = 20   // clustered intervals and the bootstrap rest on more
	fewCells      = 24   // discordant units times treatments
	fewStated     = 100  // answers with a confidence, below which ECE is biased upwards
	manyFailed    = 0.05 // of the debates
	manyUnread    = 0.05 // of the group answers
	assumesScore  = "questions are a random sample, each counts once, and questions are independent of each other"
	assumesExact  = "answers are independent of each other, those to one question too: coverage is then at least the level, and less where they are alike"
	assumesGroups = "questions are a random sample and independent of each other; debates, draws and agents of one question may be alike to any degree"
)

// annotate fills in the assumptions and the notes.
func (r *Report) annotate() {
	r.Assumptions = map[stats.Method]string{stats.Wilson: assumesScore, stats.Clustered: assumesGroups, stats.Exact: assumesExact}
	note := func(about, arm, format string, args ...any) {
		r.Notes = append(r.Notes, Note{About: about, Arm: arm, Text: fmt.Sprintf(format, args...)})
	}
	s := &r.Overall
	finished := r.any(func(a *Arm) bool { return a.Debates > 0 })
	switch {
	case finished && s.Questions == 1:
		note("accuracy", "", "one question is no sample: intervals are rough, and another question may say something else.")
	case finished && s.Questions < fewQuestions:
		note("accuracy", "", "%d questions are few: intervals are rough, and another sample of questions may say something else.", s.Questions)
	}
	for i := range s.Arms {
		notesOf(&s.Arms[i], func(about, format string, args ...any) { note(about, s.Arms[i].Name, format, args...) })
	}
	for i := range s.Comparisons {
		c := &s.Comparisons[i]
		if arm := s.Find(c.Arm); c.Difference.N < arm.Debates {
			note("comparisons", c.Arm, "%d of its %d debates have no finished partner in %s and are not compared.", arm.Debates-c.Difference.N, arm.Debates, c.Reference)
		}
	}
	if c := s.AllArms; c != nil && c.Treatments*c.Discordant < fewCells {
		note("comparisons", "", "only %d cases tell the arms apart: the p value of Cochran's Q is rough.", c.Discordant)
	}
	if r.any(func(a *Arm) bool { return len(a.Conformity) > 0 }) {
		const observed = "observed, not assigned: peers agree more on easy questions, so that rows differ in their questions too."
		note("conformity", "", observed)
		note("peers", "", observed)
	}
	if r.any(func(a *Arm) bool { return len(a.Sway) > 0 }) {
		note("sway", "", "who turned is counted, not why: an agent that adopts an answer may have come to it by itself.")
	}
	switch {
	case r.any(func(a *Arm) bool { return a.Apart.Control != "" }):
		note("apart", "", "what bare answers do and what reasons add (Hao's conformity and persuasion) are together in social: no arm shows answers alone.")
	case r.any(func(a *Arm) bool { return a.Readers > 0 }):
		note("influence", "", "no arm of the same agents thinks again and hears nobody (self-revision): how many of these changes come by themselves is unknown.")
	}
	if r.any(func(a *Arm) bool { _, more := a.Decision.More(); return more && a.Change.Noise() }) {
		note("decisions", "", "more questions are those for the change that was seen, which is itself uncertain: where it is smaller, it takes more.")
	}
}

// any reports whether some arm is so.
func (r *Report) any(is func(*Arm) bool) bool {
	for i := range r.Overall.Arms {
		if is(&r.Overall.Arms[i]) {
			return true
		}
	}
	return false
}

// notesOf warns of the numbers of one arm.
func notesOf(a *Arm, note func(about, format string, args ...any)) {
	switch all := a.Debates + a.Failed; {
	case a.Failed > 0 && a.Debates == 0:
		note("accuracy", "every debate failed.")
	case float64(a.Failed) > manyFailed*float64(all):
		note("accuracy", "%d of %d debates failed: what is left may be the easier ones.", a.Failed, all)
	}
	if float64(a.Unreadable) > manyUnread*float64(a.Debates) {
		note("accuracy", "%d of %d group answers could not be read: they are not right, but some of them may have been.", a.Unreadable, a.Debates)
	}
	switch j := &a.SameJudge; {
	case j.Talk.N > 0:
		note("decisions", "the change is that of its judge, %s, and of talk together. Over the answers of %s, without talk, the judge is right %.1f %%: talk changes that by %+.1f points [%+.1f, %+.1f].",
			a.Primary, j.Arm, 100*j.Rate.Value, 100*j.Talk.Value, 100*j.Talk.Low, 100*j.Talk.High)
	case !a.Independent && a.Change.N > 0 && a.Primary != "plurality" && a.Primary != "round-0 vote" && j.Arm == "":
		note("decisions", "the change is that of its judge, %s, and of talk together: an independent arm of the same agents with that judge would tell them apart.", a.Primary)
	}
	stated := 0
	for _, m := range a.Members {
		if n := m.Last.N; n > 0 && (stated == 0 || n < stated) {
			stated = n
		}
	}
	if stated > 0 && stated < fewStated {
		note("confidence", "ECE over %d answers is biased upwards: even perfect confidence has some.", stated)
	}
}
