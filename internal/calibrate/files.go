package calibrate

import (
	"fmt"
	"math"
	"strings"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/calibrate/moments"
)

// newFiles returns the profile files of a rounded fit: command is the one that made them, sources are citations.
func newFiles(f *moments.Fit, u *moments.Uncertainty, command string, sources []string) []*profiles.File {
	files := make([]*profiles.File, len(f.Profiles))
	for i, p := range f.Profiles {
		file := &profiles.File{Profile: p, MadeBy: command, StandardErrors: map[string]float64{}}
		file.Sources = append(append(file.Sources, sources...), f.Words())
		var of []int // the knob of each parameter
		for k, knob := range f.Problem.Knobs {
			for _, at := range knob.At {
				if at.Profile != i {
					continue
				}
				file.Covariance.Of = append(file.Covariance.Of, at.Parameter.Name)
				of = append(of, k)
				file.StandardErrors[at.Parameter.Name] = digits(u.SE(k)*at.Parameter.Transform.Slope(at.Parameter.Get(&p)), 3)
			}
		}
		for _, a := range of {
			row := make([]float64, len(of))
			for c, b := range of {
				row[c] = digits(u.Covariance.At(a, b), 3)
			}
			file.Covariance.Rows = append(file.Covariance.Rows, row)
		}
		file.Warnings = warnings(f, u, i)
		files[i] = file
	}
	return files
}

// digits rounds to so many significant digits.
func digits(v float64, n int) float64 {
	if v == 0 || math.IsNaN(v) || math.IsInf(v, 0) {
		return 0
	}
	scale := math.Pow(10, float64(n-1)-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*scale) / scale
}

// far is from how many standard errors on a residual is a miss.
const far = 3

// warnings are what a user of a profile must know.
func warnings(f *moments.Fit, u *moments.Uncertainty, profile int) (ws []string) {
	p := &f.Profiles[profile]
	for i, m := range f.Problem.Moments {
		if z := (f.Means[i] - m.Value) / m.SE; math.Abs(z) >= far && strings.Contains(m.Name, p.Model()) {
			ws = append(ws, fmt.Sprintf("the model misses %s: %.1f %% for the published %.1f ± %.1f", m.Name, f.Means[i], m.Value, m.SE))
		}
	}
	for _, b := range u.Blurred {
		for _, k := range b.Knobs {
			if isOf(f.Problem.Knobs[k], profile) {
				ws = append(ws, b.Words)
				break
			}
		}
	}
	return append(ws, "assumed, not fitted: confidence_weight, overconfidence, insight, jitter, unreadable, critique_own, critique_discount, and every parameter on tasks that are not in the sources")
}

// isOf reports whether a knob has a parameter of the profile.
func isOf(k moments.Knob, profile int) bool {
	for _, at := range k.At {
		if at.Profile == profile {
			return true
		}
	}
	return false
}
