package pace

import (
	"math"
	"time"
)

// tempo is how many requests a second a server takes, learned where the [window] is at its end: it refuses one attempt at a time, and
// refuses so fast that the next follows at once. Then the requests are spaced: by somewhat less than the server took before,
// and by more again with each success. A server that says when to come back is left alone until then; its requests are spaced when it
// took the same of them each time, for that is a rate.
type tempo struct {
	rate float64 // 0 before anything is learned, and where the user gives none
	most float64 // what the user gives; 0 is no limit
	best float64 // the rate that was refused; 0 before there is one
	ever bool    // there was a success

	// What the server took since it was last refused, or since nothing was in flight.
	since     time.Time
	sent      int
	successes int
	before    int // what had been sent when it was last refused with a word about when to come back
	regular   int // how many times in a row that was about the same as before
}

const (
	// leastRate is as slow as learning makes it: five requests a minute.
	leastRate = 5.0 / 60
	// firstRate is as slow as it becomes before the first success. A server that takes nothing at all is not asked too fast: it is to be
	// found out soon.
	firstRate = 1.0
	// A refusal after that many successes is sporadic, not for the rate: servers refuse for reasons of their own.
	sporadic = 4
	// regularity is by what share the number of requests between two refusals may differ from that before, where they are refused for the rate.
	regularity = 0.25
	// forTheRate is how many regular refusals in a row are not by chance.
	forTheRate = 3
	// enough requests between two refusals say that the rate was about right, and that the last of them were beyond it.
	enough = 100
)

func newTempo(requestsPerMinute int) tempo {
	rate := float64(requestsPerMinute) / 60
	return tempo{rate: rate, most: rate}
}

// send is called for each request. idle says that nothing was in flight and nothing had to wait.
func (t *tempo) send(now time.Time, idle bool) {
	if idle {
		t.since, t.sent = now, 0
	}
	t.sent++
}

// refuse is called when the only attempt in flight is refused, or any of several by a server that says when to come back, which is what
// told says.
func (t *tempo) refuse(now time.Time, told bool) {
	took := float64(t.sent) / max(1, now.Sub(t.since).Seconds())
	switch {
	case told:
		if t.successes > 0 && math.Abs(float64(t.sent-t.before)) <= 1+regularity*float64(t.before) {
			t.regular++
		} else {
			t.regular = 0
		}
		beyond := t.best > 0 && t.rate >= t.best && t.sent >= enough
		if t.before = t.sent; t.regular < forTheRate && !beyond {
			t.since, t.sent, t.successes = now, 0, 0
			return
		}
	case t.successes >= sporadic:
		t.successes = 0
		return
	}
	if t.rate == 0 || took < t.rate {
		t.rate = took
	}
	if t.successes > 0 || t.best == 0 {
		t.best = t.rate
	}
	t.rate = t.within(0.7 * t.rate)
	t.since, t.sent, t.successes = now, 0, 0
}

// succeed is called for each success. waited says that it had to wait for this limit: only then it says something about it.
func (t *tempo) succeed(waited bool) {
	t.successes++
	t.ever = true
	if !waited || t.best == 0 {
		return
	}
	switch {
	case t.rate < 0.9*t.best:
		t.rate = t.within(min(2*t.rate, 0.9*t.best))
	case t.before > 0 && t.rate < 1.1*t.best:
		t.rate = t.within(1.0005 * t.rate) // it was measured, and a refusal each few hundred requests is enough
	default:
		t.rate = t.within(1.01 * t.rate)
	}
}

func (t *tempo) within(rate float64) float64 {
	least := leastRate
	if !t.ever {
		least = firstRate
	}
	if rate = max(rate, least); t.most > 0 {
		rate = min(rate, t.most)
	}
	return rate
}
