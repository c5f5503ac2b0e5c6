// Package failures sorts what went wrong in a run by its kind, with one example each and what to do about it.
//
// A failure is a debate that ended with an error, a judge that could not decide, or a turn that an agent was left out of. It is neither right nor
// wrong. Kinds are those of [debate.FailureKind]; records that name none are of the kind "other".
package failures

import (
	"cmp"
	"slices"

	"cheaptalk/debate"
)

// Kind is all failures of one kind.
type Kind struct {
	Kind     string `json:"kind"`
	Debates  int    `json:"debates,omitempty"`  // that it ended
	Verdicts int    `json:"verdicts,omitempty"` // that a judge could not give
	Turns    int    `json:"turns,omitempty"`    // that an agent was left out of, in debates that went on
	// Case and Message are the example: of the debates, verdicts and turns the first of the first case, in the order of the items' IDs.
	Case    debate.Case `json:"case"`
	Message string      `json:"message"`
	Fix     string      `json:"fix"`
}

// Count returns how many failures there are.
func (k *Kind) Count() int { return k.Debates + k.Verdicts + k.Turns }

// Tally sorts the failures of records, which may come in any order. The zero Tally is empty. It keeps one text a kind.
type Tally struct {
	kinds map[string]*Kind
}

// Add counts the failures of a record. A debate that failed is one failure, whatever failed turns led to it.
func (t *Tally) Add(rec *debate.Record) {
	if rec.Failed != "" {
		t.kind(rec, rec.FailureKind, rec.Failed).Debates++
		return
	}
	for _, v := range rec.Verdicts {
		if v.Failed != "" {
			t.kind(rec, v.FailureKind, v.Judge+": "+v.Failed).Verdicts++
		}
	}
	if rec.Transcript == nil {
		return
	}
	for i := range rec.Transcript.Messages {
		if m := &rec.Transcript.Messages[i]; m.Failed != "" {
			t.kind(rec, m.FailureKind, m.From+": "+m.Failed).Turns++
		}
	}
}

// kind returns the kind of that name, with this example if it is the first so far.
func (t *Tally) kind(rec *debate.Record, name, message string) *Kind {
	name = cmp.Or(name, other)
	k := t.kinds[name]
	if k == nil {
		if t.kinds == nil {
			t.kinds = map[string]*Kind{}
		}
		k = &Kind{Kind: name, Fix: Fix(name)}
		t.kinds[name] = k
	}
	if k.Message == "" || compare(rec.Case, k.Case) < 0 {
		k.Case, k.Message = rec.Case, message
	}
	return k
}

func compare(a, b debate.Case) int {
	return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Draw, b.Draw), cmp.Compare(a.Repeat, b.Repeat), cmp.Compare(a.Arm, b.Arm))
}

// Kinds returns the kinds that there are, the most frequent first, equals by name.
func (t *Tally) Kinds() []Kind {
	var kinds []Kind
	for _, k := range t.kinds {
		kinds = append(kinds, *k)
	}
	slices.SortFunc(kinds, func(a, b Kind) int {
		return cmp.Or(cmp.Compare(b.Count(), a.Count()), cmp.Compare(a.Kind, b.Kind))
	})
	return kinds
}

// other is the kind of failures that name none.
const other = "other"

// fixes says what to do about the kinds that there are.
var fixes = map[string]string{
	"rate limit":      "ask more slowly: a lower max_connections or requests_per_minute",
	"timeout":         "raise attempt_timeout or timeout, or ask fewer at a time with workers",
	"unreachable":     "see that the server runs at this URL",
	"no completion":   "check the URL: something else than a model answered (many end in /v1)",
	"server error":    "look into the server's log",
	"overloaded":      "ask later, or fewer at a time: a lower max_connections",
	"moved":           "check the URL",
	"key refused":     "check the key",
	"no credit":       "check the account's credit",
	"not found":       "check the model's name and the URL",
	"prompt too long": "let context: drop-oldest leave out what was heard longest ago, use a shorter memory, or give the server a longer context",
	"reply too long":  "set max_tokens: something answers without an end",
	"refused":         "check the parameters of the model against what the server takes",
}

// Fix says what to do about failures of a kind.
func Fix(kind string) string {
	if fix, ok := fixes[kind]; ok {
		return fix
	}
	return "read the message"
}
