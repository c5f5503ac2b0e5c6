package validate

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"cheaptalk/internal/predict/kept"
	"cheaptalk/internal/validate/page"
)

// Live is a prediction that was written before the debates were held that it is of, and what they gave.
type Live struct {
	File    *kept.File
	Checked []kept.Checked
	Arms    []kept.Observed // what the arms gave in the debates that were predicted
	// Rules are what there was to go by without twins: that an arm does what another one did.
	Rules []Rule
}

// Rule is what an arm gave that had been held before.
type Rule struct {
	Name string // behind "as": "naive debate on the other half"
	Arm  kept.Observed
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
	var rules []*rule
	for _, other := range l.Rules {
		rules = append(rules, &rule{name: other.Name, of: func(c *kept.Checked) (float64, bool) {
			m := other.Arm.Of(c.Quantity, c.Judge)
			return m.Value, m.N > 0
		}})
	}
	rules = append(rules, &rule{name: "before the debate", of: l.unchanged})
	hits := 0
	for i := range l.Checked {
		c := &l.Checked[i]
		verdict := "miss"
		if c.Hit {
			verdict = "hit"
			hits++
		}
		row := []string{c.Arm, c.Quantity, c.Judge, fmt.Sprintf("%.1f [%.1f, %.1f]", 100*c.Predicted.Value, 100*c.Low, 100*c.High),
			fmt.Sprintf("%.1f", 100*c.Observed.Value), fmt.Sprint(c.Observed.N), verdict}
		for _, r := range rules {
			row = append(row, r.add(c))
		}
		table = append(table, row)
	}
	head := []string{"arm", "", "judge", "predicted", "observed", "n", ""}
	var errs [][]string
	var sum []string
	for _, r := range rules {
		head = append(head, "as "+r.name)
		errs = append(errs, []string{"as " + r.name, fmt.Sprint(r.errors.N), fmt.Sprintf("%.1f", r.errors.RMS()), fmt.Sprintf("%.1f", r.twins.RMS())})
		sum = append(sum, fmt.Sprintf("as %s %.1f (twins %.1f)", r.name, r.errors.RMS(), r.twins.RMS()))
	}
	p.Table(head, table)
	p.Say("%d of %d numbers are where they were predicted to be. They are not independent: those of an arm share its debates, and both arms their independent answers; and an interval as wide as these is not hard to hit. "+
		"What the twins add shows beside rules that need none, over the numbers that a rule has: root mean square errors in points.", hits, len(l.Checked))
	p.Table([]string{"rule", "numbers", "error", "of the twins"}, errs)
	p.Sum("Three small models, predicted before they debated: numbers in their intervals", "%d of %d; errors in points: %s", hits, len(l.Checked), strings.Join(sum, ", "))
	return nil
}

// rule is a prediction without twins, and how it and the twins fare where it has a number.
type rule struct {
	name          string
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
