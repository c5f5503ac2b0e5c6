package pace

import "time"

// tempo is how many requests a second a server takes, learned from its refusals. A [window] alone cannot keep a limit a minute: where one
// attempt in flight is already too many, or a refusal comes back so fast that the next attempt follows at once. So a refusal
// also spaces the requests: to what the server took before it, less a part; successes then bring them back to that fast, keep
// them near it for long, and go on faster beyond it. The adaptive retry mode of the AWS SDKs does the same in kind.
type tempo struct {
	rate float64 // 0 before the first refusal, and where the user gives none
	most float64 // what the user gives; 0 is no limit
	best float64 // the rate that the server last refused; 0 before the first refusal

	// What the server took since it was last refused, or since nothing was in flight.
	since     time.Time
	sent      int
	successes int
}

const (
	// leastRate is as slow as learning makes it: five requests a minute.
	leastRate = 5.0 / 60
	// enough successes make it certain that the rate was nearly right: it is then lowered by a tenth, and else halved.
	enough = 20
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

// refuse is called once for all attempts that were in flight when the server refused one. It will be asked again from then on.
func (t *tempo) refuse(now, then time.Time) {
	took := float64(t.sent) / max(1, now.Sub(t.since).Seconds())
	if t.rate == 0 || took < t.rate {
		t.rate = took
	}
	if t.successes > 0 || t.best == 0 {
		t.best = t.rate
	}
	if t.successes >= enough {
		t.rate *= 0.9
	} else {
		t.rate /= 2
	}
	t.rate = t.within(t.rate)
	t.since, t.sent, t.successes = then, 0, 0
}

// succeed is called for each success. waited says that it had to wait for this limit: only then it says something about it.
func (t *tempo) succeed(waited bool) {
	t.successes++
	if !waited || t.best == 0 {
		return
	}
	switch {
	case t.rate < 0.95*t.best:
		t.rate = min(2*t.rate, 0.95*t.best)
	case t.rate < 1.1*t.best:
		t.rate *= 1.002
	default:
		t.rate *= 1.01
	}
	t.rate = t.within(t.rate)
}

func (t *tempo) within(rate float64) float64 {
	if rate = max(rate, leastRate); t.most > 0 {
		rate = min(rate, t.most)
	}
	return rate
}
