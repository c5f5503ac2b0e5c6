package reports

import (
	"fmt"
	"iter"

	"cheaptalk/debate"
	"cheaptalk/reports/compact"
)

// Flip is one revision that helped or harmed.
type Flip struct {
	Case   debate.Case   `json:"case"`
	Agent  string        `json:"agent"`
	Round  int           `json:"round"` // of the later reply
	Before debate.Answer `json:"before"`
	After  debate.Answer `json:"after"`
	Key    debate.Answer `json:"key"`
	// Holders names the peers that the agent had read holding After, in the order read; nobody is among them twice. An empty
	// list means that the agent came to it alone.
	Holders []string `json:"holders,omitempty"`
}

// Harmful reports whether the flip left the right answer; else it reached it.
func (f Flip) Harmful() bool { return f.Before == f.Key }

// Flips returns the flips of the records, in their order, as they stream by: take as many as you need and stop.
// Failed debates have none. An error of the records, or a transcript that contradicts itself, is passed on and ends the sequence.
func Flips(records iter.Seq2[*debate.Record, error]) iter.Seq2[Flip, error] {
	return func(yield func(Flip, error) bool) {
		for rec, err := range records {
			if err != nil {
				yield(Flip{}, err)
				return
			}
			if rec.Failed != "" || rec.Transcript == nil {
				continue
			}
			if err := compact.Check(rec.Transcript); err != nil {
				yield(Flip{}, fmt.Errorf("record of %s: %w", rec.Case, err))
				return
			}
			for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
				if fate := tr.Fate(); fate != debate.Corrected && fate != debate.Corrupted {
					continue
				}
				f := Flip{Case: rec.Case, Agent: rec.Transcript.Agents[tr.Agent], Round: tr.Round,
					Before: tr.Before, After: tr.After, Key: rec.Key, Holders: Holders(rec.Transcript, tr)}
				if !yield(f, nil) {
					return
				}
			}
		}
	}
}

// Holders returns the peers that held the new answer of a transition when its agent read them, in the order read and each once:
// those who may have swayed it. The transcript must not contradict itself; see [compact.Check].
func Holders(t *debate.Transcript, tr debate.Transition) []string {
	var names []string
	seen := map[string]bool{t.Agents[tr.Agent]: true}
	for _, seq := range t.Messages[tr.Seq].Shown() {
		if m := t.Messages[seq]; m.Answer == tr.After && !seen[m.From] {
			seen[m.From] = true
			names = append(names, m.From)
		}
	}
	return names
}
