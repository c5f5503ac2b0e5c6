package compact

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"cheaptalk/debate"
)

// writer appends encoded values.
type writer []byte

func (w *writer) number(n int)   { *w = binary.AppendUvarint(*w, uint64(n)) }
func (w *writer) fixed(n uint64) { *w = binary.LittleEndian.AppendUint64(*w, n) }
func (w *writer) text(s string)  { w.number(len(s)); *w = append(*w, s...) }
func (w *writer) flags(b byte)   { *w = append(*w, b) }
func (w *writer) weight(v float64) {
	if v >= 0 && v < 1e6 {
		// The bits, because a negative zero equals zero.
		if n := int(math.Round(v * 100)); math.Float64bits(float64(n)/100) == math.Float64bits(v) {
			w.number(n << 1)
			return
		}
	}
	w.number(1)
	w.fixed(math.Float64bits(v))
}

func (w *writer) flag(b bool) {
	if b {
		w.flags(1)
	} else {
		w.flags(0)
	}
}

func (w *writer) place(m *debate.Message) {
	w.number(m.Seq)
	w.number(m.Round)
	w.text(m.From)
	w.flags(byte(m.Brief.Task))
	w.text(string(m.Brief.Confidence))
	w.number(len(m.Heard))
	for _, seq := range m.Heard {
		w.number(seq)
	}
}

func (w *writer) reply(m *debate.Message, index map[debate.Answer]int) {
	flags := usageFlags(m.Usage)
	if m.Reading.Strict == m.Answer {
		flags |= strictSame
	}
	if m.Reading.Flexible == m.Answer {
		flags |= flexibleSame
	}
	if m.Confidence.Stated {
		flags |= stated
	}
	if m.CutOff {
		flags |= cutOff
	}
	if m.Failed != "" {
		flags |= failed
	}
	w.flags(flags)
	w.number(index[m.Answer])
	if flags&strictSame == 0 {
		w.number(index[m.Reading.Strict])
	}
	if flags&flexibleSame == 0 {
		w.number(index[m.Reading.Flexible])
	}
	if flags&stated != 0 {
		w.weight(m.Confidence.Value)
	}
	if flags&failed != 0 {
		w.text(m.Failed)
	}
	w.usage(flags, m.Usage)
}

func (w *writer) verdict(v *debate.Verdict, index map[debate.Answer]int) {
	flags := usageFlags(v.Usage)
	if v.Tied {
		flags |= tied
	}
	if v.Failed != "" {
		flags |= failed
	}
	w.flags(flags)
	w.number(index[v.Answer])
	if flags&failed != 0 {
		w.text(v.Failed)
	}
	w.usage(flags, v.Usage)
	w.number(len(v.Tally))
	for _, a := range slices.Sorted(maps.Keys(v.Tally)) {
		w.number(index[a])
		w.weight(v.Tally[a])
	}
}

func usageFlags(u debate.Usage) byte {
	switch u {
	case debate.Usage{}:
		return 0
	case debate.Usage{Calls: 1}:
		return oneCall
	}
	return anyUsage
}

func (w *writer) usage(flags byte, u debate.Usage) {
	if flags&anyUsage == 0 {
		return
	}
	for _, n := range []int{u.Calls, u.PromptTokens, u.CachedTokens, u.CompletionTokens, u.ReasoningTokens} {
		w.number(n)
	}
}

// reader takes encoded values off b. After an error every value is zero and err says what was wrong first.
type reader struct {
	b       []byte
	answers []debate.Answer // [0] is none
	lean    bool            // leave out tallies, and share memory with the shape
	err     error
}

func (r *reader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("%w: %s", ErrDamaged, what)
	}
	r.b = nil
}

func (r *reader) number() int {
	n, size := binary.Uvarint(r.b)
	if size <= 0 {
		r.fail("a number is cut short")
		return 0
	}
	r.b = r.b[size:]
	return int(n)
}

// count reads the number of values that follow, each of which has a byte at least.
func (r *reader) count() int {
	n := r.number()
	if n < 0 || n > len(r.b) {
		r.fail("more is announced than there is")
		return 0
	}
	return n
}

func (r *reader) take(n int) []byte {
	if n > len(r.b) {
		r.fail("it is cut short")
		return make([]byte, n)
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *reader) text() string  { return string(r.take(r.count())) }
func (r *reader) flags() byte   { return r.take(1)[0] }
func (r *reader) flag() bool    { return r.flags() != 0 }
func (r *reader) fixed() uint64 { return binary.LittleEndian.Uint64(r.take(8)) }

func (r *reader) weight() float64 {
	n := r.number()
	if n&1 != 0 {
		return math.Float64frombits(r.fixed())
	}
	return float64(n>>1) / 100
}

func (r *reader) answer() debate.Answer {
	i := r.number()
	if i < 0 || i >= len(r.answers) {
		r.fail("an answer is not in the table")
		return ""
	}
	return r.answers[i]
}

func (r *reader) place() debate.Message {
	m := debate.Message{Seq: r.number(), Round: r.number(), From: r.text()}
	m.Brief = debate.Brief{Task: debate.Task(r.flags()), Confidence: debate.Calibration(r.text())}
	for range r.count() {
		m.Heard = append(m.Heard, r.number())
	}
	return m
}

// reply reads into m, which is a copy of its place in a shape.
func (r *reader) reply(m *debate.Message) {
	if !r.lean {
		m.Heard = slices.Clone(m.Heard)
	}
	flags := r.flags()
	m.Answer = r.answer()
	m.Reading = debate.Reading{Strict: m.Answer, Flexible: m.Answer}
	if flags&strictSame == 0 {
		m.Reading.Strict = r.answer()
	}
	if flags&flexibleSame == 0 {
		m.Reading.Flexible = r.answer()
	}
	if flags&stated != 0 {
		m.Confidence = debate.Confidence{Value: r.weight(), Stated: true}
	}
	m.CutOff = flags&cutOff != 0
	if flags&failed != 0 {
		m.Failed = r.text()
	}
	m.Usage = r.usage(flags)
}

func (r *reader) verdict(v *debate.Verdict) {
	flags := r.flags()
	v.Tied = flags&tied != 0
	v.Answer = r.answer()
	if flags&failed != 0 {
		v.Failed = r.text()
	}
	v.Usage = r.usage(flags)
	n := r.count()
	if n > 0 && !r.lean {
		v.Tally = make(map[debate.Answer]float64, n)
	}
	for range n {
		a, weight := r.answer(), r.weight()
		if v.Tally != nil {
			v.Tally[a] = weight
		}
	}
}

func (r *reader) usage(flags byte) debate.Usage {
	switch {
	case flags&oneCall != 0:
		return debate.Usage{Calls: 1}
	case flags&anyUsage != 0:
		return debate.Usage{Calls: r.number(), PromptTokens: r.number(), CachedTokens: r.number(),
			CompletionTokens: r.number(), ReasoningTokens: r.number()}
	}
	return debate.Usage{}
}

// end returns the first error, or one when something is left over.
func (r *reader) end() error {
	if r.err == nil && len(r.b) > 0 {
		r.fail("something is left over")
	}
	return r.err
}
