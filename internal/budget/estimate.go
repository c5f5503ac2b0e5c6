package budget

import (
	"math"

	"cheaptalk/debate"
)

// Estimate is what an experiment would cost.
type Estimate struct {
	Questions         int    `json:"questions"`                 // of all draws
	Sampled           int    `json:"sampled"`                   // of them, on which the estimate stands
	Debates           int    `json:"debates"`                   // with every repeat and every arm
	AssumedCompletion int    `json:"assumed_completion_tokens"` // of models without max_tokens
	Arms              []Row  `json:"arms"`                      // a row an arm and model: what the arm would cost alone
	Models            []Row  `json:"models"`                    // a row a model: what arms share is counted once
	Total             Row    `json:"total"`                     // of Models
	Failed            string `json:"failed,omitempty"`          // the first debate of the sample that failed, and why
}

// Row is what one model would be asked.
type Row struct {
	Arm              string   `json:"arm,omitempty"`
	Model            string   `json:"model,omitempty"`
	Calls            int      `json:"calls"`
	AtMost           bool     `json:"at_most,omitempty"` // debates may end before their last round
	Uneven           bool     `json:"uneven,omitempty"`  // not the same for every question of the sample: calls are an estimate too
	PromptTokens     int      `json:"prompt_tokens"`
	CompletionTokens int      `json:"completion_tokens"`
	Dollars          *float64 `json:"dollars"` // null without a price
	// Seconds is how long the calls take at the least at the model's limits a minute; null when it has none.
	Seconds *float64 `json:"seconds_at_limits"`
}

// sample is how a number of cases was sampled.
type sample struct{ cases, sampled int }

// row scales what a model was asked in the sample up to all cases.
func (s sample) row(m *standIn, c counts, early bool) Row {
	var sum debate.Usage
	calls := map[string]int{} // by question
	for _, made := range c {
		if made.entry == m.entry {
			sum = sum.Add(made.usage)
			calls[made.scope]++
		}
	}
	even := true // each question has its share of the calls
	for _, n := range calls {
		even = even && n*s.sampled == sum.Calls
	}
	scale := func(n int) int { return int(math.Round(float64(n) * float64(s.cases) / float64(s.sampled))) }
	row := Row{
		Model: m.entry, Calls: scale(sum.Calls), AtMost: early, Uneven: !even,
		PromptTokens: scale(sum.PromptTokens), CompletionTokens: scale(sum.CompletionTokens),
	}
	if m.terms.Price != nil {
		cost := m.terms.Price.Of(debate.Usage{PromptTokens: row.PromptTokens, CompletionTokens: row.CompletionTokens})
		row.Dollars = &cost
	}
	minutes := 0.0
	if n := m.terms.RequestsPerMinute; n > 0 {
		minutes = float64(row.Calls) / float64(n)
	}
	if n := m.terms.TokensPerMinute; n > 0 {
		minutes = max(minutes, float64(row.PromptTokens+row.CompletionTokens)/float64(n))
	}
	if minutes > 0 {
		seconds := 60 * minutes
		row.Seconds = &seconds
	}
	return row
}

// total adds rows of different models. They are asked side by side: the slowest sets the time. What is not known of all is not known.
func total(rows []Row) Row {
	var sum Row
	dollars, seconds := 0.0, 0.0
	priced, limited := true, false
	for _, r := range rows {
		sum.Calls += r.Calls
		sum.PromptTokens += r.PromptTokens
		sum.CompletionTokens += r.CompletionTokens
		sum.AtMost, sum.Uneven = sum.AtMost || r.AtMost, sum.Uneven || r.Uneven
		if r.Dollars != nil {
			dollars += *r.Dollars
		}
		priced = priced && r.Dollars != nil
		if r.Seconds != nil {
			limited, seconds = true, max(seconds, *r.Seconds)
		}
	}
	if priced {
		sum.Dollars = &dollars
	}
	if limited {
		sum.Seconds = &seconds
	}
	return sum
}
