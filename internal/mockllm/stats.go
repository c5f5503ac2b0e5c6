package mockllm

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"cheaptalk/internal/mockllm/chat"
)

// Stats counts what a server was asked and what it did since it started.
type Stats struct {
	Requests int            `json:"requests"` // of every kind but for lists of models and these counts
	Models   map[string]int `json:"models"`   // requests by model; those that could not be read have none
	Statuses map[int]int    `json:"statuses"` // responses to requests; [Hang] and [Reset] give none, nor does a client that left
	Faults   map[Fault]int  `json:"faults"`   // met by requests that were admitted
	Distinct int            `json:"distinct"` // different bodies that were admitted
	Repeated int            `json:"repeated"` // admitted requests whose body had been admitted before: retries, or an ask too many

	InFlight     int `json:"in_flight"`      // served now
	PeakInFlight int `json:"peak_in_flight"` // served at once at most: never more than the capacity
	PeakWaiting  int `json:"peak_waiting"`   // waited for a place at once at most
	Connections  int `json:"connections"`    // opened by clients; 0 where no [Server] counts them

	PromptTokens     int `json:"prompt_tokens"`     // of the completions
	CompletionTokens int `json:"completion_tokens"` // likewise
}

func newStats() Stats {
	return Stats{Models: map[string]int{}, Statuses: map[int]int{}, Faults: map[Fault]int{}}
}

// String writes the counts for people, a line each.
func (s Stats) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "requests      %d, %d of them repeated\n", s.Requests, s.Repeated)
	for _, name := range slices.Sorted(maps.Keys(s.Models)) {
		fmt.Fprintf(&b, "  model %q: %d\n", name, s.Models[name])
	}
	for _, status := range slices.Sorted(maps.Keys(s.Statuses)) {
		fmt.Fprintf(&b, "  status %d: %d\n", status, s.Statuses[status])
	}
	for _, fault := range Faults() {
		if n := s.Faults[fault]; n > 0 {
			fmt.Fprintf(&b, "  fault %s: %d\n", fault, n)
		}
	}
	fmt.Fprintf(&b, "at once       %d served, %d waiting at most\n", s.PeakInFlight, s.PeakWaiting)
	fmt.Fprintf(&b, "connections   %d\n", s.Connections)
	fmt.Fprintf(&b, "tokens        %d in prompts, %d in replies\n", s.PromptTokens, s.CompletionTokens)
	return b.String()
}

// Stats returns a copy of the counts.
func (h *Handler) Stats() Stats {
	h.mu.Lock()
	defer h.mu.Unlock()
	s := h.stats
	s.Models, s.Statuses, s.Faults = maps.Clone(s.Models), maps.Clone(s.Statuses), maps.Clone(s.Faults)
	return s
}

// arrived counts a request.
func (h *Handler) arrived() {
	h.mu.Lock()
	h.stats.Requests++
	h.mu.Unlock()
}

// admit counts the body of a request and decides what becomes of it.
func (h *Handler) admit(r *chat.Request) (script *string, fault Fault) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r.Seen = h.seen[r.Seed]
	h.seen[r.Seed]++
	if r.Seen == 0 {
		h.stats.Distinct++
	} else {
		h.stats.Repeated++
	}
	if n := len(h.config.Replies); n > 0 {
		script = &h.config.Replies[h.replies%n]
		h.replies++
	}
	if fault = h.config.draw(r); fault == Duplicate && !r.Stream {
		fault = ""
	}
	if fault != "" {
		h.stats.Faults[fault]++
	}
	return script, fault
}

// said counts the tokens of a completion and takes those of the reply from their bucket.
func (h *Handler) said(c *chat.Completion) {
	prompt, reply := c.PromptTokens(), chat.Tokens(c.Text)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stats.PromptTokens += prompt
	h.stats.CompletionTokens += reply
	h.tokens.level -= float64(reply)
}
