package spec

import (
	"slices"
	"strings"
	"testing"
)

const contrastBase = `
name: base
datasets: [sample-numbers]
models:
  m: {model: small, url: "http://127.0.0.1:1/v1", temperature: 0.7}
teams:
  three: [m, m, m]
arms:
  - {protocol: independent}
  - {protocol: naive, rounds: 2}
`

func parsed(t *testing.T, text string) *Spec {
	t.Helper()
	s, err := Parse("", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// contrasts writes what differs, a line each.
func contrasts(t *testing.T, a, b *Spec, arm, other, judge, otherJudge string) []string {
	t.Helper()
	list, err := Contrasts(a, arm, judge, b, other, otherJudge)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, c := range list {
		lines = append(lines, strings.Join([]string{c.Kind, c.What, c.First, c.Second}, "|"))
	}
	return lines
}

func TestContrastsNameWhatDiffers(t *testing.T) {
	base := parsed(t, contrastBase)
	same := contrasts(t, base, base, "naive", "naive", "plurality", "plurality")
	if len(same) > 0 {
		t.Errorf("an arm differs from itself in %q", same)
	}
	want := []string{"protocol|protocol|independent|naive", "protocol|rounds|0|2"}
	if got := contrasts(t, base, base, "independent", "naive", "plurality", "plurality"); !slices.Equal(got, want) {
		t.Errorf("arms differ in %q, want %q", got, want)
	}
	for _, c := range []struct{ old, new, want string }{
		{"[sample-numbers]", "[sample-choices]", "data|data set 1|name: sample-numbers|name: sample-choices"},
		{"name: base", "name: base\nlimit: 10", "data|limit|all|10"},
		{"name: base", "name: base\nseed: 2", "settings|seed|1|2"},
		{"name: base", "name: base\nreading: strict", "settings|reading|flexible|strict"},
		{"rounds: 2", "rounds: 3", "protocol|rounds|2|3"},
		{"rounds: 2", "rounds: 2, memory: all", "settings|memory|last|all"},
	} {
		got := contrasts(t, base, parsed(t, strings.Replace(contrastBase, c.old, c.new, 1)), "naive", "naive", "plurality", "plurality")
		if !slices.Equal(got, []string{c.want}) {
			t.Errorf("with %q it differs in %q, want %q", c.new, got, c.want)
		}
	}
	warm := contrasts(t, base, parsed(t, strings.Replace(contrastBase, "0.7", "1.0", 1)), "naive", "naive", "plurality", "plurality")
	if len(warm) != 3 || !strings.HasPrefix(warm[0], "models|agent 1: model|") || !strings.Contains(warm[0], "temperature: 0.7") {
		t.Errorf("another temperature is told as %q", warm)
	}
	fast := contrasts(t, base, parsed(t, strings.Replace(contrastBase, "temperature: 0.7", "temperature: 0.7, max_connections: 9", 1)), "naive", "naive", "plurality", "plurality")
	if len(fast) > 0 {
		t.Errorf("how fast a model is asked is told as %q", fast)
	}
	inFull := contrasts(t, base, parsed(t, strings.Replace(contrastBase, "{model: small, url", "{api: openai, model: small, url", 1)), "naive", "naive", "plurality", "plurality")
	if len(inFull) > 0 {
		t.Errorf("a default that is written out is told as %q", inFull)
	}
	named := strings.NewReplacer("m: {model: small, ", "small: {", "[m, m, m]", "[small, small, small]").Replace(contrastBase)
	if got := contrasts(t, parsed(t, named), parsed(t, strings.Replace(named, "small: {", "small: {model: small, ", 1)), "naive", "naive", "plurality", "plurality"); len(got) > 0 {
		t.Errorf("the name of an entry that is its model's is told as %q", got)
	}
	if got := contrasts(t, base, base, "naive", "naive", "plurality", "trajectory"); len(got) == 0 || got[0] != "judges|primary judge|plurality|trajectory" {
		t.Errorf("another judge is told as %q", got)
	}
	if _, err := Contrasts(base, "nobody", "", base, "naive", ""); err == nil {
		t.Error("an arm that is not there has no contrast")
	}
}
