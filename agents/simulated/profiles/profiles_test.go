package profiles

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"cheaptalk/agents/simulated"
)

func TestShippedProfilesCanBeReadAndAreNamedByTheirFiles(t *testing.T) {
	names := Names()
	for _, want := range []string{"gpt-4o-mini@wynn2025", "llama-3.1-8b@wynn2025", "mistral-7b@wynn2025"} {
		if !slices.Contains(names, want) {
			t.Errorf("%s is not among %v", want, names)
		}
	}
	for _, name := range names {
		f, err := Shipped(name)
		if err != nil {
			t.Error(err)
			continue
		}
		if f.Profile.Name != name || f.MadeBy == "" || len(f.Sources) == 0 {
			t.Errorf("%s is named %q, made by %q from %v", name, f.Profile.Name, f.MadeBy, f.Sources)
		}
		data, err := shipped.ReadFile(name + ".yaml")
		if err != nil || string(data) != f.String() {
			t.Errorf("%s is not in canonical form (%v):\n%s", name, err, f)
		}
	}
}

func TestANameWithoutASourceIsTheFirstProfileOfTheModel(t *testing.T) {
	for name, want := range map[string]string{"mistral-7b": "mistral-7b@wynn2025", "mistral-7b@wynn2025": "mistral-7b@wynn2025"} {
		if got, err := Full(name); err != nil || got != want {
			t.Errorf("Full(%q) = %q, %v, want %q", name, got, err, want)
		}
	}
	_, err := ByName("gpt-9")
	if err == nil {
		t.Fatal("no error for an unknown name")
	}
	for _, want := range append(Names(), `"gpt-9"`) {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error %q does not name %s", err, want)
		}
	}
}

func TestWritingAndReadingGivesTheSameFile(t *testing.T) {
	p := simulated.NewProfile("twin@run-1")
	p.OwnWeight, p.PeerWeight, p.NewAnswer = 1.0/3, -2, 1e-9
	p.Abilities = map[string]simulated.Ability{"mmlu": {Accuracy: 0.1 + 0.2, Consistency: 1}, "own.v2": {Pull: -1.5}}
	f := &File{
		Profile: p, MadeBy: "cheaptalk fit run-1", Sources: []string{"run-1: mmlu, n = 100", "a: b # c"},
		StandardErrors: map[string]float64{"own_weight": 0.25, "mmlu.accuracy": 0},
		Covariance:     Covariance{Of: []string{"own_weight", "mmlu.accuracy"}, Rows: [][]float64{{0.0625, -0.01}, {-0.01, 4}}},
		Warnings:       []string{"redraw and loss cannot be told apart"},
	}
	path := filepath.Join(t.TempDir(), "twin.yaml")
	if err := f.Write(path); err != nil {
		t.Fatal(err)
	}
	got, err := Open(path)
	if err != nil {
		t.Fatalf("%v in\n%s", err, f)
	}
	if !reflect.DeepEqual(got, f) {
		t.Errorf("got\n%+v\nwant\n%+v", got, f)
	}
}

func TestWhatIsLeftOutIsAtItsDefault(t *testing.T) {
	f, err := Parse("x.yaml", []byte("name: x\nparameters: {own_weight: 2}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p := f.Profile; p.OwnWeight != 2 || p.CritiqueOwn != 1 || p.CritiqueDiscount != 0.5 || p.PeerWeight != 0 {
		t.Errorf("profile %+v", p)
	}
}

func TestErrorsNameFileLineFieldAndFix(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", " \n", "p.yaml: the file is empty; a profile file is YAML with the fields " + fields},
		{"no mapping", "- a\n", "p.yaml:1: this is no profile; a profile has the fields " + fields},
		{"comments alone", "# x\n", "p.yaml: "},
		{"no YAML", "name: [\n", "p.yaml:2: this is not YAML"},
		{"unknown field", "name: x\ncolor: red\nparameters: {redraw: 0}\n", "p.yaml:2: color: there is no such field in a profile; the fields are " + fields},
		{"twice", "name: x\nname: y\nparameters: {redraw: 0}\n", "p.yaml:2: name: it is defined twice, first in line 1; keep one of the two"},
		{"no name", "parameters: {redraw: 0}\n", `p.yaml: name: "" is no name of a profile; give the model`},
		{"name with a slash", "name: a/b\nparameters: {redraw: 0}\n", `p.yaml:1: name: "a/b" is no name of a profile`},
		{"no parameters", "name: x\n", "p.yaml:1: parameters: there are none; add"},
		{"parameters in a list", "name: x\nparameters: [redraw]\n", "p.yaml:2: parameters: this is no list of parameters; write  NAME: NUMBER"},
		{"unknown parameter", "name: x\nparameters:\n  redraw: 0\n  redrow: 0\n", `p.yaml:4: parameters: there is no parameter "redrow"; there are own_weight,`},
		{"a text", "name: x\nparameters:\n  redraw: often\n", `p.yaml:3: parameters: redraw is "often", which is no number; give a number between 0 and 1`},
		{"out of range", "name: x\nparameters:\n  redraw: -1\n", "p.yaml:3: parameters: redraw is -1, out of its range; give a number between 0 and 1"},
		{"not a number", "name: x\nparameters:\n  own_weight: .nan\n", "p.yaml:3: parameters: own_weight is NaN, which is no number"},
		{"parameter twice", "name: x\nparameters:\n  redraw: 0\n  redraw: 1\n", "p.yaml:4: parameters: redraw is defined twice, first in line 3; keep one of the two"},
		{"more than all", "name: x\nparameters:\n  unreadable: 0.5\n  csqa.accuracy: 0.6\n", "csqa.accuracy 0.6 and unreadable 0.5 are more than 1 together"},
		{"negative error", "name: x\nparameters: {redraw: 0}\nstandard_errors: {redraw: -1}\n", "p.yaml:3: standard_errors: redraw has the standard error -1; give"},
		{"sources in a text", "name: x\nparameters: {redraw: 0}\nsources: me\n", "p.yaml:3: this is of the wrong form"},
		{"field of a covariance", "name: x\nparameters: {redraw: 0}\ncovariance:\n  names: []\n", "p.yaml:4: names: there is no such field in a covariance; the fields are of and rows"},
		{"covariance of nothing known", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [a], rows: [[1]]}\n", `p.yaml:3: covariance: there is no parameter "a"`},
		{"covariance twice", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw, redraw], rows: [[1, 0], [0, 1]]}\n", "redraw is listed twice"},
		{"too few rows", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw], rows: []}\n", "it has 0 rows for 1 parameters"},
		{"ragged", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw], rows: [[1, 2]]}\n", "a row has 2 entries for 1 parameters"},
		{"not symmetric", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw, jitter], rows: [[1, 2], [1, 1]]}\n", "the entries of redraw and jitter differ: 2 and 1"},
		{"negative variance", "name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw], rows: [[-1]]}\n", "the entry of redraw and redraw is -1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Parse("p.yaml", []byte(tt.text))
			var fault *Error
			if !errors.As(err, &fault) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want %q in it", err, tt.want)
			}
		})
	}
}

func TestFilesThatAreNoneAreNamed(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.yaml")
	if err := os.WriteFile(large, make([]byte, limit+1), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{filepath.Join(dir, "none.yaml"): "there is no profile file", dir + "/": "it is a folder or larger", large: "it is a folder or larger"} {
		if _, err := Open(path); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), filepath.Clean(path)) {
			t.Errorf("%s: error %v, want %q", path, err, want)
		}
	}
}

// FuzzParse: no text makes Parse panic, and what it takes it writes and takes again.
func FuzzParse(f *testing.F) {
	for _, name := range Names() {
		data, err := shipped.ReadFile(name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(data))
	}
	f.Add("name: x\nparameters: {redraw: 0}\ncovariance: {of: [redraw], rows: [[1]]}\n")
	f.Add("name: &a x\nparameters: *a\n")
	f.Add("name: x\nparameters: {<<: {redraw: 1}}\n")
	f.Fuzz(func(t *testing.T, text string) {
		file, err := Parse("x", []byte(text))
		if err != nil {
			return
		}
		again, err := Parse("x", []byte(file.String()))
		if err != nil {
			t.Fatalf("%v\nin what was written:\n%s", err, file)
		}
		if again.String() != file.String() {
			t.Errorf("written\n%s\nand again\n%s", file, again)
		}
	})
}
