// Package sample makes records for tests that hold what a record can hold, the awkward things above all.
package sample

import (
	"encoding/json"
	"strings"
	"time"

	"cheaptalk/debate"
)

// Awkward are texts that formats tend to change.
var Awkward = []string{
	"plain", " spaces around ", "two\nlines", "Windows\r\nlines\r\n", "old Mac\rlines", "\r", "\n", "a,b;c\td", `she said "so"`, `"`, `""`, `\.`, `\n is no line`,
	"all control characters: \x00\x01\x02\x07\x08\x0b\x0c\x1b[31mred\x1b[0m\x7f", "late ones: \u0080\u009b31m", "\u2028\u2029\ufeff", "naïve 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 😀 عربى 中文", "e\u0301",
	"NaN", "NA", "null", "None", "true", "0012", "1e5", "-", "=1+1", "{}", "[]", "</script><b>&amp;", "\ufffd",
}

// Records returns the records, sorted as a run has them. Those with calls have calls too.
func Records(calls bool) []*debate.Record {
	records := []*debate.Record{spoken(calls)}
	for i, text := range Awkward {
		records = append(records, said(i, text))
	}
	return append(records, failures()...)
}

// Long returns a debate in which every text is about a megabyte long.
func Long() *debate.Record {
	return said(len(Awkward), strings.Repeat("one megabyte of text\r\n\"", 1<<20/23))
}

// spoken returns a debate of three with everything that a reply and a verdict can have.
func spoken(calls bool) *debate.Record {
	q := debate.Question{ID: "set/a/1", Text: "Which?\nOf these.", Choices: []string{"red, \"dark\"", "blue", ""}, Kind: debate.Choice}
	read := func(a debate.Answer) debate.Reading { return debate.Reading{Strict: a, Flexible: a} }
	t := &debate.Transcript{Question: q, Agents: []string{"ann", "bob", "ann#2"}, Messages: []debate.Message{
		{Seq: 0, From: "ann", Reply: debate.Reply{Text: "(B)", Answer: "B", Reading: read("B"), Confidence: debate.Sure(0.1),
			Sources: debate.Sources{Stated: debate.Sure(0.1), Logprob: debate.Sure(1. / 3), Samples: debate.Sure(0)},
			Usage:   debate.Usage{Calls: 6, PromptTokens: 100, CachedTokens: 50, CompletionTokens: 20, ReasoningTokens: 10, Estimated: 1}}},
		{Seq: 1, From: "bob", Failed: "no answer in time", FailureKind: "timeout"},
		{Seq: 2, From: "ann#2", Reply: debate.Reply{Text: "A or B?", Thinking: "hm\n", Reading: debate.Reading{Flexible: "A"}, CutOff: true, Confidence: debate.Sure(0)}},
		{Seq: 3, Round: 1, From: "bob", Brief: debate.Brief{Task: debate.Revise, Confidence: debate.ReConcile}, Heard: []int{2, 0},
			Reply: debate.Reply{Text: "A", Answer: "A", Reading: read("A"), Unshown: []int{2}}},
		{Seq: 4, Round: 1, From: "ann", Brief: debate.Brief{Task: debate.Reflect}, Reply: debate.Reply{Text: "A", Answer: "A", Reading: read("A")}},
		{Seq: 5, Round: 2, From: "ann", Brief: debate.Brief{Task: debate.Critique}, Heard: []int{3}, Reply: debate.Reply{Text: "B", Answer: "B", Reading: read("B")}},
	}}
	verdict := debate.Message{Seq: 6, Round: 3, From: "AggLM", Brief: debate.Brief{Task: debate.Aggregate}, Heard: []int{5, 3, 2},
		Reply: debate.Reply{Text: "(A) \u009b", Answer: "A", Reading: read("A"), Usage: debate.Usage{Calls: 1, PromptTokens: 7, CompletionTokens: 3}}}
	if calls {
		t.Messages[0].Exchanges = []debate.Exchange{
			{Model: "m", Served: "m-1", URL: "http://127.0.0.1/v1", Request: json.RawMessage(`{"messages":[{"content":"Which? <b> \u007f"}],"n":1.50}`),
				Response: json.RawMessage(`{"text":"(B)"}`), Finish: "stop", Usage: debate.Usage{Calls: 1, PromptTokens: 100}, Took: 7 * time.Millisecond, Attempts: 2, Share: "k"},
			{Model: "m", Shared: true, Cached: true},
		}
		verdict.Exchanges = []debate.Exchange{{Model: "agg", Took: time.Second, Response: json.RawMessage(`[1,2]`)}}
	}
	return &debate.Record{
		Case: debate.Case{Arm: "naive, with comma", Item: q.ID, Draw: 1, Repeat: 2}, Key: "A", Transcript: t, Seed: 1<<64 - 1, Took: 1234567891 * time.Nanosecond,
		Verdicts: []debate.Verdict{
			{Judge: "plurality", Answer: "A", Tally: map[debate.Answer]float64{"A": 1, "B": 1}, Tied: true, Why: "A 1, B 1; a tie"},
			{Judge: "AggLM", Answer: "A", Reply: &verdict, Usage: verdict.Usage},
			{Judge: "mine", Failed: "cannot", FailureKind: "other"},
		},
	}
}

// said returns a debate of one that puts a text into every place that takes any.
func said(i int, text string) *debate.Record {
	q := debate.Question{ID: "texts/" + string(rune('a'+i/26)) + string(rune('a'+i%26)), Text: text, Kind: debate.Open}
	reply := debate.Reply{Text: text, Thinking: text, Answer: "18", Usage: debate.Usage{Calls: 1}}
	return &debate.Record{
		Case: debate.Case{Arm: "naive", Item: q.ID}, Key: "18", Seed: uint64(i), Simulated: i%2 == 0,
		Transcript: &debate.Transcript{Question: q, Agents: []string{"ann " + text}, Messages: []debate.Message{{From: "ann " + text, Reply: reply}}},
		Verdicts:   []debate.Verdict{{Judge: "plurality", Answer: "18", Why: text}},
	}
}

// failures returns debates that failed: before a word, before round 0 was over, in the judge, and one that is debated again.
func failures() []*debate.Record {
	q := debate.Question{ID: "z/1", Text: "1/3 + 1/3?", Kind: debate.Number}
	record := func(arm string, messages ...debate.Message) *debate.Record {
		return &debate.Record{Case: debate.Case{Arm: arm, Item: q.ID}, Key: "2/3", Failed: "no server", FailureKind: "no connection",
			Transcript: &debate.Transcript{Question: q, Agents: []string{"ann"}, Messages: messages}}
	}
	none := record("a none")
	none.Transcript = nil
	silent := record("b silent")
	partly := record("c partly", debate.Message{From: "ann", Failed: "no server", FailureKind: "no connection"})
	partly.Again = true
	judge := record("d judge", debate.Message{From: "ann", Reply: debate.Reply{Text: "0.5", Answer: "1/2"}})
	judge.Failed, judge.FailureKind, judge.Verdicts = "", "", []debate.Verdict{{Judge: "plurality", Failed: "panic: x", FailureKind: "other"}}
	empty := record("e empty", debate.Message{From: "ann"})
	empty.Failed, empty.FailureKind, empty.Verdicts = "", "", []debate.Verdict{{Judge: "plurality"}}
	return []*debate.Record{none, silent, partly, judge, empty}
}
