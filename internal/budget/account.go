package budget

import (
	"fmt"

	"cheaptalk/debate"
)

// Account is what one model used, or all of them.
type Account struct {
	Entry   string       // the model's name in the experiment; "" for all
	Priced  bool         // it has a price; for all, some model has one
	Usage   debate.Usage // of the calls that were bought
	Dollars float64      // what they cost, without those of models without a price
	Shared  int          // completions that another call of this run had bought
	Cached  int          // completions that an earlier run, or this one before it was resumed, had bought
}

// Accounts returns a copy of each model's account, in the order in which the models were opened.
func (l *Ledger) Accounts() []Account {
	l.mu.Lock()
	defer l.mu.Unlock()
	accounts := make([]Account, len(l.accounts))
	for i, a := range l.accounts {
		accounts[i] = Account{Entry: a.entry, Priced: a.price != nil, Usage: a.spent, Dollars: a.dollars(a.spent), Shared: a.shared, Cached: a.cached}
	}
	return accounts
}

// Total returns the sum of all accounts.
func (l *Ledger) Total() Account {
	var sum Account
	for _, a := range l.Accounts() {
		sum.Priced = sum.Priced || a.Priced
		sum.Usage = sum.Usage.Add(a.Usage)
		sum.Dollars += a.Dollars
		sum.Shared += a.Shared
		sum.Cached += a.Cached
	}
	return sum
}

// Cost writes the dollars, "$0.0412", with "~" before them when some tokens are estimated; "" without a price.
func (a Account) Cost() string {
	switch {
	case !a.Priced:
		return ""
	case a.Usage.Estimated > 0:
		return "~" + Dollars(a.Dollars)
	}
	return Dollars(a.Dollars)
}

// String writes "spent $0.0412 · 480 calls · 96 shared · 12 from the cache", and "no price · 480 calls ..." where there is none.
func (a Account) String() string {
	s := "no price ·"
	if a.Priced {
		s = "spent " + a.Cost() + " ·"
	}
	s += fmt.Sprintf(" %s · %d shared · %d from the cache", calls(a.Usage.Calls), a.Shared, a.Cached)
	if a.Usage.Estimated > 0 {
		s += fmt.Sprintf(" · tokens of %s estimated", calls(a.Usage.Estimated))
	}
	return s
}

func calls(n int) string {
	if n == 1 {
		return "1 call"
	}
	return fmt.Sprintf("%d calls", n)
}

// LimitError says that a call was not made because it would have passed a limit. It wraps debate.ErrStopped: the run ends, resumably.
type LimitError struct {
	What  string // "cost", "token" or "time"; the flag is --WHAT-limit
	Limit string // as written for people, like the following
	Spent string
	Next  string // what the call was expected to use; "" for time
}

// Error says which limit it is, what was spent and what raises it.
func (e *LimitError) Error() string {
	s := fmt.Sprintf("the %s limit of %s is reached: %s spent", e.What, e.Limit, e.Spent)
	if e.Next != "" {
		s += fmt.Sprintf(", and the next call may use %s", e.Next)
	}
	return s + fmt.Sprintf(" (raise --%s-limit; a resumed run counts from 0)", e.What)
}

// Unwrap returns debate.ErrStopped.
func (*LimitError) Unwrap() error { return debate.ErrStopped }
