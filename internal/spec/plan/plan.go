// Package plan turns an experiment file into an experiment that can be run: it reads data sets and recordings, opens models, and
// makes teams, protocols and judges.
package plan

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/human"
	"cheaptalk/agents/models"
	"cheaptalk/agents/pace"
	"cheaptalk/agents/recorded"
	"cheaptalk/datasets"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
)

// Plan is an experiment that is ready to run.
type Plan struct {
	Experiment debate.Experiment
	Simulated  bool // every agent is simulated
	// Share holds the completions that arms share. A resumed run puts the stored ones into it first.
	Share *models.Share
	// Notes are things that a reader of the results must know: rows of a recording that were left out, for example.
	Notes []string
}

// Debates returns the number of debates of the plan.
func (p *Plan) Debates() int {
	return len(p.Experiment.Items) * max(p.Experiment.Repeats, 1) * len(p.Experiment.Arms)
}

// RealWorkers is the number of debates at the same time when real models are asked and the spec names none.
const RealWorkers = 4

// Means is what a plan takes from where it is made. It says how models are reached, never what they are asked.
type Means struct {
	Getenv func(string) string // reads the environment variables of the keys
	Stream bool                // completions are streamed to Turn.Say
	// Transport carries the requests of all models; nil makes one by models.NewTransport.
	Transport http.RoundTripper
	// Person is where the person at the keyboard is asked; nil is nobody, and an error for a team that has one.
	Person *human.Desk
	// Cache keeps completions beyond the run; nil is none. Trouble, when it is not nil, is told the first error of putting one into it.
	// It is called from any goroutine.
	Cache   models.Cache
	Trouble func(error)
	// Wrap, when it is not nil, is put around each opened model, outside its limits and retries: to count or to trace its calls. entry is its name
	// in the spec.
	Wrap func(entry string, m spec.Model, inner agents.Model) agents.Model
	// Retried, when it is not nil, is told of each attempt of a model that failed and is made again. See pace.Model.Observe.
	Retried func(ctx context.Context, entry string, req agents.Request, attempt int, err error, wait time.Duration)
}

// share returns an empty share on the cache.
func (m Means) share() *models.Share { return &models.Share{Cache: m.Cache, Trouble: m.Trouble} }

// Of checks the spec, reads its data sets and recordings, and opens its models; it asks none of them anything.
func Of(s *spec.Spec, means Means) (*Plan, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	return build(s, means, (*builder).readItems)
}

// ForItems is Of with these items instead of the data sets, of which the spec may then have none.
func ForItems(s *spec.Spec, items []debate.Item, means Means) (*Plan, error) {
	if err := s.CheckAsked(); err != nil {
		return nil, err
	}
	return build(s, means, func(b *builder) error {
		b.items = items
		return nil
	})
}

func build(s *spec.Spec, means Means, readItems func(*builder) error) (*Plan, error) {
	b := &builder{spec: s, means: means, share: means.share(), recordings: map[string]*recorded.Recording{}}
	if err := b.openModels(s.Asked()); err != nil {
		return nil, err
	}
	if err := readItems(b); err != nil {
		return nil, err
	}
	p := &Plan{Share: b.share, Notes: b.notes, Experiment: debate.Experiment{
		Name: s.Name, Items: b.items, Repeats: max(s.Repeats, s.Epochs, 1), Workers: s.Workers, Seed: s.Seed,
	}}
	if len(b.models) > 0 && s.Workers == 0 {
		p.Experiment.Workers = RealWorkers
	}
	if s.Human() {
		p.Experiment.Workers = 1
	}
	for i, a := range s.Arms {
		arm, err := b.arm(a, i)
		if err != nil {
			return nil, err
		}
		p.Experiment.Arms = append(p.Experiment.Arms, arm)
	}
	p.Notes = append(p.Notes, b.fixedSeeds(p.Experiment.Repeats)...)
	all, err := allSimulated(s)
	p.Simulated = all
	return p, err
}

// builder holds what the parts of an experiment have in common.
type builder struct {
	spec       *spec.Spec
	means      Means
	share      *models.Share
	models     map[string]client
	recordings map[string]*recorded.Recording // by the set in their items' IDs
	shots      []datasets.Shots
	items      []debate.Item
	named      map[string]int // the index of the data set that each item is from, by ID and draw
	notes      []string
	twice      map[string]bool // client.asks of those that more than one agent of some team asks
}

// fixedSeeds returns a note about each model whose seed makes agents, or repeats of a debate, one and the same.
func (b *builder) fixedSeeds(repeats int) (notes []string) {
	for _, name := range slices.Sorted(maps.Keys(b.models)) {
		c := b.models[name]
		if c.sampling.Seed != nil && (repeats > 1 || b.twice[c.asks]) {
			notes = append(notes, fmt.Sprintf("model %q is always sent the seed %d: on a server that keeps to it, agents that share it give the same first reply, and so do repeats",
				name, *c.sampling.Seed))
		}
	}
	return notes
}

// allSimulated reports whether no agent of an arm and no judge is anything but simulated.
func allSimulated(s *spec.Spec) (bool, error) {
	for i, a := range s.Arms {
		members, err := s.TeamOf(a, i)
		if err != nil {
			return false, err
		}
		if slices.ContainsFunc(members, func(m spec.Member) bool { return !m.Simulated() }) {
			return false, nil
		}
	}
	return !slices.ContainsFunc(s.Judges, func(j spec.Judge) bool { return j.Agent != "" && j.Agent != spec.SimAggregator }), nil
}

// SomeSimulated reports whether some agent of an arm is simulated: what is shown of the run says so.
func (p *Plan) SomeSimulated() bool {
	return slices.ContainsFunc(p.Experiment.Arms, func(a debate.Arm) bool { return a.Simulated })
}

// openModels opens the models of these names, on one transport a server. Those that nobody asks stay closed: their keys need not be there.
func (b *builder) openModels(names []string) error {
	b.models = map[string]client{}
	transport := b.means.Transport
	if transport == nil {
		transport = models.NewTransport()
	}
	for _, name := range names {
		c, err := b.open(name, b.spec.Models[name], transport)
		if err != nil {
			return err
		}
		b.models[name] = c
	}
	return nil
}

func (b *builder) open(name string, m spec.Model, transport http.RoundTripper) (client, error) {
	at := func(what, fix string, field ...any) error {
		return b.spec.At(what, fix, append([]any{"models", name}, field...)...)
	}
	var key string
	if variable := m.KeyVariable(); variable != "" {
		if key = b.means.Getenv(variable); key == "" {
			return client{}, at(fmt.Sprintf("model %q: no key", name), fmt.Sprintf("set %s, or run it simulated: --team %sgpt-4o-mini", variable, spec.SimPrefix), "key")
		}
	}
	sampling := samplingOf(m)
	logprobs := slices.Contains(b.spec.ConfidenceSources(), agents.Logprob) && slices.Contains(b.spec.TeamModels(), name)
	api := models.API(cmp.Or(m.API, string(models.OpenAI)))
	if err := api.Check(sampling, logprobs); err != nil {
		return client{}, at(fmt.Sprintf("model %q: %v", name, err), "")
	}
	opened, err := models.Open(models.Config{Name: cmp.Or(m.Model, name), API: api, URL: m.URL, Key: key, Transport: transport, Share: b.share})
	if err != nil {
		return client{}, at(err.Error(), "a key is named by  key: ${VARIABLE}, a server of your own by  url: http://host:port/v1")
	}
	paced, err := pace.New(opened, m.Limits())
	if err != nil {
		return client{}, at(fmt.Sprintf("model %q: %v", name, err), "")
	}
	if retried := b.means.Retried; retried != nil {
		paced.Observe = func(ctx context.Context, req agents.Request, attempt int, err error, wait time.Duration) {
			retried(ctx, name, req, attempt, err, wait)
		}
	}
	var model agents.Model = paced
	if b.means.Wrap != nil {
		model = b.means.Wrap(name, m, paced)
	}
	how, err := json.Marshal(sampling)
	if err != nil {
		return client{}, at(fmt.Sprintf("model %q: %v", name, err), "")
	}
	return client{model: model, sampling: sampling, asks: fmt.Sprintf("%s %s %s %s", api, api.Base(m.URL), opened.Name(), how)}, nil
}

// arm makes one arm.
func (b *builder) arm(a spec.Arm, i int) (debate.Arm, error) {
	members, err := b.spec.TeamOf(a, i)
	if err != nil {
		return debate.Arm{}, err
	}
	arm := debate.Arm{Name: a.Label(), Protocol: b.protocol(a)}
	arm.Simulated = slices.ContainsFunc(members, spec.Member.Simulated)
	if a.OnFailure == "abstain" {
		arm.OnFailure = debate.Abstain
	}
	if slices.ContainsFunc(members, spec.Member.Recorded) {
		arm.Team = b.recordedTeam(members)
	} else if arm.Team, err = b.team(a, members); err != nil {
		return debate.Arm{}, err
	}
	arm.Judges, err = b.judges(a)
	return arm, err
}
