package twin

import (
	"math"
	"strings"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/protocols"
)

// What is written can be read, and says the same: values, errors, the covariance on the unconstrained scale, and warnings.
func TestProfileOfATwinIsAProfileFile(t *testing.T) {
	tw := twinOf(t, simulate(t, known(), questions("s", 60), protocols.Naive{Schedule: protocols.Schedule{Rounds: 1}}))
	f, err := tw.Profile("m@test")
	if err != nil {
		t.Fatal(err)
	}
	read, err := profiles.Parse("m.yaml", []byte(f.String()))
	if err != nil {
		t.Fatal(err)
	}
	all, err := tw.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != len(read.Covariance.Of) || len(all) != 16 {
		t.Fatalf("%d parameters, covariance of %v", len(all), read.Covariance.Of)
	}
	for i, par := range all {
		if got := par.Get(&read.Profile); got != par.Value {
			t.Errorf("%s is %v in the file, %v in the twin", par.Name, got, par.Value)
		}
		if got := math.Sqrt(read.Covariance.Rows[i][i]); math.Abs(got-par.SE) > 1e-12 {
			t.Errorf("%s has the standard error %v in the file, %v in the twin", par.Name, got, par.SE)
		}
		if got := read.StandardErrors[par.Name]; math.Abs(got-par.Spread()) > 1e-12 {
			t.Errorf("%s ± %v in the file, %v in the twin", par.Name, got, par.Spread())
		}
	}
	if read.Profile.Choice != read.Profile.Abilities["s"] || read.Profile.Number != read.Profile.Abilities["s"] {
		t.Error("other sets have other abilities")
	}
	if got := strings.Join(read.Warnings, "\n"); !strings.Contains(got, "on number questions of other data sets the abilities on s are assumed") ||
		!strings.Contains(got, "confidence_weight cannot be told") {
		t.Errorf("warnings\n%s", got)
	}
}

// The probabilities of a twin are those of the simulated agent that it is: over many repeats of one choice the frequencies agree.
func TestTwinAndSimulatedAgentChooseAlike(t *testing.T) {
	p := known()
	p.Abilities["s"] = simulated.Ability{Accuracy: 0.6, Concentration: 0.7, Loss: 0.3, Pull: 0.6} // of consistency 0: nothing is unseen but what tempts
	d := simulate(t, p, questions("s", 1500), protocols.Naive{Schedule: protocols.Schedule{Rounds: 1}})
	ts, err := Fit(d)
	if err != nil {
		t.Fatal(err)
	}
	tw := ts.Twins[0]
	for i := range tw.Parameters { // the truth in place of the estimates
		tw.Parameters[i].Value = tw.Parameters[i].Get(&p)
	}
	predictor := ts.Predictor(d)
	var observed, expected, variance [3]float64 // the own answer kept, another one that was heard, a new one
	for i := range d.Steps {
		s := &d.Steps[i]
		if s.Chosen < -1 {
			continue
		}
		probs := predictor.Probabilities(s)
		fate := [3]float64{probs[0], 0, probs[len(probs)-1]}
		fate[1] = 1 - fate[0] - fate[2]
		switch {
		case s.Chosen == 0:
			observed[0]++
		case s.Chosen > 0:
			observed[1]++
		default:
			observed[2]++
		}
		for k, q := range fate {
			expected[k] += q
			variance[k] += q * (1 - q)
		}
	}
	for k, name := range []string{"kept", "adopted", "new"} {
		// The twin's accuracy and concentration are estimates, and choices of a question are alike: hence four standard errors of independent ones.
		if math.Abs(observed[k]-expected[k]) > 4*math.Sqrt(variance[k]) {
			t.Errorf("%s: %.0f observed, %.1f expected, standard error %.1f", name, observed[k], expected[k], math.Sqrt(variance[k]))
		}
	}
}
