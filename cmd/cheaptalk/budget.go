package main

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"cheaptalk/agents"
	"cheaptalk/internal/budget"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
)

// budgetFlags are the flags of what a run costs and may cost.
type budgetFlags struct {
	DryRun     bool              `group:"budget" help:"Print what the run would cost, by model and arm, and ask nobody."`
	Price      map[string]string `group:"budget" mapsep:"," placeholder:"NAME=IN/OUT" help:"Dollars a million tokens of a model's prompts and replies; NAME=IN/CACHED/OUT where cached prompts cost less. NAME is what stands before @ in --team."`
	CostLimit  *float64          `group:"budget" placeholder:"DOLLARS" help:"Stop, resumably, before more is spent."`
	TokenLimit *int              `group:"budget" placeholder:"N" help:"Stop, resumably, before more tokens are used, of prompts and replies."`
	TimeLimit  *time.Duration    `group:"budget" placeholder:"2h" help:"Stop, resumably, and ask nothing more after so long."`
}

// prices sets the prices that the flags name on the models of a spec.
func (f *budgetFlags) prices(s *spec.Spec) error {
	for _, name := range slices.Sorted(maps.Keys(f.Price)) {
		m, ok := s.Models[name]
		if !ok {
			return fmt.Errorf("--price: there is no model %q\n  there are: %s", name, names(slices.Sorted(maps.Keys(s.Models))))
		}
		p, err := budget.ParsePrice(f.Price[name])
		if err != nil {
			return fmt.Errorf("--price %s=%s: %w\n  give for example  --price %s=0.15/0.60", name, f.Price[name], err, name)
		}
		m.Price = &spec.Price{Input: &p.Input, CachedInput: &p.CachedInput, Output: &p.Output}
		s.Models[name] = m
	}
	return nil
}

// ledger returns a ledger of the limits that the flags name. Its time begins now.
func (f *budgetFlags) ledger(s *spec.Spec) (*budget.Ledger, error) {
	var l budget.Limits
	switch {
	case f.CostLimit != nil && !(*f.CostLimit > 0):
		return nil, errors.New("--cost-limit: give more than 0 dollars, or leave it out")
	case f.TokenLimit != nil && *f.TokenLimit <= 0:
		return nil, errors.New("--token-limit: give more than 0 tokens, or leave it out")
	case f.TimeLimit != nil && *f.TimeLimit <= 0:
		return nil, errors.New("--time-limit: give more than 0, for example 30m, or leave it out")
	}
	if f.CostLimit != nil {
		l.Cost = *f.CostLimit
		unpriced := slices.DeleteFunc(s.Asked(), func(name string) bool { return s.Models[name].Price != nil })
		if len(unpriced) > 0 {
			return nil, fmt.Errorf("--cost-limit: no price is known of %s\n  give  price: {input: DOLLARS, output: DOLLARS}  under models, or  --price %s=IN/OUT, in dollars a million tokens",
				names(unpriced), unpriced[0])
		}
	}
	if f.TokenLimit != nil {
		l.Tokens = *f.TokenLimit
	}
	if f.TimeLimit != nil {
		l.Time = *f.TimeLimit
	}
	return budget.NewLedger(l), nil
}

// counted returns the means with a ledger around each model, outside of what is there already.
func counted(means plan.Means, l *budget.Ledger) plan.Means {
	inner := means.Wrap
	means.Wrap = func(entry string, m spec.Model, model agents.Model) agents.Model {
		if inner != nil {
			model = inner(entry, m, model)
		}
		return l.Model(entry, priceOf(m), model)
	}
	return means
}

// priceOf returns the price of a model, nil when the spec does not say.
func priceOf(m spec.Model) *budget.Price {
	if m.Price == nil {
		return nil
	}
	p := budget.Price{Input: *m.Price.Input, CachedInput: *m.Price.Input, Output: *m.Price.Output}
	if m.Price.CachedInput != nil {
		p.CachedInput = *m.Price.CachedInput
	}
	return &p
}

// spent writes what was paid, a line a model that was asked, and one for all when there are several; nothing when none of them has a price.
func spent(w io.Writer, l *budget.Ledger) {
	asked := slices.DeleteFunc(l.Accounts(), func(a budget.Account) bool { return a.Usage.Calls+a.Shared+a.Cached == 0 })
	if !slices.ContainsFunc(asked, func(a budget.Account) bool { return a.Priced }) {
		return
	}
	var unpriced []string
	for _, a := range asked {
		if !a.Priced {
			unpriced = append(unpriced, clean(a.Entry))
		}
		fmt.Fprintln(w, fitted(w, fmt.Sprintf("%s: %s", clean(a.Entry), a)))
	}
	if len(asked) < 2 {
		return
	}
	without := ""
	if len(unpriced) > 0 {
		without = " · without the price of " + names(unpriced)
	}
	fmt.Fprintln(w, fitted(w, fmt.Sprintf("all: %s%s", l.Total(), without)))
}

// names joins names, and says so when there are none.
func names(list []string) string {
	if len(list) == 0 {
		return "none"
	}
	return strings.Join(list, ", ")
}
