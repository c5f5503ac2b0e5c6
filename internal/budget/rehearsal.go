package budget

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// Rehearsal counts what an experiment would ask of its models, without asking them.
//
// Some of the debates are held with stand-ins for the models, arm by arm: the prompts are laid out as they would be sent, and each reply is as
// long as max_tokens allows, or [AssumedCompletion], so that what is heard grows from round to round as it would. What the
// stand-ins were asked is counted and scaled up to all debates. Completions that the models would share are counted once. Each stand-in
// states an answer, and no two say the same. The zero Rehearsal is ready to use, once.
type Rehearsal struct {
	mu     sync.Mutex
	models []*standIn
	arm    counts // of the arm that is held now
	all    counts // of all arms
}

// Terms say what a model costs and how fast it may be asked.
type Terms struct {
	Price                              *Price // nil when it is not known
	RequestsPerMinute, TokensPerMinute int    // 0 is no limit
}

// counts is what the models were asked. Asks that may share a completion are one.
type counts map[ask]call

// ask names a call like those that may share a completion with it.
type ask [sha256.Size]byte

// call is one call of a model.
type call struct {
	entry, scope string // the model's and the question's
	usage        debate.Usage
}

// standIn speaks for a model.
type standIn struct {
	entry, server string
	terms         Terms
	rehearsal     *Rehearsal
}

// Model returns a stand-in for the model of an entry. server tells apart those that are asked at different places or under different
// names; two entries of one server share completions.
func (r *Rehearsal) Model(entry, server string, terms Terms) agents.Model {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.all == nil {
		r.arm, r.all = counts{}, counts{}
	}
	m := &standIn{entry, server, terms, r}
	r.models = append(r.models, m)
	return m
}

// Name returns the name of the entry.
func (m *standIn) Name() string { return m.entry }

// Complete counts the request and replies with a text of the expected length. The same request has the same reply.
func (m *standIn) Complete(_ context.Context, req agents.Request) (agents.Completion, error) {
	body, err := json.Marshal(struct { // all of the request but how it is shown
		Server, System       string
		Messages             []agents.Message
		Sampling             agents.Sampling
		Scope                string
		Round, Sample, Again int
		Logprobs             bool
	}{m.server, req.System, req.Messages, req.Sampling, req.Scope, req.Round, req.Sample, req.Again, req.Logprobs})
	if err != nil {
		return agents.Completion{}, fmt.Errorf("rehearse model %q: %w", m.entry, err)
	}
	key := ask(sha256.Sum256(body))
	u := debate.Usage{Calls: 1, PromptTokens: req.PromptTokens(), CompletionTokens: cmp.Or(req.Sampling.MaxTokens, AssumedCompletion)}
	m.rehearsal.mu.Lock()
	m.rehearsal.arm.add(key, call{m.entry, req.Scope, u})
	m.rehearsal.all.add(key, call{m.entry, req.Scope, u})
	m.rehearsal.mu.Unlock()
	return agents.Completion{Text: speech(key, u.CompletionTokens), Finish: "stop", Usage: u}, nil
}

// add counts a call. One that two models would share is the first one's by name, whichever asked first.
func (c counts) add(key ask, made call) {
	if other, shared := c[key]; !shared || made.entry < other.entry {
		c[key] = made
	}
}

// speech writes a reply of so many tokens from which an answer can be read whatever the kind of question. It names its key, so that no two
// replies are alike.
func speech(key ask, tokens int) string {
	opening := "Stand-in " + hex.EncodeToString(key[:8]) + "."
	const ending = "\n\nThe answer is \\boxed{1}.\n\n(A)\n\nConfidence: 80%"
	const bytesPerToken = 4 // as agents.EstimateTokens has it
	filler := max(tokens*bytesPerToken-len(opening)-len(ending), 0)
	return opening + strings.Repeat(" so", filler/3+1)[:filler] + ending
}

// Estimate holds the experiment on at most so many of its questions, chosen by its seed, and returns what it would cost as a whole. stops
// names the arms whose debates may end before their last round: their protocols in x must hold every round.
func (r *Rehearsal) Estimate(ctx context.Context, x debate.Experiment, most int, stops []string) (*Estimate, error) {
	questions := len(x.Items)
	if most < questions {
		order := debate.NewRand(x.Seed, "rehearsal").Perm(questions)[:most]
		slices.Sort(order)
		chosen := make([]debate.Item, most)
		for i, at := range order {
			chosen[i] = x.Items[at]
		}
		x.Items = chosen
	}
	e := &Estimate{
		Questions: questions, Sampled: len(x.Items), Debates: questions * max(x.Repeats, 1) * len(x.Arms), AssumedCompletion: AssumedCompletion,
	}
	sample := sample{cases: questions * max(x.Repeats, 1), sampled: len(x.Items)}
	arms := x.Arms
	x.Repeats = 1
	for _, arm := range arms {
		x.Arms, r.arm = []debate.Arm{arm}, counts{} // no call is on its way here
		if err := x.Run(ctx, discard{&e.Failed}, nil); err != nil {
			return nil, err
		}
		early := slices.Contains(stops, arm.Name)
		for _, m := range r.models {
			if row := sample.row(m, r.arm, early); row.Calls > 0 {
				row.Arm = arm.Name
				e.Arms = append(e.Arms, row)
			}
		}
	}
	for _, m := range r.models {
		early := slices.ContainsFunc(e.Arms, func(row Row) bool { return row.Model == m.entry && row.AtMost })
		if row := sample.row(m, r.all, early); row.Calls > 0 {
			e.Models = append(e.Models, row)
		}
	}
	e.Total = total(e.Models)
	return e, nil
}

// discard is a debate.Store that keeps the error of the first debate that failed, if there is one.
type discard struct{ failed *string }

func (discard) Has(debate.Case) bool { return false }

func (d discard) Put(rec *debate.Record) error {
	if rec.Failed != "" && *d.failed == "" {
		*d.failed = rec.Case.String() + ": " + rec.Failed
	}
	return nil
}
