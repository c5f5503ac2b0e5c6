package spec

import (
	"strings"
	"testing"

	"cheaptalk/agents/pace"
)

// TestTheEssenceIsWhatIsAskedAndNotHow writes every limit that a model may have into a spec.
func TestTheEssenceIsWhatIsAskedAndNotHow(t *testing.T) {
	const text = `
seed: 3
datasets: [sample-numbers]
models: {m: {url: "http://127.0.0.1:1/v1", temperature: 0.5 LIMITS}}
teams: {t: [m]}
arms: [{protocol: independent}]
`
	with := func(limits, more string) *Spec {
		t.Helper()
		s, err := Parse("", []byte(strings.Replace(text, " LIMITS", limits, 1)+more))
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	plain := with("", "").Essence().String()
	full := with(", requests_per_minute: 1, tokens_per_minute: 2, max_connections: 3, max_retries: 4, attempt_timeout: 5s, timeout: 6s, price: {input: 1, output: 2}", "workers: 7\n")
	before := full.String()
	e := full.Essence()
	if got := e.String(); got != plain {
		t.Errorf("got\n%s\nwant\n%s", got, plain)
	}
	if l := e.Models["m"].Limits(); l != (pace.Limits{}) {
		t.Errorf("limits %+v are left", l)
	}
	if full.String() != before {
		t.Error("Essence changed its spec")
	}
	for _, other := range []*Spec{with(", max_tokens: 9", ""), with("", "limit: 5\n"), with("", "name: x\n")} {
		if other.Essence().String() == plain {
			t.Errorf("the same essence: %s", other)
		}
	}
}
