package pace

import "time"

// tempo is how many requests a second a server takes, learned where the [window] is at its end: it refuses one attempt at a time, and
// refuses so fast that the next follows at once. Then the requests are spaced: by somewhat less than the server took before,
// and by more again with each success. A server that says when to come back is left alone until then, which needs no learning.
type tempo struct {
	rate float64 // 0 before anything is learned, and where the user gives none
	most float64 // what the user gives; 0 is no limit
	best float64 // the rate that was refused; 0 before there is one
	ever bool    // there was a success

	// What the server took since it was last refused, or since nothing was in flight.
	since     time.Time
	sent      int
	successes int
}

const (
	// leastRate is as slow as learning makes it: five requests a minute.
	leastRate = 5.0 / 60
	// firstRate is as slow as it becomes before the first success. A server that takes nothing at all is not asked too fast: it is to be
	// found out soon.
	firstRate = 1.0
	// A refusal after that many successes is sporadic, not for the rate: servers refuse for reasons of their own.
	sporadic = 4
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

// refuse is called when the only attempt in flight is refused.
func (t *tempo) refuse(now time.Time) {
	if t.successes >= sporadic {
		t.successes = 0
		return
	}
	if took := float64(t.sent) / max(1, now.Sub(t.since).Seconds()); t.rate == 0 || took < t.rate {
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
	if t.rate < 0.9*t.best {
		t.rate = t.within(min(2*t.rate, 0.9*t.best))
	} else {
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
