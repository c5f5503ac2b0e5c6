package social_test

import (
	"slices"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/stats"
)

// count is a rate counted by hand.
type count struct{ k, n int }

func (c *count) add(hit bool) {
	c.n++
	if hit {
		c.k++
	}
}

func (c count) check(t *testing.T, what string, got stats.Rate) {
	t.Helper()
	if got.K != c.k || got.N != c.n {
		t.Errorf("%s is %d of %d, want %d of %d", what, got.K, got.N, c.k, c.n)
	}
}

// twin counts everything again from the records themselves, one debate at a time.
type twin struct {
	conformity, obstinacy, modal, collapse count
	harmful, beneficial                    map[string]*count
	met, adopted, bad, good                map[[2]string]int
}

func newTwin() *twin {
	w := &twin{harmful: map[string]*count{}, beneficial: map[string]*count{}, met: map[[2]string]int{}, adopted: map[[2]string]int{}, bad: map[[2]string]int{}, good: map[[2]string]int{}}
	for _, state := range []string{"all right", "mixed", "all wrong"} {
		w.harmful[state], w.beneficial[state] = &count{}, &count{}
	}
	return w
}

func (w *twin) add(rec *debate.Record) {
	t := rec.Transcript
	for _, tr := range debate.Transitions(t, rec.Key) {
		m := t.Messages[tr.Seq]
		votes := map[debate.Answer]int{}
		right := 0
		for _, seq := range m.Heard {
			h := t.Messages[seq]
			if h.Answer == rec.Key {
				right++
			}
			if h.Answer != "" {
				votes[h.Answer]++
			}
			if h.Answer == "" || h.Answer == tr.Before {
				continue
			}
			if tr.Before != "" {
				w.conformity.add(tr.After == h.Answer)
				w.obstinacy.add(tr.After == tr.Before)
			}
			edge := [2]string{h.From, m.From}
			w.met[edge]++
			if tr.After == h.Answer {
				w.adopted[edge]++
				if tr.Before == rec.Key {
					w.bad[edge]++
				} else if tr.After == rec.Key {
					w.good[edge]++
				}
			}
		}
		if len(m.Heard) == 0 {
			continue
		}
		state := "mixed"
		if right == len(m.Heard) {
			state = "all right"
		} else if right == 0 {
			state = "all wrong"
		}
		switch tr.From {
		case debate.Correct:
			w.harmful[state].add(tr.To == debate.Incorrect)
		case debate.Incorrect:
			w.beneficial[state].add(tr.To == debate.Correct)
		}
		best, several := debate.Answer(""), false
		for a, n := range votes {
			if n > votes[best] {
				best, several = a, false
			} else if n == votes[best] {
				several = true
			}
		}
		if best != "" && !several && best != tr.Before {
			w.modal.add(tr.After == best)
		}
	}
	w.collapses(rec)
}

func (w *twin) collapses(rec *debate.Record) {
	t := rec.Transcript
	distinct := func(round int) (readable []debate.Answer, right bool) {
		for _, m := range t.Standing(round) {
			right = right || m.Answer == rec.Key
			if m.Answer != "" && !slices.Contains(readable, m.Answer) {
				readable = append(readable, m.Answer)
			}
		}
		return readable, right
	}
	for round := range t.LastRound() {
		if answers, right := distinct(round); right && len(answers) > 1 {
			all := true
			for _, m := range t.Standing(t.LastRound()) {
				all = all && m.Answer != ""
			}
			end, right := distinct(t.LastRound())
			w.collapse.add(len(end) == 1 && all && !right)
			return
		}
	}
}

func TestInfluenceIsWhatRecordsSay(t *testing.T) {
	run := sample.Run{Items: 90, Repeats: 2}
	report, err := reports.Analyze(run.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	twins := map[string]*twin{}
	for rec := range run.Records() {
		if twins[rec.Case.Arm] == nil {
			twins[rec.Case.Arm] = newTwin()
		}
		if rec.Failed == "" {
			twins[rec.Case.Arm].add(rec)
		}
	}
	for i := range report.Overall.Arms {
		a := &report.Overall.Arms[i]
		w := twins[a.Name]
		w.conformity.check(t, a.Name+" conformity", a.Influence.Conformity)
		w.obstinacy.check(t, a.Name+" obstinacy", a.Influence.Obstinacy)
		w.modal.check(t, a.Name+" modal adoption", a.Influence.ModalAdoption)
		if a.Readers > 0 {
			w.collapse.check(t, a.Name+" collapse", a.Influence.Collapse)
		}
		for _, p := range a.Peers {
			w.harmful[p.State].check(t, a.Name+" harmful, peers "+p.State, p.Harmful)
			w.beneficial[p.State].check(t, a.Name+" beneficial, peers "+p.State, p.Beneficial)
		}
		if a.Readers > 0 && len(a.Peers) != 3 {
			t.Errorf("%s has %d states of peers", a.Name, len(a.Peers))
		}
		edges := 0
		for _, s := range a.Sway {
			at := [2]string{s.From, s.To}
			edges++
			if s.Met != w.met[at] || s.Adopted != w.adopted[at] || s.Harmful != w.bad[at] || s.Beneficial != w.good[at] {
				t.Errorf("%s: %+v, want %d met, %d adopted, %d harmful, %d beneficial", a.Name, s, w.met[at], w.adopted[at], w.bad[at], w.good[at])
			}
		}
		if edges != len(w.met) {
			t.Errorf("%s has %d edges, want %d", a.Name, edges, len(w.met))
		}
	}
}

// The control is the arm in which nobody is heard; pairs are the same agent's first revisions of the same first answer.
func TestApartPairsFirstRevisions(t *testing.T) {
	run := sample.Run{Arms: []string{"naive", "self-revision"}, Items: 120}
	report, err := reports.Analyze(run.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	alone := map[string][2]debate.Answer{} // of an item and agent, before and after
	var naive []*debate.Record
	for rec := range run.Records() {
		if rec.Case.Arm == "naive" {
			naive = append(naive, rec)
			continue
		}
		for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
			if tr.Round == 1 {
				alone[rec.Case.Item+rec.Transcript.Agents[tr.Agent]] = [2]debate.Answer{tr.Before, tr.After}
			}
		}
	}
	var changed, spontaneous, social, harmful count
	var lost, lostAlone, won, wonAlone count
	for _, rec := range naive {
		if rec.Failed != "" {
			continue
		}
		for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
			if tr.Round != 1 {
				continue
			}
			own := alone[rec.Case.Item+rec.Transcript.Agents[tr.Agent]]
			if own[0] != tr.Before {
				t.Fatalf("%s: the arms do not share round 0", rec.Case)
			}
			changed.add(tr.After != tr.Before)
			spontaneous.add(own[1] != own[0])
			switch tr.From {
			case debate.Correct:
				lost.add(tr.To == debate.Incorrect)
				lostAlone.add(debate.Grade(own[1], rec.Key) == debate.Incorrect)
			case debate.Incorrect:
				won.add(tr.To == debate.Correct)
				wonAlone.add(own[1] == rec.Key)
			}
			if own[1] == own[0] {
				social.add(tr.After != tr.Before)
				if tr.After != tr.Before {
					harmful.add(tr.Before == rec.Key)
				}
			}
		}
	}
	a := report.Overall.Find("naive").Apart
	if a.Control != "self-revision" || social.n == 0 || harmful.n == 0 {
		t.Fatalf("%+v", a)
	}
	changed.check(t, "changed", a.Changed)
	spontaneous.check(t, "spontaneous", a.Spontaneous)
	social.check(t, "social", a.Social)
	harmful.check(t, "harmful", a.SocialHarmful)
	lost.check(t, "lost after hearing", a.Harmful.Heard)
	lostAlone.check(t, "lost alone", a.Harmful.Alone)
	won.check(t, "won after hearing", a.Beneficial.Heard)
	wonAlone.check(t, "won alone", a.Beneficial.Alone)
	if d := a.Harmful.Excess; d.N != lost.n || d.B-d.C != lost.k-lostAlone.k {
		t.Errorf("excess of harmful flips %+v", d)
	}
	if d := a.Beneficial.Excess; d.N != won.n || d.B-d.C != won.k-wonAlone.k {
		t.Errorf("excess of beneficial flips %+v", d)
	}
	if d := a.Excess; d.N != changed.n || d.B-d.C != changed.k-spontaneous.k {
		t.Errorf("excess %+v", d)
	}
	if control := report.Overall.Find("self-revision").Apart; control.Control != "" {
		t.Errorf("the control has a control: %+v", control)
	}
}
