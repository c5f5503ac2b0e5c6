package pace

import (
	"math"
	"time"
)

// bucket is a limit a minute: what is used is owed, and the debt is paid off at a steady rate. Whoever owes nothing may go, whatever
// it will use; so a use that is larger than any burst waits no longer than a small one, and a wrong estimate is put right by
// adding the difference. The zero bucket has no limit.
//
// It is a token bucket that holds next to nothing: a server that counts by the second refuses nothing that a bucket lets pass.
type bucket struct {
	rate  float64   // a second; 0 is no limit
	level float64   // what may be used at once; negative is owed
	at    time.Time // when level was that
}

// burst is for how long nothing may be used without losing the right to it. It makes up for timers that fire late.
const burst = 20 * time.Millisecond

func perMinute(n int) bucket { return bucket{rate: float64(n) / 60} }

// settle pays off the debt until now. What was given back is kept, up to a minute's worth.
func (b *bucket) settle(now time.Time) {
	if !b.at.IsZero() {
		paid := min(b.level+b.rate*now.Sub(b.at).Seconds(), b.rate*burst.Seconds())
		b.level = min(max(b.level, paid), b.rate*60)
	}
	b.at = now
}

// wait returns how long it takes until nothing is owed.
func (b *bucket) wait(now time.Time) time.Duration {
	b.settle(now)
	if b.rate == 0 || b.level >= 0 {
		return 0
	}
	return time.Duration(math.Ceil(-b.level / b.rate * float64(time.Second)))
}

// use takes n, or gives it back when it is negative.
func (b *bucket) use(now time.Time, n float64) {
	b.settle(now)
	if b.rate > 0 {
		b.level -= n
	}
}

// set changes the rate from now on.
func (b *bucket) set(now time.Time, rate float64) {
	b.settle(now)
	b.rate = rate
}
