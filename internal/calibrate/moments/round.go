package moments

import (
	"fmt"
	"strconv"

	"cheaptalk/agents/simulated"
)

// Rounded returns the fit with parameters of four digits, which is what a profile file holds.
func (f *Fit) Rounded() (*Fit, error) {
	ps := make([]simulated.Profile, len(f.Profiles))
	for i := range ps {
		ps[i] = f.Profiles[i].Clone()
	}
	for _, k := range f.Problem.Knobs {
		for _, at := range k.At {
			p := &ps[at.Profile]
			at.Parameter.Set(p, Round(at.Parameter.Get(p)))
		}
	}
	r, err := f.Problem.At(ps)
	if err != nil {
		return nil, err
	}
	r.Losses = f.Losses
	return r, nil
}

// Words says in a line how good the fit is.
func (f *Fit) Words() string {
	return fmt.Sprintf("fit: loss %.2f, of which the squared residuals of %d figures are %.2f; %d parameters", f.Loss, len(f.Means), f.Data, len(f.X))
}

// Round keeps four digits, so that a file holds exactly what was fitted.
func Round(v float64) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 4, 64), 64)
	if err != nil {
		return v // not reached: a formatted number can be read
	}
	return r
}
