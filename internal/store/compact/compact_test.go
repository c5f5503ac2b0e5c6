package compact

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"

	"cheaptalk/debate"
)

// sample is a record of two agents and two rounds with one of everything that is kept.
func sample() *debate.Record {
	return &debate.Record{
		Seed: math.MaxUint64 - 7, Took: 123456789,
		Transcript: &debate.Transcript{Agents: []string{"alice", "bob"}, Messages: []debate.Message{
			{Seq: 0, From: "alice", Reply: debate.Reply{Answer: "B", Reading: debate.Reading{Strict: "B", Flexible: "B"}, Confidence: debate.Sure(.85), Usage: debate.Usage{Calls: 1}}},
			{Seq: 1, From: "bob", Reply: debate.Reply{Answer: "", Reading: debate.Reading{Flexible: "C"}, CutOff: true, Usage: debate.Usage{Calls: 2, PromptTokens: 1234}}},
			{Seq: 2, Round: 1, From: "alice", Heard: []int{1, 0}, Brief: debate.Brief{Task: debate.Critique, Confidence: debate.ReConcile}, Failed: "timeout"},
			{Seq: 3, Round: 1, From: "bob", Heard: []int{0}, Brief: debate.Brief{Task: debate.Revise},
				Reply: debate.Reply{Answer: "-1/3", Reading: debate.Reading{Strict: "-1/3", Flexible: "-1/3"}, Confidence: debate.Sure(math.Pi / 4)}},
		}},
		Verdicts: []debate.Verdict{
			{Judge: "plurality", Answer: "B", Tied: true, Tally: map[debate.Answer]float64{"B": 1, "-1/3": math.Pi, "D": math.Copysign(0, -1), "E": -2, "F": 1e300}},
			{Judge: "trajectory", Failed: "no reply", Usage: debate.Usage{Calls: 1}},
			{Judge: "agglm", Answer: "C", Usage: debate.Usage{CompletionTokens: 9}, Reply: &debate.Message{Seq: 4, Round: 2, From: "chair", Heard: []int{3},
				Brief: debate.Brief{Task: debate.Aggregate}, Reply: debate.Reply{Answer: "C", Reading: debate.Reading{Strict: "C", Flexible: "C"}, Confidence: debate.Sure(0)}}},
		},
	}
}

func show(t testing.TB, rec *debate.Record) string {
	t.Helper()
	text, err := json.Marshal(rec)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func pack(t testing.TB, rec *debate.Record) (shape, body []byte) {
	t.Helper()
	shape, body, err := Pack(rec)
	if err != nil {
		t.Fatal(err)
	}
	return shape, body
}

func unpack(t testing.TB, shape, body []byte) *debate.Record {
	t.Helper()
	s, err := ReadShape(shape)
	if err != nil {
		t.Fatal(err)
	}
	var rec debate.Record
	if err := s.Unpack(body, &rec); err != nil {
		t.Fatal(err)
	}
	return &rec
}

func TestEverythingButTextsComesBack(t *testing.T) {
	for name, change := range map[string]func(*debate.Record){
		"all":           func(*debate.Record) {},
		"no transcript": func(r *debate.Record) { r.Transcript = nil },
		"no verdicts":   func(r *debate.Record) { r.Verdicts = nil },
		"no messages":   func(r *debate.Record) { r.Transcript.Messages = nil },
		"nothing":       func(r *debate.Record) { *r = debate.Record{} },
	} {
		rec := sample()
		change(rec)
		shape, body := pack(t, rec)
		if got, want := show(t, unpack(t, shape, body)), show(t, rec); got != want {
			t.Errorf("%s:\n got %s\nwant %s", name, got, want)
		}
	}
}

func TestTextsAreDropped(t *testing.T) {
	rec := sample()
	want := show(t, rec)
	for _, m := range []*debate.Message{&rec.Transcript.Messages[0], rec.Verdicts[2].Reply} {
		m.Text, m.Thinking, m.Exchanges = "text", "thinking", []debate.Exchange{{Model: "m"}}
	}
	rec.Verdicts[0].Why = "why"
	shape, body := pack(t, rec)
	if got := show(t, unpack(t, shape, body)); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

// What differs between two debates of one arm is in the body, what does not is in the shape.
func TestShapeIsCommon(t *testing.T) {
	a, b := sample(), sample()
	b.Seed, b.Took = 3, 4
	b.Transcript.Messages[0].Reply = debate.Reply{Answer: "D"}
	b.Verdicts[0] = debate.Verdict{Judge: "plurality"}
	shapeA, bodyA := pack(t, a)
	shapeB, bodyB := pack(t, b)
	if !bytes.Equal(shapeA, shapeB) || bytes.Equal(bodyA, bodyB) {
		t.Error("shapes differ, or bodies do not")
	}
	b.Transcript.Messages[3].Heard = []int{1}
	if shapeC, _ := pack(t, b); bytes.Equal(shapeA, shapeC) {
		t.Error("who heard whom is not in the shape")
	}
}

func TestRecordsShareNoMemory(t *testing.T) {
	shape, body := pack(t, sample())
	s, err := ReadShape(shape)
	if err != nil {
		t.Fatal(err)
	}
	var a, b debate.Record
	if err := s.Unpack(body, &a); err != nil {
		t.Fatal(err)
	}
	a.Transcript.Agents[0], a.Transcript.Messages[2].Heard[0], a.Verdicts[2].Reply.Heard[0] = "mallory", 99, 99
	if err := s.Unpack(body, &b); err != nil {
		t.Fatal(err)
	}
	if got, want := show(t, &b), show(t, sample()); got != want {
		t.Errorf("\n got %s\nwant %s", got, want)
	}
}

func TestSeqMustBeTheIndex(t *testing.T) {
	rec := sample()
	rec.Transcript.Messages[1].Seq = 5
	if _, _, err := Pack(rec); err == nil {
		t.Error("packed")
	}
}

// Hundredths are two bytes at most up to 81.91, whatever the number of agents; other weights are exact all the same.
func TestSize(t *testing.T) {
	rec := sample()
	rec.Transcript.Messages[3].Confidence, rec.Verdicts[0].Tally = debate.Sure(.5), nil
	_, body := pack(t, rec)
	if len(body) > 75 {
		t.Errorf("%d bytes for four messages and three verdicts", len(body))
	}
}

func FuzzUnpack(f *testing.F) {
	shape, body, err := Pack(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(shape, body)
	f.Add(shape, body[:len(body)/2])
	f.Add(shape[:len(shape)/2], body)
	f.Add([]byte{}, []byte{})
	f.Add([]byte{1, 0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1}, body)
	f.Fuzz(func(t *testing.T, shape, body []byte) {
		s, err := ReadShape(shape)
		if err != nil {
			return
		}
		var rec debate.Record
		if s.Unpack(body, &rec) != nil {
			return
		}
		again, _, err := Pack(&rec)
		if err != nil {
			return // a shape whose places are misnumbered
		}
		if _, err := ReadShape(again); err != nil {
			t.Errorf("what was read cannot be written and read again: %v", err)
		}
	})
}
