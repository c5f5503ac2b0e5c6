package debate

import "fmt"

// Rule says which of the two readings of a reply counts as its answer.
type Rule uint8

const (
	// Flexible reads what a careful human would read. It is the zero Rule.
	Flexible Rule = iota
	// Strict reads only the form that the prompts ask for.
	Strict
)

// String returns "flexible" or "strict".
func (r Rule) String() string {
	switch r {
	case Flexible:
		return "flexible"
	case Strict:
		return "strict"
	}
	return fmt.Sprintf("rule(%d)", uint8(r))
}

// MarshalText writes the rule's name.
func (r Rule) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads "flexible" or "strict".
func (r *Rule) UnmarshalText(b []byte) error {
	for _, rule := range []Rule{Flexible, Strict} {
		if rule.String() == string(b) {
			*r = rule
			return nil
		}
	}
	return fmt.Errorf("rule %q is not flexible or strict", b)
}

// By returns the answer that the rule read.
func (r Reading) By(rule Rule) Answer {
	if rule == Strict {
		return r.Strict
	}
	return r.Flexible
}
