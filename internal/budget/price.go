package budget

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// Price is what the tokens of a model cost, in dollars a million.
type Price struct {
	Input       float64 // of a token of a prompt
	CachedInput float64 // of one that the server had cached
	Output      float64 // of a token of a completion, hidden thinking included
}

// Of returns what the tokens of a usage cost, in dollars.
func (p Price) Of(u debate.Usage) float64 {
	cached := min(u.CachedTokens, u.PromptTokens)
	return (p.Input*float64(u.PromptTokens-cached) + p.CachedInput*float64(cached) + p.Output*float64(u.CompletionTokens)) / 1e6
}

// ParsePrice reads IN/OUT or IN/CACHED/OUT, "0.15/0.60" for example. Without CACHED a cached token costs as much as any of the prompt.
func ParsePrice(s string) (Price, error) {
	var rates []float64
	for field := range strings.SplitSeq(s, "/") {
		rate, err := strconv.ParseFloat(field, 64)
		if err != nil || !(rate >= 0) || math.IsInf(rate, 1) {
			return Price{}, fmt.Errorf("%q is no price in dollars a million tokens", field)
		}
		rates = append(rates, rate)
	}
	switch len(rates) {
	case 2:
		return Price{Input: rates[0], CachedInput: rates[0], Output: rates[1]}, nil
	case 3:
		return Price{Input: rates[0], CachedInput: rates[1], Output: rates[2]}, nil
	}
	return Price{}, errors.New("a price has two parts or three: IN/OUT or IN/CACHED/OUT")
}

// Dollars writes an amount: "$0.0412", and from a dollar up "$12.35".
func Dollars(x float64) string {
	if x < 0.99995 { // which is $1.00 when it is rounded
		return fmt.Sprintf("$%.4f", x)
	}
	return fmt.Sprintf("$%.2f", x)
}
