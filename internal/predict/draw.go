package predict

import (
	"fmt"
	"math"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/debate"
)

// roundingShare is how far below 0 an eigenvalue of a covariance may be, as a share of the greatest one: entries in files are rounded to three digits.
const roundingShare = 0.01

// sampler draws the parameters of one profile.
type sampler struct {
	file       *profiles.File
	name       string                // that its chance is drawn under: the model, so that when a profile was made and from what run says nothing
	parameters []simulated.Parameter // those that vary
	at         []float64             // their unconstrained values in the file
	root       *mat.Dense            // a matrix L with L Lᵀ = Σ
}

// samplers prepares the draws of all profiles of a world. Two profiles of one model are drawn independently.
func (w *World) samplers() ([]*sampler, error) {
	list := make([]*sampler, len(w.Agents))
	seen := map[string]int{}
	for i := range w.Agents {
		s, err := newSampler(w.Agents[i].File)
		if err != nil {
			return nil, err
		}
		if seen[s.name]++; seen[s.name] > 1 {
			s.name = fmt.Sprintf("%s#%d", s.name, seen[s.name])
		}
		list[i] = s
	}
	return list, nil
}

// newSampler prepares the draws of a profile. It fails on a matrix that is no covariance.
func newSampler(f *profiles.File) (*sampler, error) {
	s := &sampler{file: f, name: f.Profile.Model()}
	n := len(f.Covariance.Of)
	if n == 0 {
		return s, nil
	}
	sigma := mat.NewSymDense(n, nil)
	for i, name := range f.Covariance.Of {
		par, err := simulated.Lookup(name)
		if err != nil {
			return nil, fmt.Errorf("profile %s: covariance: %w", f.Profile.Name, err)
		}
		s.parameters = append(s.parameters, par)
		s.at = append(s.at, par.Transform.Free(par.Get(&f.Profile)))
		for j := range i + 1 {
			sigma.SetSym(i, j, (f.Covariance.Rows[i][j]+f.Covariance.Rows[j][i])/2)
		}
	}
	var eigen mat.EigenSym
	if !eigen.Factorize(sigma, true) {
		return nil, fmt.Errorf("profile %s: its covariance has no eigenvalues", f.Profile.Name)
	}
	values := eigen.Values(nil) // ascending
	if least := -roundingShare * values[n-1]; values[0] < least {
		return nil, fmt.Errorf("profile %s: its covariance is none: it has the eigenvalue %.3g; fit the profile again", f.Profile.Name, values[0])
	}
	s.root = mat.NewDense(n, n, nil)
	eigen.VectorsTo(s.root)
	s.root.Apply(func(_, j int, v float64) float64 { return v * math.Sqrt(max(values[j], 0)) }, s.root)
	return s, nil
}

// draw returns the profile with the parameters of the i-th draw under a seed; draw 0 is the profile as it is. A parameter at an end of its range, which
// is infinitely far out on the unconstrained scale, stays there.
func (s *sampler) draw(seed uint64, i int) simulated.Profile {
	p := s.file.Profile.Clone()
	if i == 0 || s.root == nil {
		return p
	}
	r := debate.NewRand(seed, "parameters", s.name, strconv.Itoa(i))
	z := mat.NewVecDense(len(s.at), nil)
	for k := range s.at {
		z.SetVec(k, r.NormFloat64())
	}
	var move mat.VecDense
	move.MulVec(s.root, z)
	for k, par := range s.parameters {
		par.Set(&p, par.Transform.Value(s.at[k]+move.AtVec(k)))
	}
	readable := 1 - p.Unreadable // an unreadable reply is not right
	for set, a := range p.Abilities {
		a.Accuracy = min(a.Accuracy, readable)
		p.Abilities[set] = a
	}
	p.Choice.Accuracy, p.Number.Accuracy = min(p.Choice.Accuracy, readable), min(p.Number.Accuracy, readable)
	return p
}
