package budget

import (
	"fmt"
	"math"
	"testing"

	"cheaptalk/debate"
)

func TestAPriceIsOfAMillionTokens(t *testing.T) {
	p := Price{Input: 2, CachedInput: 0.5, Output: 8}
	for _, c := range []struct {
		usage debate.Usage
		want  float64
	}{
		{debate.Usage{}, 0},
		{debate.Usage{PromptTokens: 1_000_000}, 2},
		{debate.Usage{CompletionTokens: 1_000_000}, 8},
		{debate.Usage{PromptTokens: 1_000_000, CachedTokens: 1_000_000}, 0.5},
		{debate.Usage{PromptTokens: 1000, CachedTokens: 400, CompletionTokens: 100}, (600*2 + 400*0.5 + 100*8) / 1e6},
		{debate.Usage{PromptTokens: 10, CachedTokens: 20}, 10 * 0.5 / 1e6}, // a server that counts more cached tokens than there are
		{debate.Usage{PromptTokens: 10, CompletionTokens: 7, ReasoningTokens: 5}, (10*2 + 7*8) / 1e6},
	} {
		if got := p.Of(c.usage); math.Abs(got-c.want) > 1e-15 {
			t.Errorf("%+v costs %v, want %v", c.usage, got, c.want)
		}
	}
}

func TestPricesAreReadWithAndWithoutCachedInput(t *testing.T) {
	for text, want := range map[string]Price{
		"0.15/0.60":       {0.15, 0.15, 0.60},
		"0.15/0.075/0.60": {0.15, 0.075, 0.60},
		"0/0":             {},
		"2/0/8":           {2, 0, 8},
	} {
		if got, err := ParsePrice(text); err != nil || got != want {
			t.Errorf("%s: %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "1", "1/", "/1", "1/2/3/4", "a/b", "-1/2", "NaN/1", "Inf/1", "1e999/1", "1, 2"} {
		if got, err := ParsePrice(text); err == nil || got != (Price{}) {
			t.Errorf("%q is read as %+v", text, got)
		}
	}
}

// FuzzParsePrice holds that what is read can be written and read again.
func FuzzParsePrice(f *testing.F) {
	for _, seed := range []string{"0.15/0.60", "0.15/0.075/0.60", "1e-9/1", "/", "NaN/1", "0x1p4/2", "1_0/2"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePrice(text)
		if err != nil {
			return
		}
		again, err := ParsePrice(fmt.Sprintf("%v/%v/%v", p.Input, p.CachedInput, p.Output))
		if err != nil || again != p {
			t.Errorf("%q: %+v, then %+v, %v", text, p, again, err)
		}
		if cost := p.Of(debate.Usage{PromptTokens: 3, CachedTokens: 1, CompletionTokens: 2}); !(cost >= 0) {
			t.Errorf("%q: %v dollars", text, cost)
		}
	})
}

func TestDollarsHaveFourDecimalsBelowOne(t *testing.T) {
	for x, want := range map[float64]string{0: "$0.0000", 0.04119: "$0.0412", 0.5: "$0.5000", 0.99996: "$1.00", 1: "$1.00", 12.346: "$12.35"} {
		if got := Dollars(x); got != want {
			t.Errorf("%v is written %s, want %s", x, got, want)
		}
	}
}
