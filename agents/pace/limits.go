package pace

import (
	"fmt"
	"time"
)

// Defaults of [Limits].
const (
	DefaultMaxRetries  = 5
	DefaultCallTimeout = 10 * time.Minute
	// MostConnections is the most attempts in flight where Limits do not say.
	MostConnections = 64
)

// Limits is how a model may be asked. The zero value has no limits a minute, adapts the number of connections, retries and gives a
// call ten minutes.
type Limits struct {
	// RequestsPerMinute and TokensPerMinute are what the server allows; 0 is no limit. Requests are spaced evenly, so that a
	// server that counts by the second refuses none. Tokens are those of prompts and completions; see [Model] for their estimate.
	RequestsPerMinute int
	TokensPerMinute   int
	// MaxConnections is the most attempts in flight; 0 is [MostConnections]. Fewer are used while the server is overloaded.
	MaxConnections int
	// MaxRetries is how often a call is asked again after its first attempt; nil is [DefaultMaxRetries], 0 never asks again.
	MaxRetries *int
	// AttemptTimeout is how long one attempt may take; 0 leaves it all of CallTimeout. An attempt that takes longer is asked again.
	AttemptTimeout time.Duration
	// CallTimeout is how long the attempts of a call and the waits between them may take together; 0 is [DefaultCallTimeout].
	// Waiting for a turn, because other calls are on their way or the limits a minute are reached, does not count.
	CallTimeout time.Duration
}

// Check returns an error that names the first limit that cannot be kept, as experiment files spell it.
func (l Limits) Check() error {
	for _, n := range []struct {
		field string
		value int
	}{
		{"requests_per_minute", l.RequestsPerMinute}, {"tokens_per_minute", l.TokensPerMinute},
		{"max_connections", l.MaxConnections}, {"max_retries", l.retries()},
	} {
		if n.value < 0 {
			return fmt.Errorf("%s: %d is negative", n.field, n.value)
		}
	}
	switch {
	case l.CallTimeout < 0:
		return fmt.Errorf("timeout: %v is negative", l.CallTimeout)
	case l.AttemptTimeout < 0:
		return fmt.Errorf("attempt_timeout: %v is negative", l.AttemptTimeout)
	case l.AttemptTimeout > l.timeout():
		return fmt.Errorf("attempt_timeout: %v is longer than the whole call may take (timeout: %v)", l.AttemptTimeout, l.timeout())
	}
	return nil
}

func (l Limits) retries() int {
	if l.MaxRetries == nil {
		return DefaultMaxRetries
	}
	return *l.MaxRetries
}

func (l Limits) connections() int {
	if l.MaxConnections == 0 {
		return MostConnections
	}
	return l.MaxConnections
}

func (l Limits) timeout() time.Duration {
	if l.CallTimeout == 0 {
		return DefaultCallTimeout
	}
	return l.CallTimeout
}
