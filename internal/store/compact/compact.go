// Package compact encodes what is left of a record when its texts are dropped: who answered what, how surely, having heard
// whom, and what the judges made of it. Simulations of millions of debates are stored in this form.
//
// A record is split in two. Its shape is what it has in common with thousands of others: the names of the agents and
// judges and, for each message, its round, its speaker, its brief and whom it heard. Its body is the rest, a few bytes a message.
// The case, the key, the question, Failed, Again and Simulated of the record are kept by the caller.
//
// Dropped are Text, Thinking and Exchanges of replies, Why of verdicts, and what simulated agents do not have: FailureKind, Sources, Unshown and
// Usage.Estimated. Everything else comes back equal.
//
// # Format
//
// Numbers are unsigned varints (encoding/binary), strings are their length and their bytes. A count comes before what it counts.
//
//	shape      transcript(0 or 1) [agents: string…] [messages: place…] verdicts: (judge string, spoke(0 or 1) [place])…
//	place      seq round from brief.task brief.confidence heard: seq…
//	body       seed(8 bytes, little endian) took answers: string… reply… verdict…     one reply a place, one verdict a judge
//	reply      flags answer [strict] [flexible] [confidence] [failed] [usage]
//	verdict    flags answer [failed] [usage] tally: (answer weight)… [reply]
//	answer     0 for none, else 1 + its index in answers
//	confidence, weight   twice its hundredfold if that is a whole number, else 1 and 8 bytes (IEEE 754, little endian)
package compact

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"cheaptalk/debate"
)

// ErrDamaged is wrapped by the errors of shapes and bodies that Pack did not make.
var ErrDamaged = errors.New("damaged compact record")

// The flags of a reply.
const (
	strictSame   = 1 << iota // Reading.Strict is the answer
	flexibleSame             // Reading.Flexible is the answer
	stated                   // a confidence follows
	cutOff
	failed   // an error follows
	oneCall  // the usage is one call and no tokens
	anyUsage // a usage follows
)

// The flags of a verdict; failed, oneCall and anyUsage are those of a reply.
const tied = 1

// Pack encodes a record. Equal shapes are equal bytes.
func Pack(rec *debate.Record) (shape, body []byte, err error) {
	var s, b writer
	b.fixed(rec.Seed)
	b.number(int(rec.Took))
	index := number(&b, rec)

	if t := rec.Transcript; t == nil {
		s.flag(false)
	} else {
		s.flag(true)
		s.number(len(t.Agents))
		for _, name := range t.Agents {
			s.text(name)
		}
		s.number(len(t.Messages))
		for i := range t.Messages {
			if t.Messages[i].Seq != i {
				return nil, nil, fmt.Errorf("message %d says that it is message %d", i, t.Messages[i].Seq)
			}
			s.place(&t.Messages[i])
			b.reply(&t.Messages[i], index)
		}
	}
	s.number(len(rec.Verdicts))
	for i := range rec.Verdicts {
		v := &rec.Verdicts[i]
		s.text(v.Judge)
		b.verdict(v, index)
		s.flag(v.Reply != nil)
		if v.Reply != nil {
			s.place(v.Reply)
			b.reply(v.Reply, index)
		}
	}
	return s, b, nil
}

// number writes the table of the record's answers, in the order in which they first occur, and returns 1 + the index of each;
// the index of "" is 0.
func number(b *writer, rec *debate.Record) map[debate.Answer]int {
	index := map[debate.Answer]int{"": 0}
	var answers []debate.Answer
	add := func(list ...debate.Answer) {
		for _, a := range list {
			if _, ok := index[a]; !ok {
				answers = append(answers, a)
				index[a] = len(answers)
			}
		}
	}
	addReply := func(m *debate.Message) { add(m.Answer, m.Reading.Strict, m.Reading.Flexible) }
	if rec.Transcript != nil {
		for i := range rec.Transcript.Messages {
			addReply(&rec.Transcript.Messages[i])
		}
	}
	for i := range rec.Verdicts {
		v := &rec.Verdicts[i]
		add(v.Answer)
		add(slices.Sorted(maps.Keys(v.Tally))...)
		if v.Reply != nil {
			addReply(v.Reply)
		}
	}
	b.number(len(answers))
	for _, a := range answers {
		b.text(string(a))
	}
	return index
}

// Shape is what many records have in common. It is not changed by its use and may be shared by goroutines.
type Shape struct {
	transcript bool
	agents     []string
	messages   []debate.Message // places alone
	verdicts   []judged
}

// judged is a judge and, if it spoke, the place of its reply.
type judged struct {
	judge string
	reply *debate.Message
}

// ReadShape decodes a shape that Pack made.
func ReadShape(shape []byte) (*Shape, error) {
	r := reader{b: shape}
	s := &Shape{transcript: r.flag()}
	if s.transcript {
		for range r.count() {
			s.agents = append(s.agents, r.text())
		}
		for range r.count() {
			s.messages = append(s.messages, r.place())
		}
	}
	for range r.count() {
		v := judged{judge: r.text()}
		if r.flag() {
			m := r.place()
			v.reply = &m
		}
		s.verdicts = append(s.verdicts, v)
	}
	if err := r.end(); err != nil {
		return nil, fmt.Errorf("shape: %w", err)
	}
	return s, nil
}

// Unpack decodes a body that Pack made together with this shape. It sets Seed, Took, Transcript (without the question) and Verdicts.
// The record shares no memory with the shape.
func (s *Shape) Unpack(body []byte, rec *debate.Record) error {
	r := reader{b: body}
	rec.Seed = r.fixed()
	rec.Took = time.Duration(r.number())
	answers := make([]debate.Answer, 1, 8) // the first is none
	for range r.count() {
		answers = append(answers, debate.Answer(r.text()))
	}
	r.answers = answers
	rec.Transcript, rec.Verdicts = nil, nil
	if s.transcript {
		t := &debate.Transcript{Agents: slices.Clone(s.agents), Messages: slices.Clone(s.messages)}
		for i := range t.Messages {
			r.reply(&t.Messages[i])
		}
		rec.Transcript = t
	}
	for _, place := range s.verdicts {
		v := debate.Verdict{Judge: place.judge}
		r.verdict(&v)
		if place.reply != nil {
			m := *place.reply
			r.reply(&m)
			v.Reply = &m
		}
		rec.Verdicts = append(rec.Verdicts, v)
	}
	if err := r.end(); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}
