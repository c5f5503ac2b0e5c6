package tables

import (
	"fmt"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/jsontext"
)

// Case names the debate that a row is of. Every table begins with it.
type Case struct {
	Arm    string `parquet:"arm"`
	Item   string `parquet:"item"`
	Draw   int64  `parquet:"draw"`
	Repeat int64  `parquet:"repeat"`
}

// Usage is what replies cost.
type Usage struct {
	Calls            int64 `parquet:"calls"`
	PromptTokens     int64 `parquet:"prompt_tokens"`
	CachedTokens     int64 `parquet:"cached_tokens"`
	CompletionTokens int64 `parquet:"completion_tokens"`
	ReasoningTokens  int64 `parquet:"reasoning_tokens"`
	EstimatedCalls   int64 `parquet:"estimated_calls"`
}

// Record is a row of the table records: one debate.
type Record struct {
	Case
	Set         string   `parquet:"set"`
	Kind        string   `parquet:"kind,optional"`
	Question    string   `parquet:"question,optional"`
	Choices     []string `parquet:"choices,list"`
	Key         string   `parquet:"key,optional"`
	Agents      []string `parquet:"agents,list"`
	Outcome     string   `parquet:"outcome"`
	Judge       string   `parquet:"judge,optional"`
	Answer      string   `parquet:"answer,optional"`
	Tied        bool     `parquet:"tied"`
	Rounds      *int64   `parquet:"rounds,optional"`
	Corrected   int64    `parquet:"corrected"`
	Corrupted   int64    `parquet:"corrupted"`
	Usage                // of all replies, those of judges among them
	Failed      string   `parquet:"failed,optional"`
	FailureKind string   `parquet:"failure_kind,optional"`
	Again       bool     `parquet:"again"`
	Simulated   bool     `parquet:"simulated"`
	Seed        string   `parquet:"seed"` // "0x" and 16 digits: no type of number holds it everywhere
	TookS       *float64 `parquet:"took_s,optional"`
	Verdicts    string   `parquet:"verdicts,optional"` // JSON
}

// Message is a row of the table messages: one turn of one agent.
type Message struct {
	Case
	Seq               int64    `parquet:"seq"`
	Round             int64    `parquet:"round"`
	Agent             string   `parquet:"agent"`
	Task              string   `parquet:"task"`
	PeerConfidence    string   `parquet:"peer_confidence,optional"`
	Heard             []int64  `parquet:"heard,list"`
	Unshown           []int64  `parquet:"unshown,list"`
	Text              string   `parquet:"text,optional"`
	Thinking          string   `parquet:"thinking,optional"`
	Answer            string   `parquet:"answer,optional"`
	Strict            string   `parquet:"strict,optional"`
	Flexible          string   `parquet:"flexible,optional"`
	State             string   `parquet:"state,optional"`
	Confidence        *float64 `parquet:"confidence,optional"`
	ConfidenceStated  *float64 `parquet:"confidence_stated,optional"`
	ConfidenceLogprob *float64 `parquet:"confidence_logprob,optional"`
	ConfidenceSamples *float64 `parquet:"confidence_samples,optional"`
	CutOff            bool     `parquet:"cut_off"`
	Usage
	Failed      string `parquet:"failed,optional"`
	FailureKind string `parquet:"failure_kind,optional"`
}

// Transition is a row of the table transitions: see [debate.Transition].
type Transition struct {
	Case
	Agent     string `parquet:"agent"`
	Seq       int64  `parquet:"seq"`
	Round     int64  `parquet:"round"`
	FromState string `parquet:"from_state"`
	ToState   string `parquet:"to_state"`
	Before    string `parquet:"before,optional"`
	After     string `parquet:"after,optional"`
	Peers     int64  `parquet:"peers"`
	Agreeing  int64  `parquet:"agreeing"`
	Adopted   bool   `parquet:"adopted"`
	Fate      string `parquet:"fate"`
}

// Row is a row of one of the tables.
type Row interface{ Record | Message | Transition }

// Of returns the rows of a record. What its Exchanges hold is in none of them.
func Of(rec *debate.Record) (Record, []Message, []Transition, error) {
	c := Case{Arm: rec.Case.Arm, Item: rec.Case.Item, Draw: int64(rec.Case.Draw), Repeat: int64(rec.Case.Repeat)}
	row := Record{
		Case: c, Set: debate.Question{ID: rec.Case.Item}.Set(), Key: string(rec.Key), Outcome: outcome(rec), Failed: rec.Failed, FailureKind: rec.FailureKind,
		Again: rec.Again, Simulated: rec.Simulated, Seed: fmt.Sprintf("0x%016x", rec.Seed),
	}
	if rec.Took != 0 {
		seconds := rec.Took.Seconds()
		row.TookS = &seconds
	}
	var used debate.Usage
	if len(rec.Verdicts) > 0 {
		v := rec.Verdicts[0]
		row.Judge, row.Answer, row.Tied = v.Judge, string(v.Answer), v.Tied
		text, err := jsontext.Marshal(withoutExchanges(rec.Verdicts), "")
		if err != nil {
			return row, nil, nil, fmt.Errorf("verdicts of %s: %w", rec.Case, err)
		}
		row.Verdicts = string(text)
		for _, v := range rec.Verdicts {
			used = used.Add(v.Usage)
		}
	}
	t := rec.Transcript
	if t == nil {
		row.Usage = usage(used)
		return row, nil, nil, nil
	}
	row.Kind, row.Question, row.Choices, row.Agents = t.Question.Kind.String(), t.Question.Text, t.Question.Choices, t.Agents
	row.Usage = usage(used.Add(t.Usage()))
	if last := int64(t.LastRound()); last >= 0 {
		row.Rounds = &last
	}
	messages := make([]Message, len(t.Messages))
	for i, m := range t.Messages {
		messages[i] = message(c, m, rec.Key)
	}
	var transitions []Transition
	for _, tr := range debate.Transitions(t, rec.Key) {
		switch tr.Fate() {
		case debate.Corrected:
			row.Corrected++
		case debate.Corrupted:
			row.Corrupted++
		}
		transitions = append(transitions, Transition{
			Case: c, Agent: t.Agents[tr.Agent], Seq: int64(tr.Seq), Round: int64(tr.Round), FromState: tr.From.String(), ToState: tr.To.String(),
			Before: string(tr.Before), After: string(tr.After), Peers: int64(tr.Peers), Agreeing: int64(tr.Agreeing), Adopted: tr.Adopted,
			Fate: tr.Fate().String(),
		})
	}
	return row, messages, transitions, nil
}

func message(c Case, m debate.Message, key debate.Answer) Message {
	row := Message{
		Case: c, Seq: int64(m.Seq), Round: int64(m.Round), Agent: m.From, Task: m.Brief.Task.String(), PeerConfidence: string(m.Brief.Confidence),
		Heard: wide(m.Heard), Unshown: wide(m.Unshown), Text: m.Text, Thinking: m.Thinking,
		Answer: string(m.Answer), Strict: string(m.Reading.Strict), Flexible: string(m.Reading.Flexible),
		Confidence: sure(m.Confidence), ConfidenceStated: sure(m.Sources.Stated), ConfidenceLogprob: sure(m.Sources.Logprob),
		ConfidenceSamples: sure(m.Sources.Samples), CutOff: m.CutOff, Usage: usage(m.Usage), Failed: m.Failed, FailureKind: m.FailureKind,
	}
	if m.Failed == "" {
		row.State = debate.Grade(m.Answer, key).String()
	}
	return row
}

// outcome returns what became of the debate by its primary judge: "right", "wrong", "unreadable" or "failed".
func outcome(rec *debate.Record) string {
	var v debate.Verdict
	if len(rec.Verdicts) > 0 {
		v = rec.Verdicts[0]
	}
	if rec.Failed != "" || v.Failed != "" {
		return "failed"
	}
	switch debate.Grade(v.Answer, rec.Key) {
	case debate.Correct:
		return "right"
	case debate.Incorrect:
		return "wrong"
	}
	return "unreadable"
}

// withoutExchanges returns the verdicts without the calls behind their replies.
func withoutExchanges(verdicts []debate.Verdict) []debate.Verdict {
	bare := make([]debate.Verdict, len(verdicts))
	for i, v := range verdicts {
		if v.Reply != nil {
			reply := *v.Reply
			reply.Exchanges = nil
			v.Reply = &reply
		}
		bare[i] = v
	}
	return bare
}

func usage(u debate.Usage) Usage {
	return Usage{
		Calls: int64(u.Calls), PromptTokens: int64(u.PromptTokens), CachedTokens: int64(u.CachedTokens),
		CompletionTokens: int64(u.CompletionTokens), ReasoningTokens: int64(u.ReasoningTokens), EstimatedCalls: int64(u.Estimated),
	}
}

func sure(c debate.Confidence) *float64 {
	if !c.Stated {
		return nil
	}
	return &c.Value
}

func wide(ns []int) []int64 {
	var wide []int64
	for _, n := range ns {
		wide = append(wide, int64(n))
	}
	return wide
}
