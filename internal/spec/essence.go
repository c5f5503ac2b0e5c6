package spec

import "maps"

// Essence returns a copy of the spec without what only says how fast, how patiently and at what price it is run: the number of workers, and
// each model's limits and price, and without what profiles of simulated agents say beside their parameters. Its paths do not depend on a folder. Two runs whose essence is the same text are runs of one
// experiment, and one of them can be gone on with in place of the other.
func (s *Spec) Essence() *Spec {
	c := s.Sealed()
	c.Workers = 0
	c.Models = maps.Clone(s.Models)
	for name, m := range c.Models {
		m.RequestsPerMinute, m.TokensPerMinute, m.MaxConnections, m.MaxRetries = 0, 0, 0, nil
		m.AttemptTimeout, m.Timeout, m.Price = 0, 0, nil
		c.Models[name] = m
	}
	for name, f := range c.Profiles {
		c.Profiles[name] = bare(f)
	}
	return c
}
