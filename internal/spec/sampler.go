package spec

import _ "embed"

//go:embed sampler.yaml
var sampler []byte

// Sampler returns the experiment that is run where none is asked for: the embedded questions, simulated agents, every protocol.
func Sampler() (*Spec, error) {
	return Parse("", sampler)
}

// ArmNames returns the names of the arms in their order, as records have them.
func (s *Spec) ArmNames() []string {
	names := make([]string, len(s.Arms))
	for i, a := range s.Arms {
		names[i] = a.Label()
	}
	return names
}
