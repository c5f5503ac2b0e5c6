package tui

import (
	"strings"
	"testing"

	"cheaptalk/debate"
)

func TestFiltersAreReadAsTheyAreWritten(t *testing.T) {
	for words, want := range map[string]Filter{
		"":                                  {},
		"harmful":                           {Outcome: "harmful"},
		"tied agent:llama arm:naive":        {Outcome: "tied", Agent: "llama", Arm: "naive"},
		`agent:"llama 3.1 8b" data:gsm8k`:   {Agent: "llama 3.1 8b", Data: "gsm8k"},
		"failed agent:llama3.2:1b arm:x=.5": {Outcome: "failed", Agent: "llama3.2:1b", Arm: "x=.5"},
	} {
		got, err := ParseFilter(words)
		if err != nil || got != want {
			t.Errorf("ParseFilter(%q) = %+v, %v; want %+v", words, got, err, want)
		}
		if got.String() != words {
			t.Errorf("%+v is written %q, not %q", got, got, words)
		}
	}
	if f, err := ParseFilter("  arm:naive   beneficial "); err != nil || f != (Filter{Outcome: "beneficial", Arm: "naive"}) {
		t.Errorf("blanks and order matter: %+v, %v", f, err)
	}
}

func TestUnknownFiltersSayWhatIsKnown(t *testing.T) {
	for words, want := range map[string]string{
		"hurtful":               `"hurtful" is not known; known are harmful beneficial tied failed agent:NAME`,
		"round:1":               `"round:1" is not known`,
		"agent:":                "agent: needs a name, agent:llama for example",
		"harmful tied":          "a filter has one of harmful, beneficial, tied, failed, not harmful and tied",
		"arm:naive arm:penalty": "a filter has one arm, not naive and penalty",
	} {
		if _, err := ParseFilter(words); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseFilter(%q): %v, want %s", words, err, want)
		}
	}
}

func TestFiltersChooseFlips(t *testing.T) {
	flip := Flip{Case: debate.Case{Arm: "naive", Item: "gsm8k/12"}, Agent: "llama", Fate: debate.Corrupted}
	for words, want := range map[string]bool{
		"": true, "harmful": true, "beneficial": false, "tied": true, "agent:llama": true, "agent:gpt": false, "arm:naive": true, "arm:other": false,
		"data:gsm8k": true, "data:gsm": false, "harmful agent:llama arm:naive data:gsm8k": true, "harmful agent:gpt": false,
	} {
		f, err := ParseFilter(words)
		if got := f.Flipped(flip); err != nil || got != want {
			t.Errorf("%q chooses the flip: %v, %v; want %v", words, got, err, want)
		}
	}
}

func FuzzParseFilter(f *testing.F) {
	f.Add(`harmful agent:"a b" arm:x`)
	f.Fuzz(func(t *testing.T, words string) {
		filter, err := ParseFilter(words)
		if err != nil || strings.Contains(words, `"`) {
			return
		}
		if again, err := ParseFilter(filter.String()); err != nil || again != filter {
			t.Errorf("%q is %+v, then %+v, %v", words, filter, again, err)
		}
	})
}
