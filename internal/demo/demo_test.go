package demo_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
	"cheaptalk/examples"
	"cheaptalk/internal/demo"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/judges"
)

// records returns those of the recording.
func records(t *testing.T) []*debate.Record {
	t.Helper()
	run, done, err := demo.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := done(); err != nil {
			t.Error(err)
		}
	})
	var list []*debate.Record
	for rec, err := range run.Records(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, rec)
	}
	return list
}

// TestEveryTextIsReadAsRecorded reads all replies again, those of AggLM included.
func TestEveryTextIsReadAsRecorded(t *testing.T) {
	replies := 0
	for _, rec := range records(t) {
		check := func(who string, r *debate.Reply) {
			replies++
			reading := extract.Read(rec.Transcript.Question, r.Text)
			if reading != r.Reading || r.Answer != reading.By(debate.Flexible) {
				t.Errorf("%s, %s: reads %+v, recorded %+v and %q", rec.Case, who, reading, r.Reading, r.Answer)
			}
			if stated := extract.ReadConfidence(r.Text); stated != r.Sources.Stated {
				t.Errorf("%s, %s: states %v, recorded %v", rec.Case, who, stated, r.Sources.Stated)
			}
		}
		for i := range rec.Transcript.Messages {
			m := &rec.Transcript.Messages[i]
			check(fmt.Sprint("message ", m.Seq), &m.Reply)
		}
		for _, v := range rec.Verdicts {
			if v.Reply != nil {
				check(v.Judge, &v.Reply.Reply)
			}
		}
	}
	if want := 60*3 + 60*9 + 4*60*9 + 360; replies != want {
		t.Errorf("%d replies, want %d", replies, want)
	}
}

// TestEveryVoteIsDecidedAsRecorded lets the judges of the experiment decide all transcripts again, but for AggLM, whose replies are read again above.
func TestEveryVoteIsDecidedAsRecorded(t *testing.T) {
	s, err := spec.Parse("three-small-models.yaml", examples.ThreeSmallModels)
	if err != nil {
		t.Fatal(err)
	}
	s.Judges = slices.DeleteFunc(s.Judges, func(j spec.Judge) bool { return j.Judge == judges.NameAggLM })
	s.Models = nil
	factory, err := plan.Judges(s, plan.Means{Getenv: os.Getenv})
	if err != nil {
		t.Fatal(err)
	}
	decided := 0
	for _, rec := range records(t) {
		verdicts, err := debate.Decide(t.Context(), rec.Transcript, factory(rec.Case.Arm, debate.Item{Question: rec.Transcript.Question}, rec.Seed), nil)
		if err != nil {
			t.Fatal(err)
		}
		recorded := slices.DeleteFunc(slices.Clone(rec.Verdicts), func(v debate.Verdict) bool { return v.Judge == judges.NameAggLM })
		got, _ := json.Marshal(verdicts)
		want, _ := json.Marshal(recorded)
		if len(verdicts) != 4 || !bytes.Equal(got, want) {
			t.Errorf("%s: decided\n%s\nrecorded\n%s", rec.Case, got, want)
		}
		decided++
	}
	if decided != 360 {
		t.Errorf("%d debates", decided)
	}
}

// turn is a round of a question's naive debate. Round 0 is that of all arms.
type turn struct {
	item  string
	round int
}

// byHand returns what one reader took by hand as the answers of the three models in 79 turns, in the order of the team; "" is none.
func byHand(t *testing.T) map[turn][]debate.Answer {
	t.Helper()
	text, err := os.ReadFile("testdata/hand.txt")
	if err != nil {
		t.Fatal(err)
	}
	labels := map[turn][]debate.Answer{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		var at turn
		var answers [3]string
		if _, err := fmt.Sscan(line, &at.item, &at.round, &answers[0], &answers[1], &answers[2]); err != nil {
			t.Fatalf("hand.txt: %q: %v", line, err)
		}
		if labels[at] != nil {
			t.Fatalf("hand.txt: %q is there twice", line)
		}
		for _, a := range answers {
			labels[at] = append(labels[at], debate.Answer(strings.TrimPrefix(a, "-")))
		}
	}
	return labels
}

// TestTheProgramReadsAsByHand holds the reader against 237 replies as they were read by hand. The counts are those of docs/FINDINGS.md. Of the later
// rounds they flatter the reader a little: see hand.txt.
func TestTheProgramReadsAsByHand(t *testing.T) {
	labels := byHand(t)
	type count struct {
		replies, agree int
		missed         int // an answer by hand, none read
		imagined       int // none by hand, one read
		other          int // two different ones
	}
	got, used := map[string]count{}, 0
	for _, rec := range records(t) {
		if rec.Case.Arm != "naive" {
			continue
		}
		for i, m := range rec.Transcript.Messages {
			hand := labels[turn{rec.Case.Item, m.Round}]
			if hand == nil {
				continue
			}
			used++
			at, _, _ := strings.Cut(rec.Case.Item, "/")
			at += ", first"
			if m.Round > 0 {
				at = "later"
			}
			c := got[at]
			c.replies++
			switch want := hand[i%3]; {
			case m.Answer == want:
				c.agree++
			case m.Answer == "":
				c.missed++
			case want == "":
				c.imagined++
			default:
				c.other++
			}
			got[at] = c
		}
	}
	if used != 3*len(labels) {
		t.Errorf("%d of %d labels are of replies of the recording", used, 3*len(labels))
	}
	want := map[string]count{"mmlu, first": {60, 49, 8, 3, 0}, "csqa, first": {60, 55, 4, 1, 0}, "gsm8k, first": {45, 37, 0, 8, 0}, "later": {72, 55, 4, 12, 1}}
	if !maps.Equal(got, want) {
		t.Errorf("%+v\nwant %+v", got, want)
	}
}

// TestTransitionsOfWhatIsReadByHand holds the transitions of twelve naive debates against those of the answers read by hand in the same texts.
// The flips by hand between right and wrong are all read; one more is, in a reply that is cut off in mid-computation. Most other fates that
// differ are of replies that have an answer for the program and none by hand, or the other way round.
func TestTransitionsOfWhatIsReadByHand(t *testing.T) {
	labels := byHand(t)
	same, all := 0, 0
	var flips, readFlips []string
	for _, rec := range records(t) {
		if rec.Case.Arm != "naive" || labels[turn{rec.Case.Item, 2}] == nil {
			continue
		}
		flip := func(tr debate.Transition) string {
			return fmt.Sprintf("%s %s %d: %s to %s", rec.Case.Item, rec.Transcript.Agents[tr.Agent], tr.Round, tr.Before, tr.After)
		}
		read := debate.Transitions(rec.Transcript, rec.Key)
		for i := range rec.Transcript.Messages {
			m := &rec.Transcript.Messages[i]
			m.Answer = labels[turn{rec.Case.Item, m.Round}][i%3]
		}
		for i, tr := range debate.Transitions(rec.Transcript, rec.Key) {
			all++
			if read[i].Fate() == tr.Fate() {
				same++
			}
			if flipped(tr) {
				flips = append(flips, flip(tr))
			}
			if flipped(read[i]) {
				readFlips = append(readFlips, flip(read[i]))
			}
		}
	}
	want := []string{
		"csqa/1003 qwen2.5-coder-0.5b 2: A to E",
		"csqa/1003 qwen2.5-coder-1.5b 2: E to A",
		"csqa/1166 qwen2.5-coder-0.5b 1: C to E",
		"csqa/1166 qwen2.5-coder-1.5b 1: E to D",
		"csqa/1166 qwen2.5-coder-0.5b 2: E to D",
		"csqa/1166 qwen2.5-coder-1.5b 2: D to E",
		"mmlu/college_mathematics/75 qwen2.5-coder-0.5b 1: C to D",
		"mmlu/college_mathematics/75 qwen2.5-coder-1.5b 1: D to C",
		"mmlu/college_physics/27 qwen2.5-coder-0.5b 1: A to B",
		"mmlu/college_physics/27 qwen2.5-coder-1.5b 1: B to A",
		"mmlu/college_physics/27 qwen2.5-coder-0.5b 2: B to A",
	}
	if !slices.Equal(flips, want) {
		t.Errorf("by hand\n%s", strings.Join(flips, "\n"))
	}
	if want = slices.Insert(want, 6, "gsm8k/121 qwen2.5-coder-1.5b 1: 27 to 26"); !slices.Equal(readFlips, want) {
		t.Errorf("read\n%s", strings.Join(readFlips, "\n"))
	}
	if same != 50 || all != 72 {
		t.Errorf("%d of %d fates are the same", same, all)
	}
}

// flipped reports whether an agent went from a right answer to a wrong one, or back.
func flipped(tr debate.Transition) bool {
	return tr.Fate() == debate.Corrected || tr.Fate() == debate.Corrupted
}
