package twin

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/diff/fd"

	"cheaptalk/debate"
	"cheaptalk/internal/twin/alone"
	"cheaptalk/internal/twin/belief"
	"cheaptalk/internal/twin/steps"
	"cheaptalk/protocols"
)

func TestGradientIsThatOfTheLikelihood(t *testing.T) {
	rounds := protocols.Schedule{Rounds: 2}
	d := simulate(t, known(), questions("s", 40), protocols.Naive{Schedule: rounds}, protocols.ConsensusPenalized{Schedule: rounds},
		protocols.ConfidenceWeighted{Schedule: rounds})
	e := belief.NewEvidence(d, alone.Fit(d))
	p, err := newProblem(d, e, 0, e.Histories(nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, shift := range []float64{0, 0.4, -0.7} {
		x := make([]float64, len(p.slots))
		for i, s := range p.slots {
			x[i] = s.mean + shift*s.sd
		}
		got := make([]float64, len(x))
		p.negative(x, got, nil)
		want := fd.Gradient(nil, func(x []float64) float64 { return p.negative(x, nil, nil) }, x, &fd.Settings{Formula: fd.Central})
		for i, s := range p.slots {
			if math.Abs(got[i]-want[i]) > 1e-4*(1+math.Abs(want[i])) {
				t.Errorf("at %+.1f spreads, %s: %.7f, central difference %.7f", shift, s.Name, got[i], want[i])
			}
		}
	}
}

// made returns the data of n debates on n questions: one agent says B, the other as given, and A is the key; then the first hears the second and
// chooses as chosen says.
func made(n int, peer debate.Answer, chosen func(i int) int) *steps.Data {
	d := &steps.Data{Agents: []string{"a", "b"}}
	for i := range n {
		step := steps.Step{Talk: i, Round: 1, Task: debate.Revise, Peers: 1, Chosen: chosen(i), Table: []steps.Option{{Answer: "B"}, {Answer: peer, Heard: 1, First: true}}}
		if peer == "B" {
			step.Table = []steps.Option{{Answer: "B", Heard: 1, First: true}}
		}
		talk := steps.Talk{Question: i, Set: "s", Wrongs: 3, Key: "A", First: []steps.Answer{{Talk: i, Said: "B"}, {Talk: i, Agent: 1, Said: peer}}}
		d.Questions = append(d.Questions, fmt.Sprint("s/", i))
		d.Debates, d.Steps, d.Alone = append(d.Debates, talk), append(d.Steps, step), append(d.Alone, talk.First...)
	}
	return d
}

func warningsOf(t *testing.T, d *steps.Data) string {
	t.Helper()
	ts, err := Fit(d)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(ts.Twins[0].Warnings, "\n")
}

func TestPeersWhoAlwaysAgreeTellNothingOfTheirWeight(t *testing.T) {
	got := warningsOf(t, made(60, "B", func(int) int { return 0 }))
	for _, want := range []string{
		"peer_weight cannot be told from the data: no peer ever holds another answer",
		"own_weight cannot be told from the data: no peer ever holds another answer",
		"unanimity cannot be told from the data: no peer ever holds another answer, so that its effect is in redraw",
		"confidence_weight cannot be told from the data: no confidence was shown",
		"critique_own cannot be told from the data: no brief is critical",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no warning %q in\n%s", want, got)
		}
	}
}

// With one peer who always holds another answer, only the difference of the own and the peer's weight shows.
func TestWeightsThatMoveTogetherAreNamed(t *testing.T) {
	got := warningsOf(t, made(200, "A", func(i int) int { return i % 2 }))
	if !strings.Contains(got, "cannot be told") || !strings.Contains(got, "own_weight") {
		t.Errorf("nothing is said of own_weight:\n%s", got)
	}
}

func TestFewQuestionsAreSaid(t *testing.T) {
	if got := warningsOf(t, made(1, "A", func(int) int { return 0 })); !strings.Contains(got, "rest on 1 question and") ||
		!strings.Contains(got, "unanimity cannot be told from the data: the agent never hears all agree with it") {
		t.Errorf("one question: no warning in\n%s", got)
	}
	if got := warningsOf(t, made(10, "A", func(i int) int { return i % 2 })); !strings.Contains(got, "rest on 10 questions") {
		t.Errorf("no warning of few questions:\n%s", got)
	}
}

// With debates of several sizes, among agents that disagree, everything that occurs is told.
func TestWhatIsToldIsNotWarnedOf(t *testing.T) {
	d := simulate(t, known(), questions("s", 400), protocols.Naive{Schedule: protocols.Schedule{Rounds: 1}})
	tw := twinOf(t, d)
	for _, w := range tw.Warnings {
		if strings.HasPrefix(w, "own_weight cannot") || strings.HasPrefix(w, "peer_weight cannot") || strings.HasPrefix(w, "redraw cannot") {
			t.Error(w)
		}
	}
}

// Self-revision is where nothing but the spontaneous redraw and the taste for new answers act.
func TestSelfRevisionSharpensRedraw(t *testing.T) {
	rounds := protocols.Schedule{Rounds: 2}
	p := known()
	p.NewAnswer = 0
	redraw := func(how ...debate.Protocol) Parameter {
		for _, par := range twinOf(t, simulate(t, p, questions("s", 300), how...)).Parameters {
			if par.Name == "redraw" {
				return par
			}
		}
		t.Fatal("no redraw")
		return Parameter{}
	}
	without, with := redraw(protocols.Naive{Schedule: rounds}), redraw(protocols.Naive{Schedule: rounds}, protocols.SelfRevision{Schedule: rounds})
	if with.SE > 0.75*without.SE {
		t.Errorf("standard error %.3f with self-revision, %.3f without", with.SE, without.SE)
	}
}

func TestSelfRevisionAloneIsSaidToTellLittle(t *testing.T) {
	got := warningsOf(t, simulate(t, known(), questions("s", 300), protocols.SelfRevision{Schedule: protocols.Schedule{Rounds: 2}}))
	for _, want := range []string{"is hardly told by the data (condition number", "peer_weight cannot be told from the data: the agent never hears anyone"} {
		if !strings.Contains(got, want) {
			t.Errorf("no warning %q in\n%s", want, got)
		}
	}
}
