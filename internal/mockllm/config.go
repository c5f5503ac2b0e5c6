package mockllm

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"cheaptalk/internal/mockllm/chat"
)

// Config says what a server does. The zero Config answers everything at once, without limits and without faults.
type Config struct {
	// Address is where Start listens: host and port of the loopback interface. "" is a free port of 127.0.0.1.
	Address string
	// Seed is where replies, latencies and faults come from.
	Seed uint64
	// Models are listed by /v1/models and /api/tags; nil lists "mock". Any model may be asked.
	Models []string

	// Replies are given in the order of admission, from the first again after the last. Empty is Reply.
	Replies []string
	// Reply makes the text of a reply; nil is [chat.Answer]. It is called concurrently.
	Reply func(chat.Request) string

	// Latency is what passes between the admission of a request and the first byte of its response; nil is none.
	Latency Latency
	// Capacity is how many requests are served at once; 0 is no limit.
	Capacity int
	// Queue is how many requests may wait for a place, and one more is refused with a 503. 0 is no limit, -1 lets none wait.
	Queue int

	// RequestsPerMinute and TokensPerMinute are the rates at which two token buckets fill, and what they hold when full, as they are
	// at the start; 0 is no limit. A request takes its prompt when it is admitted and its reply when it is said, so that the
	// bucket of tokens may fall below nothing.
	RequestsPerMinute, TokensPerMinute int
	// Context is the longest prompt that is answered, in tokens; 0 is no limit.
	Context int
	// RetryDate writes Retry-After as an HTTP date, where it is seconds otherwise.
	RetryDate bool

	// Faults are the rates of faults, each in [0,1] and at most 1 in sum. A request meets one or none.
	Faults map[Fault]float64
	// RetryAfter is what the faults 429 and 503 ask for; 0 is a second.
	RetryAfter time.Duration
	// DripPause is the pause between two of the twenty pieces of a [Drip]; 0 is half a second.
	DripPause time.Duration
	// HugeBytes is the size of a [Huge] reply; 0 is 50 MiB.
	HugeBytes int
}

// check names the first field that makes no sense.
func (c *Config) check() error {
	for _, f := range []struct {
		name         string
		value, least int
	}{
		{"capacity", c.Capacity, 0}, {"context", c.Context, 0}, {"huge bytes", c.HugeBytes, 0}, {"queue", c.Queue, -1},
		{"requests per minute", c.RequestsPerMinute, 0}, {"tokens per minute", c.TokensPerMinute, 0},
	} {
		if f.value < f.least {
			return fmt.Errorf("%s is %d, less than %d", f.name, f.value, f.least)
		}
	}
	if c.Queue != 0 && c.Capacity == 0 {
		return errors.New("a queue needs a capacity to wait for")
	}
	sum := 0.0
	for _, fault := range slices.Sorted(maps.Keys(c.Faults)) {
		if !slices.Contains(Faults(), fault) {
			return fmt.Errorf("fault %q is none of %s", fault, strings.Trim(fmt.Sprint(Faults()), "[]"))
		}
		rate := c.Faults[fault]
		if !(rate >= 0 && rate <= 1) {
			return fmt.Errorf("fault %s: rate %v is not in [0,1]", fault, rate)
		}
		sum += rate
	}
	if sum > 1+1e-9 {
		return fmt.Errorf("the rates of the faults sum to %v, more than 1: a request meets one fault at most", sum)
	}
	return nil
}

// Latency draws how long a request takes. The generator is seeded by the request.
type Latency func(*rand.Rand) time.Duration

// longest bounds what a distribution with a long tail can draw.
const longest = 24 * time.Hour

func bounded(d float64) time.Duration { return time.Duration(min(d, float64(longest))) }

// Fixed is always the same.
func Fixed(d time.Duration) Latency {
	return func(*rand.Rand) time.Duration { return d }
}

// Uniform lies between least and most, both included.
func Uniform(least, most time.Duration) Latency {
	return func(r *rand.Rand) time.Duration { return least + time.Duration(r.Int64N(int64(most-least)+1)) }
}

// Exponential has the given mean, as the time between arrivals of a Poisson process.
func Exponential(mean time.Duration) Latency {
	return func(r *rand.Rand) time.Duration { return bounded(float64(mean) * r.ExpFloat64()) }
}

// Lognormal has the given median; sigma is the standard deviation of its logarithm.
func Lognormal(median time.Duration, sigma float64) Latency {
	return func(r *rand.Rand) time.Duration { return bounded(float64(median) * math.Exp(sigma*r.NormFloat64())) }
}

// ParseLatency reads "50ms", "uniform:10ms-90ms", "exp:50ms" (a mean) or "lognormal:50ms,0.5" (median and sigma). "" is nil.
func ParseLatency(s string) (Latency, error) {
	if s == "" {
		return nil, nil
	}
	kind, rest, given := strings.Cut(s, ":")
	if !given {
		kind, rest = "fixed", s
	}
	first, second, two := strings.Cut(rest, map[string]string{"uniform": "-", "lognormal": ","}[kind])
	if kind == "fixed" || kind == "exp" {
		first, two = rest, false
	}
	bad := fmt.Errorf("latency %q is not of the form 50ms, uniform:10ms-90ms, exp:50ms or lognormal:50ms,0.5", s)
	d, err := time.ParseDuration(first)
	if err != nil || d < 0 || d > longest {
		return nil, bad
	}
	switch {
	case kind == "fixed":
		return Fixed(d), nil
	case kind == "exp":
		return Exponential(d), nil
	case kind == "uniform" && two:
		if most, err := time.ParseDuration(second); err == nil && d <= most && most <= longest {
			return Uniform(d, most), nil
		}
	case kind == "lognormal" && two:
		if sigma, err := strconv.ParseFloat(second, 64); err == nil && sigma >= 0 && !math.IsInf(sigma, 0) {
			return Lognormal(d, sigma), nil
		}
	}
	return nil, bad
}
