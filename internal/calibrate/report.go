package calibrate

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/calibrate/moments"
)

// Result is a fit with what it leaves open and the profile files that hold it.
type Result struct {
	Fit         *moments.Fit
	Uncertainty *moments.Uncertainty
	Files       []*profiles.File
}

// Solve fits a problem and makes the files of its profiles.
func Solve(ctx context.Context, p *moments.Problem, s moments.Settings, command string, sources []string) (*Result, error) {
	f, err := p.Fit(ctx, s)
	if err != nil {
		return nil, err
	}
	return result(f, command, sources)
}

// result rounds a fit.
func result(f *moments.Fit, command string, sources []string) (*Result, error) {
	f, err := f.Rounded()
	if err != nil {
		return nil, err
	}
	u, err := f.Uncertainty()
	if err != nil {
		return nil, err
	}
	return &Result{f, u, newFiles(f, u, command, sources)}, nil
}

// Print writes the residuals of the figures in standard errors, the parameters, and what the figures cannot tell, as Markdown.
func (r *Result) Print(w io.Writer) error {
	f, u := r.Fit, r.Uncertainty
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n\n", f.Words())
	if len(f.Losses) > 1 {
		fmt.Fprintf(&b, "losses of the searches: %.1f\n\n", f.Losses)
	}
	fmt.Fprintf(&b, "| figure | published | fitted | residual, s.e. |\n|---|---|---|---|\n")
	for i, m := range f.Problem.Moments {
		fmt.Fprintf(&b, "| %s | %.1f ± %.1f | %.1f | %+.1f |\n", m.Name, m.Value, m.SE, f.Means[i], (f.Means[i]-m.Value)/m.SE)
	}
	fmt.Fprintf(&b, "\n| parameter | value | standard error | without the figures |\n|---|---|---|---|\n")
	for i, k := range f.Problem.Knobs {
		par := k.At[0].Parameter
		v, held := par.Get(&f.Profiles[k.At[0].Profile]), par.Transform.Value(k.Mean)
		fmt.Fprintf(&b, "| %s | %.4g | %.2g | %.2g ± %.2g |\n", k.Name, v, u.SE(i)*par.Transform.Slope(v), held, k.SD*par.Transform.Slope(held))
	}
	if len(u.Blurred) > 0 {
		fmt.Fprintf(&b, "\nWhat the figures leave open (a singular value below 1 moves them by less than a standard error):\n\n")
		for _, blur := range u.Blurred {
			fmt.Fprintf(&b, "- %s (%.2f)\n", blur.Words, math.Abs(blur.Value))
		}
	}
	for i, m := range f.Problem.Moments {
		if z := (f.Means[i] - m.Value) / m.SE; math.Abs(z) >= far {
			fmt.Fprintf(&b, "\nThe model misses %s by %+.1f standard errors.\n", m.Name, z)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
