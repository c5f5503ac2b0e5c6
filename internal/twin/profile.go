package twin

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
	"cheaptalk/internal/twin/alone"
)

// All returns every estimate of the twin as a parameter of its profile: those of the revision, then what it is alone.
func (t *Twin) All() ([]Parameter, error) {
	all := slices.Clone(t.Parameters)
	put := func(name string, value, se float64, assumed bool) error {
		par, err := simulated.Lookup(name)
		if err == nil {
			all = append(all, Parameter{Parameter: par, Value: value, SE: se, Assumed: assumed})
		}
		return err
	}
	var errs []error
	for _, a := range t.Alone {
		accuracy := a.Accuracy.Value * (1 - t.Unreadable.Value) // unreadable replies are not right
		errs = append(errs,
			put(a.Set+".accuracy", accuracy, a.Accuracy.SE*(1-a.Accuracy.Value)/(1-accuracy), a.Accuracy.Assumed),
			put(a.Set+".consistency", a.Consistency.Value, a.Consistency.SE, a.Consistency.Assumed),
			put(a.Set+".concentration", a.Concentration.Value, a.Concentration.SE, a.Concentration.Assumed))
	}
	errs = append(errs, put("unreadable", t.Unreadable.Value, t.Unreadable.SE, t.Unreadable.Assumed))
	return all, errors.Join(errs...)
}

// Spread returns the standard error in the unit of the parameter, by the delta method.
func (p *Parameter) Spread() float64 { return p.SE * math.Abs(p.Transform.Slope(p.Value)) }

// Profile returns the twin as a profile of that name, with standard errors and the covariance of all that was estimated. The two stages
// are taken as independent, and the estimates of the first of each other. Its maker and sources are the caller's to fill in.
func (t *Twin) Profile(name string) (*profiles.File, error) {
	all, err := t.All()
	if err != nil {
		return nil, fmt.Errorf("twin of %s: %w", t.Agent, err)
	}
	f := &profiles.File{Profile: simulated.NewProfile(name), StandardErrors: map[string]float64{}, Warnings: slices.Clone(t.Warnings)}
	for i := range all {
		par := &all[i]
		par.Set(&f.Profile, par.Value)
		f.StandardErrors[par.Name] = par.Spread()
		f.Covariance.Of = append(f.Covariance.Of, par.Name)
		row := make([]float64, len(all))
		if row[i] = par.SE * par.SE; i < len(t.Parameters) {
			mat.Row(row[:len(t.Parameters)], i, t.Covariance)
		}
		f.Covariance.Rows = append(f.Covariance.Rows, row)
	}
	f.Warnings = append(f.Warnings, t.generalise(&f.Profile)...)
	f.Warnings = append(f.Warnings, "stated confidence is not fitted: the twin states what it holds to be its chance")
	return f, f.Profile.Check()
}

// generalise gives the profile abilities for data sets that the run does not have, those of its largest set of that kind, and says so.
func (t *Twin) generalise(p *simulated.Profile) []string {
	largest := func(fits func(debate.Kind) bool) *alone.Agent {
		var best *alone.Agent
		for i := range t.Alone {
			if a := &t.Alone[i]; fits(a.Kind) && (best == nil || a.N > best.N) {
				best = a
			}
		}
		return best
	}
	if len(t.Alone) == 0 {
		return nil
	}
	var warnings []string
	for _, kind := range []struct {
		name   string
		to     *simulated.Ability
		choice bool
	}{{"choice", &p.Choice, true}, {"number", &p.Number, false}} {
		from := largest(func(k debate.Kind) bool { return (k == debate.Choice) == kind.choice })
		if from == nil {
			from = largest(func(debate.Kind) bool { return true })
		}
		*kind.to = p.Abilities[from.Set]
		warnings = append(warnings, fmt.Sprintf("on %s questions of other data sets the abilities on %s are assumed", kind.name, from.Set))
	}
	return warnings
}
