// Package social makes the tables of what hearing each other does: how far answers are apart, who gives them up under which peers, and who turned whom.
package social

import (
	"image/color"

	"cheaptalk/reports"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/paint"
	"cheaptalk/reports/social"
	"cheaptalk/reports/stats"
	"cheaptalk/reports/tables/build"
)

// Diversity is how far the agents' answers are apart after each round, and how far they err together.
func Diversity(r *reports.Report) grid.Table {
	b := build.Start(r, "diversity", "Diversity of answers and effective votes")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, at := range a.Rounds {
			if at.Mean.N == 0 {
				continue
			}
			b.Arm(s, a)
			b.Count("round", grid.Col("round", "", 0), at.Round)
			b.Number(true, "distinct", grid.Col("distinct", "dist.", 0), at.Distinct, 2)
			b.Points(true, "agreement", grid.Col("agreement %", "agr. %", 0), at.Agreement)
			b.Number(true, "entropy", grid.Col("entropy", "entr.", 0), at.Entropy, 2)
			b.PlainRate("consensus", grid.Col("consensus %", "cons. %", 1), at.Consensus)
			v := at.Votes
			measured := v.Effective > 0
			b.Number(measured, "correlation", grid.Col("error correlation", "corr.", 0), v.Correlation, 2)
			b.Range(measured && v.Interval.Draws > 0, "correlation", grid.Col("BCa", "", 3), v.Interval.Low, v.Interval.High)
			b.Count("members", grid.Col("agents", "", 2), a.Agents)
			b.Number(measured, "effective", grid.Col("effective votes", "N_eff", 0), v.Effective, 2)
			b.Range(measured && v.Low > 0 && v.High > 0, "effective", grid.Col("interval", "", 4), v.Low, v.High)
			b.End()
		}
	}
	b.Table.Caption = "distinct: mean number of distinct readable answers; agreement: mean share of them that the most frequent one has; entropy in nats. error correlation: of being right, pooled over pairs of agents; " +
		"effective votes: N/(1+(N-1)ρ), how many independent agents of the same strength the team is worth; both are of the first and the last round, with BCa intervals over questions."
	return b.Table
}

// flow adds harmful and beneficial rates with what they are of.
func flow(b *build.Builder, harmful, beneficial stats.Rate) {
	b.Rate("corrupted", grid.Col("▼ C→I", "", 0).In(paint.Corrupted), harmful)
	b.Count("corrupted_count", grid.Col("turned", "", 1), harmful.K)
	b.Count("correct", grid.Col("of", "", 0), harmful.N)
	b.Rate("corrected", grid.Col("▲ I→C", "", 0).In(paint.Corrected), beneficial)
	b.Count("corrected_count", grid.Col("turned", "", 1), beneficial.K)
	b.Count("incorrect", grid.Col("of", "", 0), beneficial.N)
}

// Conformity is how often answers turned, by how many peers held them too.
func Conformity(r *reports.Report) grid.Table {
	b := build.Start(r, "conformity", "Answers turned, by agreeing peers")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, c := range a.Conformity {
			b.Arm(s, a)
			b.Count("agreeing", grid.Col("peers that agreed", "agreed", 0), c.Agreeing)
			flow(b, c.Harmful, c.Beneficial)
			b.End()
			used = append(used, c.Harmful.Method, c.Beneficial.Method)
		}
	}
	b.Table.Caption = "Of the answers whose holders had read that many peers holding the same one: correct ones that the next reply gave up for an incorrect one, and incorrect ones that it gave up for the correct one. " +
		build.Methods(r, used...)
	return b.Table
}

// Peers is how often answers turned, by how the peers that were read stood.
func Peers(r *reports.Report) grid.Table {
	b := build.Start(r, "peers", "Answers turned, by the state of the peers")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, p := range a.Peers {
			b.Arm(s, a)
			b.Text("peers", "peers", p.State)
			flow(b, p.Harmful, p.Beneficial)
			b.End()
			used = append(used, p.Harmful.Method, p.Beneficial.Method)
		}
	}
	b.Table.Caption = "All right, mixed, all wrong: of the peers that were read, all, some or none held the right answer; one that could not be read held none. " + build.Methods(r, used...)
	return b.Table
}

// Influence is how agents met answers other than their own.
func Influence(r *reports.Report) grid.Table {
	b := build.Start(r, "influence", "Meeting other answers")
	s := &r.Overall
	var used []stats.Method
	for i := range s.Arms {
		a := &s.Arms[i]
		v := &a.Influence
		if a.Readers == 0 {
			continue
		}
		b.Arm(s, a)
		b.Rate("conformity", grid.Col("conformity", "conf.", 0), v.Conformity)
		b.Rate("obstinacy", grid.Col("obstinacy", "obst.", 0), v.Obstinacy)
		b.Count("met", grid.Col("of", "", 3), v.Conformity.N)
		b.Rate("modal_adoption", grid.Col("modal adoption", "modal", 0), v.ModalAdoption)
		b.Count("modal_of", grid.Col("of", "", 3), v.ModalAdoption.N)
		b.Rate("collapse", grid.Col("▼ collapse", "▼ coll.", 0).In(paint.Corrupted), v.Collapse)
		b.Count("collapse_of", grid.Col("of", "", 3), v.Collapse.N)
		b.Rate("swayed", grid.Col("▼ unanimous", "▼ unan.", 2).In(paint.Corrupted), v.Swayed)
		b.Count("swayed_of", grid.Col("of", "", 4), v.Swayed.N)
		b.End()
		used = append(used, v.Conformity.Method, v.Collapse.Method)
	}
	b.Table.Caption = "conformity, obstinacy: of the times that a reviser had read a peer with another answer, it took that answer, or kept its own. modal adoption: revisers that did not hold the most frequent answer that they read and took it. " +
		"collapse: debates in which agents disagreed with someone right and ended on one wrong answer. unanimous: harmful revisions under peers that all held one same wrong answer. " + build.Methods(r, used...)
	return b.Table
}

// Apart tells social changes of answers from spontaneous ones.
func Apart(r *reports.Report) grid.Table {
	b := build.Start(r, "apart", "Social and spontaneous changes of answers")
	used := besideControls(b, r, func(a *reports.Arm) []stats.Method {
		p := &a.Apart
		b.Count("n", grid.Col("n", "", 0), p.Changed.N)
		b.Rate("changed", grid.Col("changed", "", 0), p.Changed)
		b.Rate("spontaneous", grid.Col("spontaneous", "spont.", 0), p.Spontaneous)
		b.Difference(p.Excess.N > 0, "excess", grid.Col("excess", "", 0), p.Excess)
		b.Rate("social", grid.Col("social", "", 0), p.Social)
		b.Count("social_of", grid.Col("of", "", 3), p.Social.N)
		b.Rate("social_harmful", grid.Col("▼ of these", "▼", 1).In(paint.Corrupted), p.SocialHarmful)
		return []stats.Method{p.Changed.Method, p.Excess.Method}
	})
	b.Table.Caption = "First revisions, each beside the same agent's from the same first answer in the control, where nobody is heard (Hao et al. 2026). changed: after hearing others; spontaneous: in the control; excess: changed minus spontaneous, in points. " +
		"social: of the answers that the control kept, those that changed after hearing others; ▼ of these left the right answer. " + build.Methods(r, used...) + build.Spread
	return b.Table
}

// Flips tells the flips that others have brought about from those that come by themselves.
func Flips(r *reports.Report) grid.Table {
	b := build.Start(r, "flips", "Social and spontaneous flips")
	used := besideControls(b, r, func(a *reports.Arm) (used []stats.Method) {
		for _, f := range []struct {
			name, sign string
			fate       color.NRGBA
			flips      social.Flips
		}{{"harmful", "▼", paint.Corrupted, a.Apart.Harmful}, {"beneficial", "▲", paint.Corrected, a.Apart.Beneficial}} {
			b.Rate(f.name+"_heard", grid.Col(f.sign+" heard", f.sign, 2).In(f.fate), f.flips.Heard)
			b.Rate(f.name+"_alone", grid.Col(f.sign+" alone", "", 3), f.flips.Alone)
			b.Difference(f.flips.Excess.N > 0, f.name+"_excess", grid.Col(f.sign+" excess", "", 0), f.flips.Excess)
			b.Count(f.name+"_of", grid.Col("of", "", 0), f.flips.Heard.N)
			used = append(used, f.flips.Heard.Method, f.flips.Excess.Method)
		}
		return used
	})
	b.Table.Caption = "First revisions, each beside the same agent's from the same first answer in the control, where nobody is heard. ▼: right first answers that became incorrect, of all right ones; ▲: incorrect ones that became right, of all incorrect ones. " +
		"heard: after hearing others; alone: in the control; excess: heard minus alone, in points: what hearing others adds to what comes by itself. " + build.Methods(r, used...) + build.Spread
	return b.Table
}

// besideControls has a row for each arm that has a control, which cells fills, and returns the methods of their intervals.
func besideControls(b *build.Builder, r *reports.Report, cells func(a *reports.Arm) []stats.Method) (used []stats.Method) {
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		if a.Apart.Control == "" {
			continue
		}
		b.Arm(s, a)
		b.Text("control", "control", a.Apart.Control)
		used = append(used, cells(a)...)
		b.End()
	}
	return used
}

// Sway is the network of who turned whom.
func Sway(r *reports.Report) grid.Table {
	b := build.Start(r, "sway", "Who turned whom")
	s := &r.Overall
	for i := range s.Arms {
		a := &s.Arms[i]
		for _, edge := range a.Sway {
			b.Arm(s, a)
			b.Text("from", "from", edge.From)
			b.Text("to", "to", edge.To)
			b.Count("met", grid.Col("met", "", 0), edge.Met)
			b.Count("adopted", grid.Col("adopted", "adopt.", 0), edge.Adopted)
			b.Points(true, "adopted_share", grid.Col("adopted %", "ad. %", 1), float64(edge.Adopted)/float64(edge.Met))
			b.Count("harmful", grid.Col("▼ harmful", "▼", 0).In(paint.Corrupted), edge.Harmful)
			b.Count("beneficial", grid.Col("▲ helpful", "▲", 0).In(paint.Corrected), edge.Beneficial)
			b.End()
		}
	}
	b.Table.Caption = "met: revisions of the one that had read the other with another answer; adopted: it took that answer. A revision that several peers stood behind counts for each of them."
	return b.Table
}
