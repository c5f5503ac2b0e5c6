package validate

import (
	"context"
	"errors"
	"fmt"

	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/validate/page"
)

// Live is a prediction that was written before the debates were held that it is of, and what they gave.
type Live struct {
	File    *kept.File
	Checked []kept.Checked
	Arms    []kept.Observed // what the arms gave in the debates that were predicted
	// Naive is what naive debate gave on the questions that the twins were fitted to: the rule to beat says that the arms do what it did.
	Naive kept.Observed
}

// liveReady asks for what [Options] may leave out.
func liveReady(o Options) error {
	if o.Live == nil {
		return errors.New("there is no recording")
	}
	return nil
}

// live holds what twins of three real models predicted of two protocols against the debates that were then held.
func live(ctx context.Context, p *page.Page, o Options) error {
	l, err := o.Live(ctx)
	if err != nil {
		return err
	}
	if len(l.Checked) == 0 {
		return errors.New("no arm of the recording was predicted")
	}
	p.Say("## Three small models: predicted before they debated")
	p.Say("Three real models hold examples/three-small-models.yaml; the recording comes with the program. Twins of the models were fitted to naive debate and self-revision on one half of the questions; the prediction for %d debates of the other half, given their independent answers, "+
		"was committed before any reply under its protocols was asked for. What a critical brief and a shown confidence do is in neither fitted arm: each has a stated prior, which widens the intervals "+
		"(examples/predicted). Percent; an interval holds %.0f %% of what was to be observed of these very debates, luck included.", len(l.File.Begun), 100*l.File.Level)
	var table [][]string
	asNaive, unchanged := rule{of: func(c *kept.Checked) (float64, bool) {
		m := l.Naive.Of(c.Quantity, c.Judge)
		return m.Value, m.N > 0
	}}, rule{of: l.unchanged}
	hits := 0
	for i := range l.Checked {
		c := &l.Checked[i]
		verdict := "miss"
		if c.Hit {
			verdict = "hit"
			hits++
		}
		table = append(table, []string{c.Arm, c.Quantity, c.Judge, fmt.Sprintf("%.1f [%.1f, %.1f]", 100*c.Predicted.Value, 100*c.Low, 100*c.High),
			fmt.Sprintf("%.1f", 100*c.Observed.Value), fmt.Sprint(c.Observed.N), verdict, asNaive.add(c), unchanged.add(c)})
	}
	p.Table([]string{"arm", "", "judge", "predicted", "observed", "n", "", "as naive debate on the other half", "as before the debate"}, table)
	p.Say("%d of %d numbers are where they were predicted to be. They are not independent: those of an arm share its debates, and both arms their independent answers; and an interval as wide as these is not hard to hit. "+
		"Error, root mean square: of the %d numbers that naive debate has too, twins %.1f points, the rule that an arm does what naive debate did on the other half %.1f; of the %d that have a value before the debate, twins %.1f points, "+
		"the rule that nothing changes %.1f.", hits, len(l.Checked), asNaive.errors.N, asNaive.twins.RMS(), asNaive.errors.RMS(), unchanged.errors.N, unchanged.twins.RMS(), unchanged.errors.RMS())
	p.Sum("Three small models, predicted before they debated: numbers in their intervals", "%d of %d; error %.1f points, as naive debate %.1f (n = %d); error %.1f, as before %.1f (n = %d)",
		hits, len(l.Checked), asNaive.twins.RMS(), asNaive.errors.RMS(), asNaive.errors.N, unchanged.twins.RMS(), unchanged.errors.RMS(), unchanged.errors.N)
	return nil
}

// rule is a prediction without twins, and how it and the twins fare where it has a number.
type rule struct {
	of            func(c *kept.Checked) (float64, bool)
	errors, twins page.Numbers // in points
}

// add counts the number of the rule, and returns it as a cell.
func (r *rule) add(c *kept.Checked) string {
	value, ok := r.of(c)
	if !ok {
		return "–"
	}
	r.errors.Add(100 * (value - c.Observed.Value))
	r.twins.Add(100 * (c.Predicted.Value - c.Observed.Value))
	return fmt.Sprintf("%.1f", 100*value)
}

// unchanged returns what a number would be had nobody changed an answer, where it has a value before the debate.
func (l *Live) unchanged(c *kept.Checked) (float64, bool) {
	for i := range l.Arms {
		o := &l.Arms[i]
		if o.Arm != c.Arm {
			continue
		}
		switch c.Quantity {
		case "after":
			return o.Before.Value, o.Before.N > 0
		case "change":
			return 0, true
		case "agent after":
			return o.Single.Value, o.Single.N > 0
		}
	}
	return 0, false
}
