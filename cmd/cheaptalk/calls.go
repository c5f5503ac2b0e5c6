package main

import (
	"fmt"

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

// words says "480 calls", "96 shared", "12 from the cache", "3 asked again", "45,678 tokens", without what there is none of, and nothing
// where no model was asked. An estimate is marked "~".
func (c *calls) words() []word {
	if c.bought+c.shared+c.cached == 0 {
		return nil
	}
	words := []word{{plural(c.bought, "call"), 4}}
	for _, p := range []struct {
		n    int
		what string
		rank int
	}{{c.shared, "shared", 7}, {c.cached, "from the cache", 6}, {c.again, "asked again", 8}} {
		if p.n > 0 {
			words = append(words, word{thousands(p.n) + " " + p.what, p.rank})
		}
	}
	if tokens := c.usage.PromptTokens + c.usage.CompletionTokens; tokens > 0 {
		sign := ""
		if c.usage.Estimated > 0 {
			sign = "~"
		}
		words = append(words, word{fmt.Sprintf("%s%s tokens", sign, thousands(tokens)), 5})
	}
	return words
}
