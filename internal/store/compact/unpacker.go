package compact

import (
	"fmt"
	"time"

	"cheaptalk/debate"
)

// Unpacker decodes many bodies into the same memory, without their tallies. The zero Unpacker is ready for use; it belongs to one goroutine.
type Unpacker struct {
	transcript debate.Transcript
	verdicts   []debate.Verdict
	spoken     []debate.Message // the replies of judges
	answers    []debate.Answer
	known      map[string]debate.Answer // answers met before, at most knownLimit
}

// knownLimit bounds the memory of Unpacker.known.
const knownLimit = 4096

// Unpack decodes a body that [Pack] made together with this shape, as [Shape.Unpack] does, but for Verdict.Tally, which stays nil. What rec then holds is
// valid until the next call and must not be changed: it shares memory with the Unpacker and the shape.
func (u *Unpacker) Unpack(s *Shape, body []byte, rec *debate.Record) error {
	r := reader{b: body, lean: true}
	rec.Seed = r.fixed()
	rec.Took = time.Duration(r.number())
	u.answers = append(u.answers[:0], "")
	for range r.count() {
		u.answers = append(u.answers, u.answer(r.take(r.count())))
	}
	r.answers = u.answers
	rec.Transcript, rec.Verdicts = nil, nil
	if s.transcript {
		u.transcript.Agents = s.agents
		u.transcript.Messages = append(u.transcript.Messages[:0], s.messages...)
		for i := range u.transcript.Messages {
			r.reply(&u.transcript.Messages[i])
		}
		if len(s.messages) == 0 {
			u.transcript.Messages = nil
		}
		rec.Transcript = &u.transcript
	}
	u.verdicts, u.spoken = u.verdicts[:0], u.spoken[:0]
	if cap(u.spoken) < len(s.verdicts) {
		u.spoken = make([]debate.Message, 0, len(s.verdicts)) // verdicts point into it: it must not grow below
	}
	for _, place := range s.verdicts {
		v := debate.Verdict{Judge: place.judge}
		r.verdict(&v)
		if place.reply != nil {
			u.spoken = append(u.spoken, *place.reply)
			v.Reply = &u.spoken[len(u.spoken)-1]
			r.reply(v.Reply)
		}
		u.verdicts = append(u.verdicts, v)
	}
	if len(u.verdicts) > 0 {
		rec.Verdicts = u.verdicts
	}
	if err := r.end(); err != nil {
		return fmt.Errorf("body: %w", err)
	}
	return nil
}

// answer returns the answer of that text, the same string for the same text.
func (u *Unpacker) answer(text []byte) debate.Answer {
	if a, ok := u.known[string(text)]; ok {
		return a
	}
	if u.known == nil || len(u.known) >= knownLimit {
		u.known = map[string]debate.Answer{}
	}
	a := debate.Answer(text)
	u.known[string(a)] = a
	return a
}
