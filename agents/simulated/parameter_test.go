package simulated

import (
	"math"
	"os"
	"strings"
	"testing"
)

// TestEveryParameterHasANameAndAPlace sets each parameter of the table to a value of its own and reads all of them back.
func TestEveryParameterHasANameAndAPlace(t *testing.T) {
	p := NewProfile("x")
	p.Abilities = map[string]Ability{"csqa": {}, "own.v2": {}}
	table := Parameters(&p)
	if want := len(ofProfile) + 4*len(ofAbility); len(table) != want {
		t.Fatalf("%d parameters, want %d", len(table), want)
	}
	for i, par := range table {
		if got := par.Get(&p); got != par.Default {
			t.Errorf("%s is %v in a new profile, want its default %v", par.Name, got, par.Default)
		}
		par.Set(&p, float64(i+1)/100)
	}
	seen := map[string]bool{}
	for i, par := range table {
		if got := par.Get(&p); got != float64(i+1)/100 {
			t.Errorf("%s is %v, want %v: two parameters share a place", par.Name, got, float64(i+1)/100)
		}
		if seen[par.Name] {
			t.Errorf("%s is there twice", par.Name)
		}
		seen[par.Name] = true
		if par.Symbol == "" || par.Meaning == "" || par.Unit == "" {
			t.Errorf("%s is not explained: %+v", par.Name, par)
		}
		found, err := Lookup(par.Name)
		if err != nil || found.Get(&p) != par.Get(&p) {
			t.Errorf("Lookup(%q) finds %v, %v", par.Name, found.Name, err)
		}
	}
	if p.OwnWeight != 0.01 || p.Abilities["own.v2"].Accuracy == 0 || p.Number.Pull != float64(len(table))/100 {
		t.Errorf("set into %+v", p)
	}
	if _, err := Lookup("csqa.own_weight"); err == nil || !strings.Contains(err.Error(), "SET.accuracy") {
		t.Errorf("error %v, want one that lists the parameters", err)
	}
}

// TestTransformsCoverTheRange: each has the range of its parameters, its inverse, and the slope that a small step measures.
func TestTransformsCoverTheRange(t *testing.T) {
	p := NewProfile("x")
	for _, par := range Parameters(&p) {
		lo, hi := par.Transform.Value(math.Inf(-1)), par.Transform.Value(math.Inf(1))
		if lo != par.Min || hi != par.Max {
			t.Errorf("%s goes from %v to %v on the unconstrained scale, want %v to %v", par.Name, lo, hi, par.Min, par.Max)
		}
	}
	for _, tr := range []Transform{Identity, Log, Logit} {
		for _, x := range []float64{-3, -0.5, 0, 1, 4} {
			v := tr.Value(x)
			if got := tr.Free(v); math.Abs(got-x) > 1e-9 {
				t.Errorf("%s: %v comes back as %v", tr, x, got)
			}
			if step := (tr.Value(x+1e-6) - tr.Value(x-1e-6)) / 2e-6; math.Abs(step-tr.Slope(v)) > 1e-6*max(1, step) {
				t.Errorf("%s at %v: slope %v, measured %v", tr, x, tr.Slope(v), step)
			}
		}
	}
}

func TestParametersOutOfRangeAreNamed(t *testing.T) {
	for _, tt := range []struct {
		name string
		v    float64
		want string // "" for a value that is in range
	}{
		{"redraw", 1, ""}, {"redraw", 1.01, "redraw is 1.01"}, {"peer_weight", -4, ""}, {"prior_mass", -1, "prior_mass is -1, out of its range"},
		{"csqa.accuracy", math.NaN(), "no number"}, {"own_weight", math.Inf(1), "no number"}, {"unreadable", 0.5, "more than 1 together"},
	} {
		p := NewProfile("x")
		p.Choice.Accuracy = 0.9
		par, err := Lookup(tt.name)
		if err != nil {
			t.Fatal(err)
		}
		par.Set(&p, tt.v)
		err = p.Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s = %v: error %v, want %q in it", tt.name, tt.v, err, tt.want)
		}
	}
}

func TestACloneSharesNothing(t *testing.T) {
	p := NewProfile("x")
	p.Abilities = map[string]Ability{"csqa": {Accuracy: 0.5}}
	c := p.Clone()
	par, err := Lookup("csqa.accuracy")
	if err != nil {
		t.Fatal(err)
	}
	par.Set(&c, 0.9)
	if p.Abilities["csqa"].Accuracy != 0.5 || c.Abilities["csqa"].Accuracy != 0.9 {
		t.Errorf("the profile has %v, its clone %v", p.Abilities, c.Abilities)
	}
}

// TestTheGuideExplainsEveryParameter holds the table of docs/MODEL.md against that of the code: name, symbol, unit and scale.
func TestTheGuideExplainsEveryParameter(t *testing.T) {
	guide, err := os.ReadFile("../../docs/MODEL.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string][]string{}
	for line := range strings.Lines(string(guide)) {
		if cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|"); len(cells) == 7 {
			for i := range cells {
				cells[i] = strings.Trim(cells[i], " `*")
			}
			rows[cells[0]] = cells
		}
	}
	p := NewProfile("x")
	for _, par := range Parameters(&p)[:len(ofProfile)+len(ofAbility)] {
		name := strings.Replace(par.Name, "choice.", "SET.", 1)
		row := rows[name]
		if row == nil || row[1] != par.Symbol || strings.ReplaceAll(row[3], "*", "") != par.Unit || row[6] != par.Transform.String() {
			t.Errorf("%s (%s, %s, %s) is %q in docs/MODEL.md", name, par.Symbol, par.Unit, par.Transform, row)
		}
	}
}
