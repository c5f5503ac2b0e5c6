package calibrate

import (
	"math"
	"slices"
	"strings"
	"testing"

	"cheaptalk/agents/simulated"
	"cheaptalk/agents/simulated/profiles"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
	"cheaptalk/internal/calibrate/stage"
	"cheaptalk/internal/race"
)

// TestKnownParametersAreFound fits to the reactions of a known profile on other questions with other luck.
func TestKnownParametersAreFound(t *testing.T) {
	race.SkipPure(t)
	truth := assumed("known", "test")
	truth.Unreadable, truth.OwnWeight, truth.PeerWeight, truth.Redraw, truth.NewAnswer = 0, 2, 0.8, 0.15, 0.1
	truth.Choice = simulated.Ability{Accuracy: 0.6, Consistency: 0.7, Concentration: moments.Round(simulated.Logit.Value(concentration[0])), Loss: 0.3, Pull: 0.5}
	peers := stage.NewPeers(20000, 99)
	var reactions []figures.Reaction
	for _, kind := range figures.PeerTypes {
		out := peers.Play(&truth, scripts[kind])
		reactions = append(reactions, figures.Reaction{Model: "known", Peers: kind, Right: out.Solo.K, Wrong: out.Solo.N - out.Solo.K,
			Harmful: 100 * out.Harmful.Rate(), Beneficial: 100 * out.Beneficial.Rate()})
	}
	s := moments.Settings{Starts: 3, Debates: 4000}
	p, err := Scripted("known", reactions, "test", s)
	if err != nil {
		t.Fatal(err)
	}
	f, err := p.Fit(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	u, err := f.Uncertainty()
	if err != nil {
		t.Fatal(err)
	}
	if f.Data > 20 {
		t.Errorf("squared residuals %.1f of 7 figures that the model can give", f.Data)
	}
	for i, want := range p.Point([]simulated.Profile{truth}) {
		if z := (f.X[i] - want) / u.SE(i); math.Abs(z) > 3 {
			t.Errorf("%s is %.2f, true %.2f: %.1f standard errors", p.Knobs[i].Name, f.X[i], want, z)
		}
	}
	g, err := p.Fit(t.Context(), s)
	if err != nil || !slices.Equal(f.X, g.X) {
		t.Errorf("the same settings give %v and %v, %v", f.X, g.X, err)
	}
}

// TestShippedProfilesAreTheirFits: the loss that a shipped file states is that of its parameters, under the settings of its command.
func TestShippedProfilesAreTheirFits(t *testing.T) {
	race.SkipPure(t)
	if testing.Short() {
		t.Skip("many thousand debates")
	}
	s := moments.Settings{Seed: 1}
	wynn, _, err := Wynn(s)
	if err != nil {
		t.Fatal(err)
	}
	problems, _, err := Qu(s)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(problems, wynn) {
		ps, err := p.Shipped()
		if err != nil {
			t.Fatal(err)
		}
		f, err := p.At(ps)
		if err != nil {
			t.Fatal(err)
		}
		for i := range ps {
			file := shipped(t, ps[i].Name)
			if got := f.Words(); !slices.Contains(file.Sources, got) {
				t.Errorf("%s: its parameters have %q, the file says %q", ps[i].Name, got, file.Sources[len(file.Sources)-1])
			}
			if !strings.HasPrefix(file.MadeBy, "cheaptalk calibrate ") {
				t.Errorf("%s is made by %q", ps[i].Name, file.MadeBy)
			}
		}
	}
}

func shipped(t *testing.T, name string) *profiles.File {
	t.Helper()
	f, err := profiles.Shipped(name)
	if err != nil {
		t.Fatal(err)
	}
	return f
}
