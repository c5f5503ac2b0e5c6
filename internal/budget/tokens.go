package budget

import (
	"cheaptalk/agents"
	"cheaptalk/debate"
)

// AssumedCompletion is the length of a completion, in tokens, where nothing is known of it: no max_tokens, and none so far.
const AssumedCompletion = 300

// bytesPerToken is the rule of thumb for English text, as package pace has it too.
const bytesPerToken = 4

// tokensOf estimates the tokens of a text of so many bytes.
func tokensOf(bytes int) int { return (bytes + bytesPerToken - 1) / bytesPerToken }

// promptTokens estimates the tokens of a prompt from its bytes alone.
func promptTokens(req agents.Request) int {
	n := len(req.System)
	for _, m := range req.Messages {
		n += len(m.Text)
	}
	return tokensOf(n)
}

// usageOf returns what a completion used: what the server counted, and for what it did not count an estimate that is marked as one.
func usageOf(req agents.Request, c agents.Completion) debate.Usage {
	u := c.Usage
	u.Calls = 1
	if u.PromptTokens == 0 { // no prompt is empty
		u.PromptTokens, u.Estimated = promptTokens(req), 1
	}
	if text := len(c.Thinking) + len(c.Text); u.CompletionTokens == 0 && text > 0 {
		u.CompletionTokens, u.Estimated = tokensOf(text), 1
	}
	return u
}
