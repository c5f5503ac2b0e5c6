package spec

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const ofProfile = `
datasets: [sample-numbers]
teams: {t: [sim:sub/twin.yaml, sim:sub/twin.yaml, sim:mistral-7b, "sim:mistral-7b@wynn2025"]}
arms: [{protocol: naive}]
`

// load writes an experiment beside the profile file sub/twin.yaml with that own weight, and loads it.
func load(t *testing.T, dir, ownWeight, warning string) *Spec {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, "sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	profile := "name: twin\nparameters: {own_weight: " + ownWeight + ", number.accuracy: 0.5}\nwarnings: [" + warning + "]\n"
	for name, text := range map[string]string{"x.yaml": ofProfile, "sub/twin.yaml": profile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Load(filepath.Join(dir, "x.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProfilesAreLabelledByNameOrFile(t *testing.T) {
	s := load(t, t.TempDir(), "1", "none")
	got := strings.Join(Labels(s.Teams["t"]), " ")
	if want := "twin twin#2 mistral-7b mistral-7b@wynn2025"; got != want {
		t.Errorf("labels %s, want %s", got, want)
	}
}

// TestASealedSpecNeedsNoProfileFile: what a run stores can be run again where the file is gone, with the same parameters.
func TestASealedSpecNeedsNoProfileFile(t *testing.T) {
	dir := t.TempDir()
	s := load(t, dir, "1.25", "few data")
	text := s.Sealed().String()
	if len(s.Profiles) > 0 || strings.HasPrefix(s.Teams["t"][0].Agent, "sim:/") {
		t.Errorf("sealing changed the spec: %s", s)
	}
	if err := os.RemoveAll(filepath.Join(dir, "sub")); err != nil {
		t.Fatal(err)
	}
	again, err := Parse("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if err := again.Check(); err != nil {
		t.Fatal(err)
	}
	f, err := again.Profile(strings.TrimPrefix(again.Teams["t"][0].Agent, SimPrefix))
	if err != nil || f.Profile.OwnWeight != 1.25 {
		t.Errorf("profile %+v, %v", f, err)
	}
	for _, name := range []string{"mistral-7b", "mistral-7b@wynn2025"} {
		if again.Profiles[name] == nil {
			t.Errorf("the shipped profile %s is not in the sealed spec", name)
		}
	}
	if got := again.Sealed().String(); got != text {
		t.Errorf("sealed again:\n%s\nfirst:\n%s", got, text)
	}
	if again.Essence().String() != s.Essence().String() {
		t.Error("the sealed spec has another essence")
	}
}

// TestAChangedProfileIsAnotherExperiment: its parameters are of the essence, what else it says is not.
func TestAChangedProfileIsAnotherExperiment(t *testing.T) {
	dir := t.TempDir()
	was := load(t, dir, "1", "one").Essence().String()
	if load(t, dir, "1", "another").Essence().String() != was {
		t.Error("another warning makes another experiment")
	}
	if load(t, dir, "1.5", "one").Essence().String() == was {
		t.Error("another own weight does not make another experiment")
	}
}

// TestAProfileIsReadOnce: a file that changes while a run is made does not make it run with one profile and remember another.
func TestAProfileIsReadOnce(t *testing.T) {
	dir := t.TempDir()
	s := load(t, dir, "1", "none")
	load(t, dir, "2", "none")
	f, err := s.Profile("sub/twin.yaml")
	if err != nil || f.Profile.OwnWeight != 1 {
		t.Errorf("profile %+v, %v", f, err)
	}
}
