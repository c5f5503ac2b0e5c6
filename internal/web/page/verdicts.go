package page

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// round0Judge is the name of the judge that votes over round 0.
const round0Judge = "round-0 vote"

// verdicts fills in what the judges decided, and what the vote was before anyone heard anyone.
func (d *Debate) verdicts(rec *debate.Record) {
	before, voted := voteBefore(rec)
	d.Before, d.Voted = string(before), voted
	for i, v := range rec.Verdicts {
		out := Verdict{Judge: v.Judge, Answer: string(v.Answer), Why: v.Why, Failed: v.Failed, Primary: i == 0, Tied: v.Tied}
		switch f := fate(before, v.Answer, rec.Key); {
		case v.Failed != "":
			out.Mark = failedMark
		case d.Known || f == debate.Unread:
			out.Mark = MarkOf(f)
		}
		for _, a := range slices.Sorted(maps.Keys(v.Tally)) {
			if says(v.Why, v.Tally) {
				break
			}
			out.Tally = append(out.Tally, Weight{answer(a), strconv.FormatFloat(v.Tally[a], 'g', 4, 64)})
		}
		if v.Reply != nil {
			out.Text, out.Thinking, out.Calls = v.Reply.Text, v.Reply.Thinking, calls(v.Reply.Exchanges)
			d.Texts = d.Texts || out.Text != ""
		}
		if i == 0 {
			d.After, d.Decided, d.Outcome = out.Answer, v.Failed == "", out.Mark
		}
		d.Verdicts = append(d.Verdicts, out)
	}
}

// says reports whether the reasons of a verdict name every answer of its tally, as those of a vote do.
func says(why string, tally map[debate.Answer]float64) bool {
	for a := range tally {
		if !strings.Contains(why, answer(a)+" ") {
			return false
		}
	}
	return true
}

// voteBefore returns the vote over round 0.
func voteBefore(rec *debate.Record) (debate.Answer, bool) {
	for _, v := range rec.Verdicts {
		if v.Judge == round0Judge && v.Failed == "" {
			return v.Answer, true
		}
	}
	standing := rec.Transcript.Standing(0)
	return debate.BreakTie(debate.Leaders(debate.Tally(standing, nil)), rec.Seed), len(standing) > 0
}
