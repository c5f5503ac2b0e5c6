package protocols

import (
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"cheaptalk/debate"
)

// line is what a fake agent says in one round: an answer, a confidence, or a failure ("!").
type line struct {
	answer     debate.Answer
	confidence debate.Confidence
}

// fake says its lines in order.
type fake struct {
	name  string
	lines []line
}

func (f fake) Name() string { return f.name }

func (f fake) Reply(_ context.Context, turn debate.Turn) (debate.Reply, error) {
	l := f.lines[turn.Round]
	if l.answer == "!" {
		return debate.Reply{}, fmt.Errorf("no answer")
	}
	return debate.Reply{Answer: l.answer, Confidence: l.confidence}, nil
}

// say makes lines without a confidence from a text such as "A B ? !": ? is unreadable, ! fails.
func say(text string) []line {
	var lines []line
	for _, f := range strings.Fields(text) {
		if f == "?" {
			f = ""
		}
		lines = append(lines, line{answer: debate.Answer(f)})
	}
	return lines
}

// hold runs a debate of fakes a, b, c ... and returns its transcript; a turn that fails abstains.
func hold(t *testing.T, p debate.Protocol, team ...[]line) *debate.Transcript {
	t.Helper()
	d := debate.Debate{Question: debate.Question{ID: "t/1", Choices: []string{"w", "x", "y", "z"}}, Protocol: p, OnFailure: debate.Abstain}
	for i, lines := range team {
		d.Team = append(d.Team, fake{name: string(rune('a' + i)), lines: lines})
	}
	tr, _, err := d.Run(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr
}

// heard writes who was called under which task and heard whom, a line a message: "1 b revise a c".
func heard(t *debate.Transcript) string {
	var s strings.Builder
	for _, m := range t.Messages {
		fmt.Fprintf(&s, "%d %s %s", m.Round, m.From, m.Brief.Task)
		for _, seq := range m.Heard {
			fmt.Fprintf(&s, " %s%d", t.Messages[seq].From, t.Messages[seq].Round)
		}
		s.WriteString("\n")
	}
	return s.String()
}

func TestWhoHearsWhom(t *testing.T) {
	three := [][]line{say("A A A"), say("B A A"), say("C C A")}
	solve := "0 a solve\n0 b solve\n0 c solve\n"
	everyone := func(task string) string {
		s := solve
		for _, round := range []int{1, 2} {
			p := round - 1
			s += fmt.Sprintf("%d a %s b%d c%d\n%d b %s a%d c%d\n%d c %s a%d b%d\n", round, task, p, p, round, task, p, p, round, task, p, p)
		}
		return s
	}
	two := Schedule{Rounds: 2}
	for _, c := range []struct {
		protocol debate.Protocol
		want     string
	}{
		{Independent{}, solve},
		{Naive{}, solve},
		{Naive{two}, everyone("revise")},
		{ConsensusPenalized{two}, everyone("critique")},
		{SelfRevision{two}, solve + "1 a reflect\n1 b reflect\n1 c reflect\n2 a reflect\n2 b reflect\n2 c reflect\n"},
	} {
		if got := heard(hold(t, c.protocol, three...)); got != c.want {
			t.Errorf("%s %+v:\n%s\nwant\n%s", c.protocol.Name(), c.protocol, got, c.want)
		}
	}
}

func TestConfidenceWeightedShowsTheMostConfidentFirst(t *testing.T) {
	sure := func(a debate.Answer, p float64) []line { return []line{{a, debate.Sure(p)}, {a, debate.Sure(p)}} }
	unsaid := []line{{answer: "D"}, {answer: "D"}}
	tr := hold(t, ConfidenceWeighted{Schedule: Schedule{Rounds: 1}}, sure("A", 0.65), sure("B", 0.95), sure("C", 0.95), unsaid)
	want := "1 a revise b0 c0 d0\n1 b revise c0 a0 d0\n1 c revise b0 a0 d0\n1 d revise b0 c0 a0\n"
	if got := heard(tr); !strings.HasSuffix(got, want) {
		t.Errorf("got\n%s\nwant it to end\n%s", got, want)
	}
	for _, m := range tr.Messages[4:] {
		if m.Brief.Confidence != debate.ReConcile {
			t.Errorf("agent %s was shown confidence %q, want %q", m.From, m.Brief.Confidence, debate.ReConcile)
		}
	}
	// Under the stated confidence .95 and .92 differ; under ReConcile's steps both weigh .8 and team order decides.
	order := func(c debate.Calibration) string {
		return heard(hold(t, ConfidenceWeighted{Schedule{Rounds: 1}, c}, sure("A", 0.2), sure("B", 0.92), sure("C", 0.95)))
	}
	if got := order(debate.AsStated); !strings.Contains(got, "1 a revise c0 b0") {
		t.Errorf("as stated:\n%s", got)
	}
	if got := order(debate.ReConcile); !strings.Contains(got, "1 a revise b0 c0") {
		t.Errorf("recalibrated:\n%s", got)
	}
}

func TestUnanimityEndsTheDebate(t *testing.T) {
	until := Naive{Schedule{Rounds: 3, Stop: Unanimity}}
	for _, c := range []struct {
		claim string
		team  [][]line
		last  int
	}{
		{"at once", [][]line{say("A"), say("A")}, 0},
		{"after a round", [][]line{say("A A"), say("B A")}, 1},
		{"never", [][]line{say("A A A A"), say("B B B B")}, 3},
		{"not on unreadable replies", [][]line{say("? ? ? A"), say("? ? ? B")}, 3},
		{"an agent that never answered is not part of it", [][]line{say("A A A A"), say("! ! ! !")}, 3},
		{"an answer is carried over a failed turn", [][]line{say("A A"), say("B A"), say("A !")}, 1},
	} {
		if got := hold(t, until, c.team...).LastRound(); got != c.last {
			t.Errorf("%s: the last round is %d, want %d", c.claim, got, c.last)
		}
	}
}

func TestAPeerThatFailedIsNotHeard(t *testing.T) {
	got := heard(hold(t, Naive{Schedule{Rounds: 2}}, say("A A A"), say("B ! B"), say("C C C")))
	if !strings.Contains(got, "2 a revise c1\n2 b revise a1 c1\n2 c revise a1\n") {
		t.Errorf("got\n%s", got)
	}
}

func TestProtocolsArePureFunctionsOfTheTranscript(t *testing.T) {
	tr := hold(t, Naive{Schedule{Rounds: 1}}, say("A A"), say("B A"))
	for _, p := range []debate.Protocol{Independent{}, Naive{Schedule{Rounds: 3}}, ConfidenceWeighted{Schedule: Schedule{Rounds: 3}},
		ConsensusPenalized{Schedule{Rounds: 3}}, SelfRevision{Schedule{Rounds: 3}}} {
		before := fmt.Sprintf("%+v", tr)
		first, second := p.Next(tr), p.Next(tr)
		if !reflect.DeepEqual(first, second) {
			t.Errorf("%s: %v, then %v", p.Name(), first, second)
		}
		if after := fmt.Sprintf("%+v", tr); after != before {
			t.Errorf("%s changed the transcript:\n%s\n%s", p.Name(), before, after)
		}
	}
}
