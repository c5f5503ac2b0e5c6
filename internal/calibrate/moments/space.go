package moments

import (
	"cheaptalk/agents/simulated"
)

// Knob is one number that a fit moves: a parameter of a profile, or one that several share.
type Knob struct {
	Name string // for people: "mistral-7b own_weight", "pull on choices"
	At   []Place
	// Mean and SD say what is held of it beforehand, on the unconstrained scale of its parameter. Start is where the first search begins.
	Mean, SD, Start float64
}

// Place is a parameter of one of the profiles.
type Place struct {
	Profile   int
	Parameter simulated.Parameter
}

// Space is what a fit moves in: profiles and the knobs on them. Add and Places build it.
type Space struct {
	Base  []simulated.Profile
	Knobs []Knob
	// Finish sets what follows from the knobs; nil for nothing.
	Finish func(p *simulated.Profile)
	err    error // of the first knob that could not be added
}

// Profiles returns the profiles at x, one number a knob on its unconstrained scale.
func (s *Space) Profiles(x []float64) []simulated.Profile {
	ps := make([]simulated.Profile, len(s.Base))
	for i, p := range s.Base {
		ps[i] = p.Clone()
	}
	for i, k := range s.Knobs {
		for _, at := range k.At {
			at.Parameter.Set(&ps[at.Profile], at.Parameter.Transform.Value(x[i]))
		}
	}
	if s.Finish != nil {
		for i := range ps {
			s.Finish(&ps[i])
		}
	}
	return ps
}

// Point is the inverse of Profiles: where the knobs stand in these profiles.
func (s *Space) Point(ps []simulated.Profile) []float64 {
	x := make([]float64, len(s.Knobs))
	for i, k := range s.Knobs {
		at := k.At[0]
		x[i] = at.Parameter.Transform.Free(at.Parameter.Get(&ps[at.Profile]))
	}
	return x
}

// Add adds a knob.
func (s *Space) Add(name string, mean, sd float64, at ...Place) {
	s.Knobs = append(s.Knobs, Knob{name, at, mean, sd, mean})
}

// Places returns where a parameter of a profile is: of abilities, on each of the tasks.
func (s *Space) Places(profile int, parameter string, tasks ...string) (at []Place) {
	names := []string{parameter}
	if len(tasks) > 0 {
		names = names[:0]
		for _, task := range tasks {
			names = append(names, task+"."+parameter)
		}
	}
	for _, name := range names {
		par, err := simulated.Lookup(name)
		if err != nil {
			s.err = err // a name in this package is wrong
		}
		at = append(at, Place{profile, par})
	}
	return at
}

// Err returns why a knob could not be added.
func (s *Space) Err() error { return s.err }
