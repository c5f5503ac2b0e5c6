package extract

import (
	"math/big"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

// maxDigits bounds the digits of a number and its power of ten. Longer ones are loops of a model, not answers,
// and a giant exponent would fill the memory.
const maxDigits = 100

// decimal reads digits with commas and a point, or returns nil if the commas do not group thousands.
func decimal(digits string) *big.Rat {
	whole, _, _ := strings.Cut(digits, ".")
	if groups := strings.Split(whole, ","); len(groups) > 1 {
		for i, g := range groups {
			if len(g) > 3 || i > 0 && len(g) < 3 {
				return nil
			}
		}
		digits = strings.ReplaceAll(digits, ",", "")
	}
	if len(digits) > maxDigits {
		return nil
	}
	r, ok := new(big.Rat).SetString(digits)
	if !ok {
		return nil
	}
	return r
}

// scale multiplies r by a power of ten and reports whether it is within bounds.
func scale(r *big.Rat, exponent string) bool {
	e, err := strconv.Atoi(exponent)
	if err != nil || e < -maxDigits || e > maxDigits {
		return false
	}
	ten := new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(max(e, -e))), nil))
	if e < 0 {
		ten.Inv(ten)
	}
	r.Mul(r, ten)
	return true
}

// formatNumber returns the shortest exact form, or "" if that has a part which is too long to be read again.
func formatNumber(r *big.Rat) debate.Answer {
	s := r.RatString()
	if n, exact := r.FloatPrec(); exact {
		s = r.FloatString(n)
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(s, "-"), "/") {
		if len(part) > maxDigits {
			return ""
		}
	}
	return debate.Answer(s)
}
