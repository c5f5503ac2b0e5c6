package reports_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/internal/sample"
	"cheaptalk/reports/stats"
)

// stream yields records.
func stream(records ...*debate.Record) iter.Seq2[*debate.Record, error] {
	return func(yield func(*debate.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// gather is the inverse of stream.
func gather(t *testing.T, seq iter.Seq2[*debate.Record, error]) []*debate.Record {
	t.Helper()
	var all []*debate.Record
	for r, err := range seq {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

func analyze(t *testing.T, opts reports.Options, records ...*debate.Record) *reports.Report {
	t.Helper()
	r, err := reports.Analyze(stream(records...), opts)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// held writes a debate in which everyone hears everyone: a word a round, a letter an agent, "?" unreadable, "." not asked. The key is A.
// verdict is that of the only judge, "" for none.
func held(arm, item, rounds, verdict string) *debate.Record {
	t := &debate.Transcript{Question: debate.Question{ID: item}}
	for round, answers := range strings.Fields(rounds) {
		before := t.At(round - 1)
		for i, a := range answers {
			name := string(rune('a' + i))
			if round == 0 {
				t.Agents = append(t.Agents, name)
			}
			if a == '.' {
				continue
			}
			m := debate.Message{Seq: len(t.Messages), Round: round, From: name}
			if a != '?' {
				m.Answer = debate.Answer(string(a))
			}
			if round > 0 {
				for j, seq := range before {
					if j != i {
						m.Heard = append(m.Heard, seq)
					}
				}
			}
			t.Messages = append(t.Messages, m)
		}
	}
	r := &debate.Record{Case: debate.Case{Arm: arm, Item: item}, Key: "A", Transcript: t}
	if verdict != "" {
		r.Verdicts = []debate.Verdict{{Judge: "plurality", Answer: debate.Answer(strings.Trim(verdict, "?"))}}
	}
	return r
}

func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}

// kn compares the counts of a rate.
func kn(t *testing.T, what string, r stats.Rate, k, n int) {
	t.Helper()
	if r.K != k || r.N != n {
		t.Errorf("%s = %d/%d, want %d/%d", what, r.K, r.N, k, n)
	}
}

func TestAnalyzeCountsByHand(t *testing.T) {
	r := analyze(t, reports.Options{},
		held("naive", "x/1", "AAB ABB", "B"), // right before, lost; b was swayed: one of two peers held B
		held("naive", "x/2", "BBC BBB", "B"), // wrong, stays wrong; c moved
		held("naive", "x/3", "ABB AAA", "A"), // recovered, by a minority
		held("naive", "x/4", "A?A AA?", "A"), // right; b became readable, c unreadable
		held("naive", "x/5", "ABB BBB", "?"), // abstained; a gave up with both peers on B
		&debate.Record{Case: debate.Case{Arm: "naive", Item: "x/6"}, Key: "A", Failed: "down"},
	)
	a := r.Overall.Arms[0]
	check(t, "questions", a.Questions, 6)
	check(t, "debates", a.Debates, 5)
	check(t, "failed", a.Failed, 1)
	check(t, "unreadable", a.Unreadable, 1)
	check(t, "primary", a.Primary, "plurality")
	check(t, "independent", a.Independent, false)
	kn(t, "single", a.Single, 6, 15)
	kn(t, "oracle", a.Oracle, 4, 5)
	kn(t, "before", a.Before, 2, 5)
	kn(t, "after", a.After, 2, 5)
	check(t, "worst case", a.WorstCase, 2.0/6)
	check(t, "best case", a.BestCase, 3.0/6)
	check(t, "won", a.Change.B, 1)
	check(t, "lost", a.Change.C, 1)
	check(t, "p", a.Change.P, 1)
	check(t, "changed", a.Changed, 3)
	check(t, "worse", a.Worse, 1)
	check(t, "better", a.Better, 1)
	kn(t, "recovery", a.Recovery, 1, 3)
	kn(t, "minority correction", a.MinorityCorrection, 1, 2)
	kn(t, "majority loss", a.MajorityLoss, 1, 2)
	check(t, "oracle gap", a.OracleGap.Value, 2.0/5)
	kn(t, "harmful", a.Revisions.Harmful, 2, 6)
	kn(t, "beneficial", a.Revisions.Beneficial, 2, 8)
	kn(t, "lost", a.Revisions.Lost, 1, 14)
	kn(t, "swayed", a.Influence.Swayed, 1, 2)
	check(t, "readers", a.Readers, 2)
	check(t, "moved", a.Revisions.Matrix.Moved, 1)
	kn(t, "consensus before", a.Rounds[0].Consensus, 0, 5)
	kn(t, "consensus after", a.Rounds[1].Consensus, 3, 5)
	kn(t, "mean agent after", a.Rounds[1].Mean, 6, 15)
	check(t, "unreadable before", a.Rounds[0].Unreadable, 1)
	check(t, "unreadable after", a.Rounds[1].Unreadable, 1)
	check(t, "debating", a.Rounds[1].Debating, 5)
	two := math.Log(3) - 2.0/3*math.Log(2) // entropy of 2:1
	if got, want := a.Rounds[0].Entropy, 4*two/5; math.Abs(got-want) > 1e-12 {
		t.Errorf("entropy = %v, want %v", got, want)
	}
	// x/1: a (B agrees: one, b) held, b (a agrees) gave up. x/3: a, nobody agrees, held. x/4: a and c, one agrees each. x/5: a, nobody.
	check(t, "conformity levels", len(a.Conformity), 2)
	kn(t, "with 0 agreeing", a.Conformity[0].Harmful, 1, 2)
	kn(t, "with 1 agreeing", a.Conformity[1].Harmful, 1, 4)
	check(t, "self-consistency", a.SelfConsistency.Run(), false)
	check(t, "calls", a.Cost.Calls, 6.0)
}

func TestAnswersAreCarriedForward(t *testing.T) {
	r := analyze(t, reports.Options{},
		held("naive", "x/1", "AB .A", "A"),    // a no longer speaks
		held("naive", "x/2", "AA", "A"),       // over at once
		held("naive", "x/3", "BB AB AA", "A"), // the longest
	)
	a := r.Overall.Arms[0]
	check(t, "rounds", len(a.Rounds), 3)
	for i, want := range []struct{ right, debating, asked int }{{3, 3, 6}, {5, 2, 3}, {6, 1, 2}} {
		kn(t, "mean agent", a.Rounds[i].Mean, want.right, 6)
		check(t, "debates", a.Rounds[i].Vote.N, 3)
		check(t, "debating", a.Rounds[i].Debating, want.debating)
		check(t, "asked", a.Rounds[i].Asked, want.asked)
	}
	check(t, "transitions", a.Revisions.Matrix.Total(), 5)
}

// The matrix of the report is the sum of debate.Transitions, the dumb way.
func TestMatrixIsTheSumOfTransitions(t *testing.T) {
	run := sample.Run{}
	want := map[string]*debate.Matrix{}
	perAgent := map[string]*debate.Matrix{}
	for rec := range run.Records() {
		if rec.Failed != "" {
			continue
		}
		for _, tr := range debate.Transitions(rec.Transcript, rec.Key) {
			for m, key := range map[*map[string]*debate.Matrix]string{&want: rec.Case.Arm, &perAgent: rec.Case.Arm + rec.Transcript.Agents[tr.Agent]} {
				if (*m)[key] == nil {
					(*m)[key] = &debate.Matrix{}
				}
				(*m)[key].Add(tr)
			}
		}
	}
	r, err := reports.Analyze(run.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range r.Overall.Arms {
		if m := want[a.Name]; m != nil {
			check(t, a.Name, a.Revisions.Matrix, *m)
			check(t, a.Name+" harmful", debate.Share{K: a.Revisions.Harmful.K, N: a.Revisions.Harmful.N}, m.Harmful())
			check(t, a.Name+" beneficial", debate.Share{K: a.Revisions.Beneficial.K, N: a.Revisions.Beneficial.N}, m.Beneficial())
			check(t, a.Name+" lost", debate.Share{K: a.Revisions.Lost.K, N: a.Revisions.Lost.N}, m.Lost())
		} else {
			check(t, a.Name, a.Revisions.Matrix.Total(), 0)
		}
		var rounds debate.Matrix
		for _, at := range a.Rounds {
			rounds.Merge(at.Revisions.Matrix)
		}
		check(t, a.Name+" by round", rounds, a.Revisions.Matrix)
		for _, m := range a.Members {
			if w := perAgent[a.Name+m.Name]; w != nil {
				check(t, a.Name+" "+m.Name, m.Revisions.Matrix, *w)
			}
		}
	}
}

func TestOrderOfRecordsDoesNotMatter(t *testing.T) {
	records := gather(t, sample.Run{Items: 40, Repeats: 2}.Records())
	var first bytes.Buffer
	if err := analyze(t, reports.Options{}, records...).WriteJSON(&first); err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 3 {
		rng.Shuffle(len(records), func(i, j int) { records[i], records[j] = records[j], records[i] })
		var again bytes.Buffer
		if err := analyze(t, reports.Options{}, records...).WriteJSON(&again); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(first.Bytes(), again.Bytes()) {
			t.Fatal("the report depends on the order of the records")
		}
	}
}

func TestVoteBeforeIsTheVerdictOfItsJudge(t *testing.T) {
	rec := held("naive", "x/1", "AB AB", "A")
	rec.Verdicts = append(rec.Verdicts, debate.Verdict{Judge: "round-0 vote", Answer: "B", Tied: true})
	a := analyze(t, reports.Options{}, rec).Overall.Arms[0]
	kn(t, "before", a.Before, 0, 1)
	check(t, "tied before", a.BeforeTied, 1)
}

func TestTiesAreBrokenAsJudgesBreakThem(t *testing.T) {
	for seed := range uint64(40) {
		rec := held("naive", "x/1", "ABC ABC", "A")
		rec.Seed = seed
		want := 0
		if debate.BreakTie([]debate.Answer{"A", "B", "C"}, seed) == "A" {
			want = 1
		}
		a := analyze(t, reports.Options{}, rec).Overall.Arms[0]
		kn(t, "before", a.Before, want, 1)
		kn(t, "vote in round 1", a.Rounds[1].Vote, want, 1)
		check(t, "tied", a.BeforeTied, 1)
	}
}

// copies makes the agents of a record copies of two: a, b, a#2, b#2 and so on.
func copies(rec *debate.Record) *debate.Record {
	t := rec.Transcript
	for i, name := range t.Agents {
		t.Agents[i] = string(rune('a' + i%2))
		if i > 1 {
			t.Agents[i] += fmt.Sprintf("#%d", i/2+1)
		}
		for j := range t.Messages {
			if t.Messages[j].From == name && t.Messages[j].Seq%len(t.Agents) == i {
				t.Messages[j].From = t.Agents[i]
			}
		}
	}
	return rec
}

func TestSelfConsistencyIsThatOfTheSameAgents(t *testing.T) {
	r := analyze(t, reports.Options{},
		held("naive", "x/1", "AB AA", "A"),
		held("others", "x/1", "AAAAAAA", "A"), // agents a to g, who are not a and b
		copies(held("same", "x/1", "BBBBBBBBB", "A")),
	)
	check(t, "arm", r.Overall.Find("naive").SelfConsistency.Arm, "same")
	check(t, "arm of the others", r.Overall.Find("others").SelfConsistency.Arm, "others")
}

func TestSelfConsistencyTakesAsManyRepliesAsTheArmMakesCalls(t *testing.T) {
	records := []*debate.Record{
		held("naive", "x/1", "AB AA", "A"), // four calls
		held("naive", "x/2", "BB BB", "B"),
		copies(held("sampled", "x/1", "BBBAAAA", "A")), // of the first four, three say B
		copies(held("sampled", "x/2", "AAABBBB", "B")), // of the first four, three say A
		copies(held("sampled", "x/3", "AAAAAAA", "A")), // not debated by the other arm
	}
	r := analyze(t, reports.Options{}, records...)
	b := r.Overall.Find("naive").SelfConsistency
	check(t, "arm", b.Arm, "sampled")
	check(t, "samples", b.Samples, 4)
	kn(t, "self-consistency", b.Rate, 1, 2)
	check(t, "gain pairs", b.Gain.N, 2)
	own := r.Overall.Find("sampled").SelfConsistency
	check(t, "samples of the independent arm", own.Samples, 7)
	kn(t, "its own", own.Rate, 2, 3)

	for _, rec := range records[2:] { // a judge that calls a model counts
		rec.Transcript.Messages = rec.Transcript.Messages[:4]
		rec.Transcript.Agents = rec.Transcript.Agents[:4]
	}
	for _, rec := range records[:2] {
		rec.Verdicts[0].Usage.Calls = 1
	}
	r = analyze(t, reports.Options{}, records...)
	check(t, "with too few replies", r.Overall.Find("naive").SelfConsistency.Run(), false)
}

// On each question the agent that was best elsewhere, found by brute force.
func TestBestSingleIsChosenOnTheOtherQuestions(t *testing.T) {
	var records []*debate.Record
	rng := rand.New(rand.NewPCG(9, 9))
	for i := range 12 {
		answers := make([]byte, 3)
		for j := range answers {
			answers[j] = "AB"[rng.IntN(2)]
		}
		records = append(records, held("naive", "x/"+string(rune('a'+i)), string(answers)+" AAA", "A"))
	}
	want := 0
	for i, rec := range records {
		best, most := 0, -1
		for agent := range 3 {
			right := 0
			for j, other := range records {
				if j != i && other.Transcript.Messages[agent].Answer == "A" {
					right++
				}
			}
			if right > most {
				best, most = agent, right
			}
		}
		if rec.Transcript.Messages[best].Answer == "A" {
			want++
		}
	}
	kn(t, "best single", analyze(t, reports.Options{}, records...).Overall.Arms[0].BestSingle, want, 12)
	kn(t, "best single of one question", analyze(t, reports.Options{}, records[0]).Overall.Arms[0].BestSingle, 0, 0)
}

func TestArmsArePairedOnCommonCases(t *testing.T) {
	r := analyze(t, reports.Options{},
		held("independent", "x/1", "AB", "A"), held("independent", "x/2", "BB", "B"), held("independent", "x/3", "BB", "B"),
		held("naive", "x/2", "BB AA", "A"), held("naive", "x/3", "BB BB", "B"), held("naive", "x/4", "AA AA", "A"),
		&debate.Record{Case: debate.Case{Arm: "naive", Item: "x/1"}, Key: "A", Failed: "down"},
	)
	check(t, "comparisons", len(r.Overall.Comparisons), 1)
	c := r.Overall.Comparisons[0]
	check(t, "reference", c.Reference, "independent")
	check(t, "arm", c.Arm, "naive")
	check(t, "pairs", c.Difference.N, 2)
	check(t, "for naive", c.Difference.B, 1)
	check(t, "for independent", c.Difference.C, 0)
}

// TestTheJudgeIsToldFromTalk gives one arm another judge, and holds what that judge decides without talk against the records.
func TestTheJudgeIsToldFromTalk(t *testing.T) {
	type verdicts struct{ after, alone bool }
	cases := map[string]*verdicts{}
	records := func(yield func(*debate.Record, error) bool) {
		for rec := range (sample.Run{}).Records() {
			of := cases[rec.Case.Item]
			if of == nil {
				of = &verdicts{}
				cases[rec.Case.Item] = of
			}
			switch rec.Case.Arm {
			case "confidence":
				rec.Verdicts[0], rec.Verdicts[1] = rec.Verdicts[1], rec.Verdicts[0]
				of.after = rec.Verdicts[0].Answer == rec.Key
			case "independent":
				of.alone = rec.Verdicts[1].Answer == rec.Key
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
	r, err := reports.Analyze(records, reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	after, alone, gained, lost := 0, 0, 0, 0
	for _, of := range cases {
		switch {
		case of.after && !of.alone:
			gained++
		case of.alone && !of.after:
			lost++
		}
		if of.after {
			after++
		}
		if of.alone {
			alone++
		}
	}
	got := r.Overall.Find("confidence")
	if j := got.SameJudge; got.After.K != after || j.Arm != "independent" || j.Rate.K != alone || j.Rate.N != 160 || j.Talk.B != gained || j.Talk.C != lost || gained+lost == 0 {
		t.Errorf("after %d, alone %d, gained %d, lost %d; got %+v and %+v", after, alone, gained, lost, got.After, j)
	}
	if j := r.Overall.Find("naive").SameJudge; j.Arm != "independent" || j.Talk.N != 0 || j.Rate.N != 0 {
		t.Errorf("the vote is its own judge: %+v", j)
	}
	if i := slices.IndexFunc(r.Notes, func(n reports.Note) bool {
		return n.About == "decisions" && n.Arm == "confidence" && strings.Contains(n.Text, "talk together")
	}); i < 0 {
		t.Errorf("no note: %+v", r.Notes)
	}
}

func TestHolmIsAppliedOverAllComparisons(t *testing.T) {
	r, err := reports.Analyze(sample.Run{}.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	byReference := map[string]int{}
	var p []float64
	for _, c := range r.Overall.Comparisons {
		byReference[c.Reference]++
		p = append(p, c.Difference.P)
	}
	check(t, "references", len(byReference), 3)
	check(t, "against independent", byReference["independent"], 5)
	check(t, "against naive", byReference["naive"], 3)
	check(t, "against self-consistency", byReference["self-consistency"], 4)
	for i, adjusted := range stats.Holm(p) {
		check(t, "Holm of "+r.Overall.Comparisons[i].Arm, r.Overall.Comparisons[i].Holm, adjusted)
	}
}

func TestQuestionsAreClusters(t *testing.T) {
	once := analyze(t, reports.Options{}, gather(t, sample.Run{Arms: []string{"naive"}}.Records())...).Overall.Arms[0]
	check(t, "one debate a question", once.After.Method, stats.Wilson)
	check(t, "several agents a question", once.Revisions.Harmful.Method, stats.Clustered)
	often := analyze(t, reports.Options{}, gather(t, sample.Run{Arms: []string{"naive"}, Repeats: 5}.Records())...).Overall.Arms[0]
	check(t, "five debates a question", often.After.Method, stats.Clustered)
	check(t, "questions", often.Questions, 160)
	if often.Change.Design <= 1 {
		t.Errorf("design effect %v of repeated questions", often.Change.Design)
	}
	if five := once.After.Spread() / math.Sqrt(5); often.After.Spread() < five {
		t.Errorf("five repeats narrow the interval to %v, as much as five times the questions would (%v)", often.After.Spread(), five)
	}
}

func TestSectionsAddUp(t *testing.T) {
	r, err := reports.Analyze(sample.Run{}.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "sets", len(r.Sets), 3)
	for _, a := range r.Overall.Arms {
		k, n, transitions := 0, 0, 0
		for i := range r.Sets {
			part := r.Sets[i].Find(a.Name)
			k, n, transitions = k+part.After.K, n+part.After.N, transitions+part.Revisions.Matrix.Total()
		}
		kn(t, a.Name, a.After, k, n)
		check(t, a.Name+" transitions", a.Revisions.Matrix.Total(), transitions)
	}
	one, err := reports.Analyze(sample.Run{OneSet: true, Items: 5}.Records(), reports.Options{})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "sections of one set", len(one.Sets), 0)
}

func TestOddRunsMarshal(t *testing.T) {
	failed := &debate.Record{Case: debate.Case{Arm: "naive", Item: "x/1"}, Key: "A", Failed: "down"}
	noJudge := held("naive", "x/1", "AB BB", "")
	judgeFailed := held("naive", "x/1", "AB BB", "B")
	judgeFailed.Verdicts[0] = debate.Verdict{Judge: "AggLM", Failed: "down"}
	for name, records := range map[string][]*debate.Record{
		"none": nil, "one": {held("naive", "x/1", "AB BB", "B")}, "all failed": {failed}, "one agent": {held("solo", "x/1", "A", "A")},
		"no judge": {noJudge}, "judge failed": {judgeFailed}, "all unreadable": {held("naive", "x/1", "?? ??", "?")},
		"independent alone": {held("independent", "x/1", "AB", "A")}, "id without a set": {held("naive", "1", "AB BB", "B"), held("naive", "x/1", "A", "A")},
	} {
		t.Run(name, func(t *testing.T) {
			r := analyze(t, reports.Options{Name: name}, records...)
			if _, err := json.Marshal(r); err != nil {
				t.Error(err)
			}
		})
	}
	a := analyze(t, reports.Options{}, judgeFailed).Overall.Arms[0]
	check(t, "failed", a.Failed, 1)
	check(t, "debates", a.Debates, 0)
	kn(t, "before", a.Before, 0, 1)
}

func TestAnalyzeRefuses(t *testing.T) {
	good := func() *debate.Record { return held("naive", "x/1", "AB BB", "B") }
	keyless, hollow, future, stranger := good(), good(), good(), good()
	keyless.Key = ""
	hollow.Transcript = nil
	future.Transcript.Messages[2].Heard = []int{7}
	stranger.Transcript.Messages[1].From = "z"
	for want, records := range map[string][]*debate.Record{
		"two records of naive x/1": {good(), good()},
		"no key":                   {keyless},
		"no transcript":            {hollow},
		"heard message 7":          {future},
		`from "z"`:                 {stranger},
	} {
		if _, err := reports.Analyze(stream(records...), reports.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	broken := errors.New("disk on fire")
	_, err := reports.Analyze(func(yield func(*debate.Record, error) bool) { yield(nil, broken) }, reports.Options{})
	if !errors.Is(err, broken) {
		t.Errorf("error %v does not wrap the stream's", err)
	}
	if _, err := reports.Analyze(stream(good()), reports.Options{Level: 95}); err == nil {
		t.Error("a level of 95 is taken")
	}
	if _, err := reports.Analyze(stream(good()), reports.Options{Reference: "nave"}); err == nil || !strings.Contains(err.Error(), `"nave"`) {
		t.Errorf("a reference that is not there: %v", err)
	}
}

func TestArmsComeInTheOrderAskedFor(t *testing.T) {
	r, err := reports.Analyze(sample.Run{Items: 3}.Records(), reports.Options{Arms: []string{"self-revision", "naive", "nobody"}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, a := range r.Overall.Arms {
		names = append(names, a.Name)
	}
	want := []string{"self-revision", "naive", "confidence", "independent", "penalized", "self-consistency"}
	if !slices.Equal(names, want) {
		t.Errorf("arms %v, want %v", names, want)
	}
}

func TestFlips(t *testing.T) {
	records := stream(
		held("naive", "x/1", "AAB BAB", "B"), held("naive", "x/2", "BCA AAA", "A"), held("naive", "x/3", "AB CB", "B"),
		&debate.Record{Case: debate.Case{Arm: "naive", Item: "x/4"}, Key: "A", Failed: "down"},
	)
	var got []string
	for f, err := range reports.Flips(records) {
		if err != nil {
			t.Fatal(err)
		}
		sign := "up"
		if f.Harmful() {
			sign = "down"
		}
		got = append(got, strings.Join([]string{sign, f.Case.Item, f.Agent, string(f.Before), string(f.After), strings.Join(f.Holders, "+")}, " "))
	}
	want := []string{"down x/1 a A B c", "up x/2 a B A c", "up x/2 b C A c", "down x/3 a A C "}
	if !slices.Equal(got, want) {
		t.Errorf("flips %q, want %q", got, want)
	}
	for range reports.Flips(records) { // stopping early is allowed
		break
	}
	bad := held("naive", "x/1", "AB BB", "B")
	bad.Transcript.Messages[2].Heard = []int{9}
	for _, err := range reports.Flips(stream(bad)) {
		if err == nil {
			t.Error("a message from the future is taken")
		}
	}
}

func BenchmarkAnalyze(b *testing.B) {
	var records []*debate.Record
	for rec := range (sample.Run{Items: 500}).Records() {
		records = append(records, rec)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := reports.Analyze(stream(records...), reports.Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(records)), "ns/record")
}

func TestWhatFailedIsInTheReportAndInNoRate(t *testing.T) {
	down := held("naive", "x/2", "AAA", "A")
	down.Failed, down.FailureKind, down.Verdicts = "no server", "unreachable", nil
	r := analyze(t, reports.Options{}, held("naive", "x/1", "AAA", "A"), down)
	if a := r.Overall.Arms[0]; a.Debates != 1 || a.Failed != 1 || a.After.N != 1 || a.Single.N != 3 {
		t.Errorf("%d debates, %d failed, %d after, %d single", a.Debates, a.Failed, a.After.N, a.Single.N)
	}
	if f := r.Failures; len(f) != 1 || f[0].Kind != "unreachable" || f[0].Debates != 1 || f[0].Case != down.Case || f[0].Message != "no server" {
		t.Errorf("failures %+v", f)
	}
}
