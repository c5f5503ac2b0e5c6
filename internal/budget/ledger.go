package budget

import (
	"context"
	"fmt"
	"sync"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// Limits is what may be spent. 0 is no limit, in each field.
type Limits struct {
	Cost   float64       // dollars; models without a price cost nothing, so that a limit needs a price for each
	Tokens int           // of prompts and completions together, cached ones included
	Time   time.Duration // after which no call begins
}

// Ledger counts what is bought and keeps it within limits. It is safe for concurrent use.
//
// Before a call the most that it is expected to use is reserved: its prompt, and max_tokens or else the mean completion of its model
// so far. When that and what is spent would pass a limit the call is refused, with a [LimitError]. When they would pass it only together with
// what is reserved for calls in flight, the call waits for one of these to end and looks again: what they use may be less.
// After the call the usage replaces the reservation.
//
// So the limits on cost and tokens are passed by no more than the calls in flight use beyond their reservations. That is nothing where
// max_tokens is set and a token has four bytes or more. A call that fails counts nothing, though a server may charge for one
// that it worked on until it was given up.
type Ledger struct {
	limits Limits
	start  time.Time

	mu       sync.Mutex
	accounts []*account    // in the order in which they were opened
	ended    chan struct{} // closed, and replaced, when a reservation ends
}

// account is what one model used.
type account struct {
	entry           string
	price           *Price
	spent, reserved debate.Usage
	shared, cached  int
}

// NewLedger returns a ledger within limits, whose time begins now.
func NewLedger(l Limits) *Ledger {
	return &Ledger{limits: l, start: time.Now(), ended: make(chan struct{})}
}

// Model returns the model with its calls in the ledger, under the name of its entry. A nil price counts tokens alone.
// A further model of the same entry is in the same account, at its price.
func (l *Ledger) Model(entry string, price *Price, inner agents.Model) agents.Model {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, a := range l.accounts {
		if a.entry == entry {
			return &model{inner, l, a}
		}
	}
	a := &account{entry: entry, price: price}
	l.accounts = append(l.accounts, a)
	return &model{inner, l, a}
}

// model is a model whose calls are in a ledger.
type model struct {
	agents.Model
	ledger  *Ledger
	account *account
}

// Complete asks the model if the limits allow it. Its error is a [LimitError] if they do not.
func (m *model) Complete(ctx context.Context, req agents.Request) (c agents.Completion, err error) {
	reserved, err := m.ledger.reserve(ctx, m.account, req)
	if err != nil {
		return agents.Completion{}, fmt.Errorf("model %q: %w", m.Name(), err)
	}
	ok := false
	defer func() { // also after a panic of the model
		m.ledger.settle(m.account, reserved, req, c, ok)
	}()
	c, err = m.Model.Complete(ctx, req)
	ok = err == nil
	return c, err
}

// reserve returns what was reserved for a call, once the limits allow it.
func (l *Ledger) reserve(ctx context.Context, a *account, req agents.Request) (debate.Usage, error) {
	for {
		l.mu.Lock()
		need := a.expect(req)
		room, err := l.room(a, need)
		if room {
			a.reserved = a.reserved.Add(need)
		}
		ended := l.ended
		l.mu.Unlock()
		if err != nil || room {
			return need, err
		}
		select {
		case <-ended:
		case <-ctx.Done():
			return debate.Usage{}, ctx.Err()
		}
	}
}

// expect returns the most that a call is expected to use.
func (a *account) expect(req agents.Request) debate.Usage {
	completion := req.Sampling.MaxTokens
	switch {
	case completion > 0:
	case a.spent.Calls > 0:
		completion = (a.spent.CompletionTokens + a.spent.Calls - 1) / a.spent.Calls
	default:
		completion = AssumedCompletion
	}
	return debate.Usage{Calls: 1, PromptTokens: req.PromptTokens(), CompletionTokens: completion}
}

// room reports whether a call of that usage may be made now. An error says that it may not be made later either. The lock is held.
func (l *Ledger) room(a *account, need debate.Usage) (bool, error) {
	if spent := time.Since(l.start); l.limits.Time > 0 && spent >= l.limits.Time {
		return false, &LimitError{What: "time", Limit: l.limits.Time.String(), Spent: roughly(spent).String()}
	}
	var spent, reserved debate.Usage
	var paid, promised float64
	for _, a := range l.accounts {
		spent, reserved = spent.Add(a.spent), reserved.Add(a.reserved)
		paid, promised = paid+a.dollars(a.spent), promised+a.dollars(a.reserved)
	}
	room := true
	if limit := l.limits.Tokens; limit > 0 {
		next := tokens(need)
		if tokens(spent)+next > limit {
			return false, &LimitError{What: "token", Limit: fmt.Sprint(limit), Spent: fmt.Sprint(tokens(spent)), Next: fmt.Sprint(next)}
		}
		room = tokens(spent)+tokens(reserved)+next <= limit
	}
	if limit := l.limits.Cost; limit > 0 {
		next := a.dollars(need)
		if paid+next > limit {
			return false, &LimitError{What: "cost", Limit: Dollars(limit), Spent: Dollars(paid), Next: Dollars(next)}
		}
		room = room && paid+promised+next <= limit
	}
	return room, nil
}

// settle ends a reservation: a completion that was bought takes its place, one that was not, or none, takes nothing.
func (l *Ledger) settle(a *account, reserved debate.Usage, req agents.Request, c agents.Completion, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	a.reserved = minus(a.reserved, reserved)
	switch {
	case !ok:
	case c.Exchange.Shared:
		a.shared++
	case c.Exchange.Cached:
		a.cached++
	default:
		a.spent = a.spent.Add(usageOf(req, c))
	}
	close(l.ended)
	l.ended = make(chan struct{})
}

// dollars returns what a usage costs, 0 without a price.
func (a *account) dollars(u debate.Usage) float64 {
	if a.price == nil {
		return 0
	}
	return a.price.Of(u)
}

// tokens returns the tokens of prompts and completions together.
func tokens(u debate.Usage) int { return u.PromptTokens + u.CompletionTokens }

// minus takes a reservation out of a sum of reservations.
func minus(sum, u debate.Usage) debate.Usage {
	sum.Calls -= u.Calls
	sum.PromptTokens -= u.PromptTokens
	sum.CompletionTokens -= u.CompletionTokens
	return sum
}

// roughly rounds a time to whole seconds, or to whole thousandths of what is shorter than one: never to nothing.
func roughly(d time.Duration) time.Duration {
	unit := time.Second
	for unit > d && unit > 1 {
		unit /= 1000
	}
	return d.Round(unit)
}
