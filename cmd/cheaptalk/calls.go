package main

import (
	"fmt"
	"strings"

	"cheaptalk/debate"
)

// calls counts what became of the calls to models behind some records.
type calls struct {
	bought int // sent and answered
	shared int // completions that another call of the run had bought
	cached int // completions that were bought before: by an earlier run, or by this one before it was resumed
	again  int // attempts after the first, of those that were answered in the end
	usage  debate.Usage
}

// add counts the calls of a record. usage is of the bought ones.
func (c *calls) add(rec *debate.Record) {
	if rec.Transcript != nil {
		for i := range rec.Transcript.Messages {
			c.exchanges(rec.Transcript.Messages[i].Exchanges)
		}
	}
	for _, v := range rec.Verdicts {
		if v.Reply != nil {
			c.exchanges(v.Reply.Exchanges)
		}
	}
}

func (c *calls) exchanges(list []debate.Exchange) {
	for _, x := range list {
		switch {
		case x.Shared:
			c.shared++
		case x.Cached:
			c.cached++
		default:
			c.bought++
			c.again += max(x.Attempts-1, 0)
			c.usage = c.usage.Add(x.Usage)
		}
	}
}

// String returns "480 calls  96 shared  12 from the cache  3 asked again  45,678 tokens", without what there is none of, and "" where no
// model was asked. An estimate is marked "~".
func (c *calls) String() string {
	if c.bought+c.shared+c.cached == 0 {
		return ""
	}
	parts := []string{plural(c.bought, "call")}
	for _, p := range []struct {
		n    int
		what string
	}{{c.shared, "shared"}, {c.cached, "from the cache"}, {c.again, "asked again"}} {
		if p.n > 0 {
			parts = append(parts, thousands(p.n)+" "+p.what)
		}
	}
	if tokens := c.usage.PromptTokens + c.usage.CompletionTokens; tokens > 0 {
		sign := ""
		if c.usage.Estimated > 0 {
			sign = "~"
		}
		parts = append(parts, fmt.Sprintf("%s%s tokens", sign, thousands(tokens)))
	}
	return strings.Join(parts, "  ")
}
