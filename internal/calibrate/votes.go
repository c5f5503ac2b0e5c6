package calibrate

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
)

// together is how a vote before debate is assumed to be correlated with the one after it: simulated debates have 0.5 to 0.85. They are of the
// same questions and begin with the same answers; papers print no correlation.
const together = 0.7

// Votes returns the problem of fitting one profile a model to votes before and after so many rounds of debate. The profiles are named
// MODEL@source. Anchors of groups that the rows lack are left out.
//
// Of each model are fitted: the accuracy on each task; consistency and loss on choices and on numbers; the weights of its own answer and of a
// peer's; the redraw rate. All models share the concentration of wrong answers and the pull of the right one, on choices and on numbers.
func Votes(rows []figures.Row, anchors []figures.Anchor, source string, rounds int, s moments.Settings) (*moments.Problem, error) {
	s = s.WithDefaults()
	p := &moments.Problem{}
	var models []string
	for _, row := range rows {
		for _, m := range row.Team {
			if !slices.Contains(models, m) {
				models = append(models, m)
			}
		}
	}
	slices.Sort(models)
	index := map[string]int{}
	for i, m := range models {
		index[m] = i
		p.Base = append(p.Base, assumed(m, source))
	}
	kinds := tasksOf(rows, models)
	voteKnobs(p, models, kinds)
	p.Finish = kinds.finish
	startAt(p, rows)
	voteMoments(p, rows)

	var casts []cast
	of := map[int]int{} // the cast of a row
	for i, row := range rows {
		if !row.Alone() {
			of[i] = len(casts)
			casts = append(casts, newCast(row, index, p.Knobs))
		}
	}
	type anchored struct{ cast, agreeing int }
	var asides []anchored
	for _, a := range anchors {
		for i, row := range rows {
			if row.Task != a.Task || row.Alone() || a.Agreeing >= len(row.Team) || slices.ContainsFunc(row.Team, func(m string) bool { return m != a.Model }) {
				continue
			}
			asides = append(asides, anchored{of[i], a.Agreeing})
			p.Moments = append(p.Moments, moments.Moment{
				Name: fmt.Sprintf("%s %s right answers left with %d peers agreeing", a.Task, row.Group, a.Agreeing), Value: a.Rate.Value, SE: a.Rate.SE, Trust: a.Rate.SE})
		}
	}
	p.Cov = mat.NewSymDense(len(p.Moments), nil)
	for i, m := range p.Moments {
		p.Cov.SetSym(i, i, m.Trust*m.Trust)
	}
	for i, at := 0, 0; i < len(rows); i++ {
		if at++; !rows[i].Alone() {
			p.Cov.SetSym(at-1, at, together*p.Moments[at-1].Trust*p.Moments[at].Trust)
			at++
		}
	}
	bench := &rehearsal{stage.NewBench(s.Debates, rounds, s.Seed), map[string]stage.Outcome{}}
	p.Simulate = func(x []float64, ps []simulated.Profile) (means, variances []float64) {
		outs := bench.all(casts, x, ps)
		add := func(rate float64, n int) {
			means = append(means, 100*rate)
			variances = append(variances, 1e4*rate*(1-rate)/float64(max(n, 1)))
		}
		for i, row := range rows {
			if row.Alone() {
				means, variances = append(means, 100*ps[index[row.Team[0]]].Abilities[row.Task].Accuracy), append(variances, 0)
				continue
			}
			o := outs[of[i]]
			add(o.Before.Rate(), o.Before.N)
			add(o.After.Rate(), o.After.N)
		}
		for _, a := range asides {
			left := outs[a.cast].Harmful[a.agreeing]
			add(left.Rate(), left.N)
		}
		return means, variances
	}
	return p, p.Err()
}

// voteMoments lists the votes of the rows. The trust in a figure mixes its own variance, of which a handful of seeds say little, with what its
// row would have if all rows were equally overdispersed: half and half, as in the moderated variances of Smyth 2004 (Statistical Applications
// in Genetics and Molecular Biology 3, article 3) with as many degrees of freedom beforehand as the seeds give.
func voteMoments(p *moments.Problem, rows []figures.Row) {
	for _, row := range rows {
		name := row.Task + " " + row.Group
		if row.Alone() {
			p.Moments = append(p.Moments, moments.Moment{Name: name, Value: row.Before.Value, SE: row.Before.SE})
			continue
		}
		p.Moments = append(p.Moments, moments.Moment{Name: name + " before", Value: row.Before.Value, SE: row.Before.SE},
			moments.Moment{Name: name + " after", Value: row.After.Value, SE: row.After.SE})
	}
	spread := func(m moments.Moment) float64 { v := min(max(m.Value, 1), 99) / 100; return v * (1 - v) }
	over := 0.0
	for _, m := range p.Moments {
		over += m.SE * m.SE / spread(m) / float64(len(p.Moments))
	}
	for i := range p.Moments {
		m := &p.Moments[i]
		m.Trust = math.Sqrt((m.SE*m.SE + over*spread(*m)) / 2)
	}
}

// startAt lets the first search begin at the accuracies that single agents have in the table.
func startAt(p *moments.Problem, rows []figures.Row) {
	for i := range p.Knobs {
		for _, row := range rows {
			if row.Alone() && p.Knobs[i].Name == row.Team[0]+" "+row.Task+" accuracy" {
				p.Knobs[i].Start = simulated.Logit.Free(min(max(row.Before.Value, 1), 99) / 100)
			}
		}
	}
}
