package budget

import (
	"cheaptalk/agents"
	"cheaptalk/debate"
)

// AssumedCompletion is the length of a completion, in tokens, where nothing is known of it: no max_tokens, and none so far.
const AssumedCompletion = 300

// usageOf returns what a completion used: what the server counted, and for what it did not count an estimate that is marked as one.
func usageOf(req agents.Request, c agents.Completion) debate.Usage {
	u := c.Usage
	u.Calls = 1
	if u.PromptTokens == 0 { // no prompt is empty
		u.PromptTokens, u.Estimated = req.PromptTokens(), 1
	}
	if text := len(c.Thinking) + len(c.Text); u.CompletionTokens == 0 && text > 0 {
		u.CompletionTokens, u.Estimated = agents.EstimateTokens(text), 1
	}
	return u
}
