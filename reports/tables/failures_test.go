package tables_test

import (
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/reports"
	"cheaptalk/reports/failures"
	"cheaptalk/reports/grid"
	"cheaptalk/reports/tables"
)

// TestNumbersOfAFailureAreSeen has a message whose end is cut off in a table on a terminal.
func TestNumbersOfAFailureAreSeen(t *testing.T) {
	const long = `round 2: agent small: model "small": http://127.0.0.1:18102/v1: status 400: the request exceeds the available context size: the prompt has 5012 tokens, the context 4096`
	r := &reports.Report{Failures: []failures.Kind{
		{Kind: "prompt too long", Debates: 2, Case: debate.Case{Arm: "naive", Item: "gsm8k/1"}, Message: long, Fix: failures.Fix("prompt too long")},
		{Kind: "timeout", Debates: 1, Case: debate.Case{Arm: "naive", Item: "gsm8k/2"}, Message: "no answer in time (1m)", Fix: "wait"},
	}}
	text := strings.Join(strings.Fields(written(t, []grid.Table{tables.Failures(r)}, 80, false)), " ")
	if !strings.Contains(text, "has 5012 tokens, the context 4096.") || strings.Count(text, "no answer in time (1m)") != 1 {
		t.Errorf("what failed is printed as\n%s", text)
	}
}
