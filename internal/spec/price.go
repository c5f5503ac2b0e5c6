package spec

import (
	"fmt"
	"maps"
	"math"
	"slices"
)

// checkPrice checks the price of a model, which may be nil.
func (s *Spec) checkPrice(model string, p *Price) error {
	if p == nil {
		return nil
	}
	at := func(what, fix string, field ...any) error {
		return s.At(fmt.Sprintf("model %s: %s", model, what), fix, append([]any{"models", model, "price"}, field...)...)
	}
	for _, f := range []struct {
		field string
		rate  *float64
	}{{"input", p.Input}, {"cached_input", p.CachedInput}, {"output", p.Output}} {
		switch {
		case f.rate == nil && f.field == "cached_input":
		case f.rate == nil:
			return at(fmt.Sprintf("its price has no %s", f.field), "give for example  price: {input: 0.15, output: 0.60}  in dollars a million tokens, 0 for what costs nothing")
		case !(*f.rate >= 0) || math.IsInf(*f.rate, 1):
			return at(fmt.Sprintf("%s: %v is no price", f.field, *f.rate), "give dollars a million tokens, from 0 up", f.field)
		}
	}
	return nil
}

// Asked returns the names of the models that speak in some arm, as an agent or for a judge, in alphabetical order.
func (s *Spec) Asked() []string {
	asked := map[string]bool{}
	for i, a := range s.Arms {
		team, err := s.TeamOf(a, i)
		if err != nil {
			continue // Check says so
		}
		for _, m := range team {
			asked[m.Agent] = true
		}
	}
	for _, j := range s.Judges {
		asked[j.Agent] = true
	}
	maps.DeleteFunc(asked, func(name string, _ bool) bool {
		_, model := s.Models[name]
		return !model
	})
	return slices.Sorted(maps.Keys(asked))
}
