package mockllm

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"cheaptalk/internal/mockllm/chat"
)

// bucket is a token bucket: it holds a minute's worth and fills evenly. The zero bucket is no limit.
type bucket struct {
	perMinute int
	level     float64 // at that time; below 0 after a reply that was longer than what was left
	at        time.Time
}

func newBucket(perMinute int, now time.Time) bucket {
	return bucket{perMinute: perMinute, level: float64(perMinute), at: now}
}

// fill brings the bucket to the time.
func (b *bucket) fill(now time.Time) {
	b.level = min(b.level+now.Sub(b.at).Minutes()*float64(b.perMinute), float64(b.perMinute))
	b.at = now
}

// until returns how long it takes until the bucket holds so much.
func (b *bucket) until(level float64) time.Duration {
	if b.perMinute == 0 || b.level >= level {
		return 0
	}
	return time.Duration(math.Ceil((level - b.level) / float64(b.perMinute) * float64(time.Minute)))
}

// headers writes OpenAI's headers of one limit: what it is, what is left, and when it will be as if nothing had been asked.
func (b *bucket) headers(header http.Header, of string) {
	if b.perMinute == 0 {
		return
	}
	full := b.until(float64(b.perMinute))
	header.Set("X-Ratelimit-Limit-"+of, strconv.Itoa(b.perMinute))
	header.Set("X-Ratelimit-Remaining-"+of, strconv.Itoa(max(0, int(b.level))))
	header.Set("X-Ratelimit-Reset-"+of, (full + time.Millisecond - 1).Truncate(time.Millisecond).String())
}

// take takes a request and its prompt from the buckets, or refuses and takes nothing. A prompt that is longer than the bucket is admitted
// when the bucket is full. It writes the headers of the limits, and counts the request for its model.
func (h *Handler) take(header http.Header, r *chat.Request) refusal {
	prompt := r.PromptTokens()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stats.Models[r.Model]++
	now := time.Now()
	h.requests.fill(now)
	h.tokens.fill(now)
	wait := max(h.requests.until(1), h.tokens.until(float64(min(prompt, h.tokens.perMinute))))
	if wait == 0 {
		h.requests.level--
		h.tokens.level -= float64(prompt)
	}
	h.requests.headers(header, "Requests")
	h.tokens.headers(header, "Tokens")
	if wait > 0 {
		return refusal{http.StatusTooManyRequests, "rate_limit_exceeded", "Rate limit reached. Please try again in " + wait.String() + ".", wait}
	}
	return refusal{}
}

// retryAfter writes the header in one of its two forms (RFC 9110, section 10.2.3). Both know whole seconds only and are rounded up.
func (h *Handler) retryAfter(wait time.Duration) string {
	if h.config.RetryDate {
		return time.Now().Add(wait + time.Second - 1).UTC().Format(http.TimeFormat)
	}
	return strconv.Itoa(int((wait + time.Second - 1) / time.Second))
}

// enter waits for a place among those that are served. It refuses where too many wait and fails where the context ends first.
func (h *Handler) enter(ctx context.Context) (refusal, error) {
	if h.slots != nil {
		select {
		case h.slots <- struct{}{}:
		default:
			if !h.queue() {
				return refusal{http.StatusServiceUnavailable, "overloaded", "too many requests wait", cmp.Or(h.config.RetryAfter, time.Second)}, nil
			}
			select {
			case h.slots <- struct{}{}:
				h.unqueue()
			case <-ctx.Done():
				h.unqueue()
				return refusal{}, ctx.Err()
			}
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.stats.InFlight++
	h.stats.PeakInFlight = max(h.stats.PeakInFlight, h.stats.InFlight)
	return refusal{}, nil
}

// leave gives the place up.
func (h *Handler) leave() {
	h.mu.Lock()
	h.stats.InFlight--
	h.mu.Unlock()
	if h.slots != nil {
		<-h.slots
	}
}

// queue joins those that wait, if there is room.
func (h *Handler) queue() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if most := h.config.Queue; most < 0 || most > 0 && h.waiting == most {
		return false
	}
	h.waiting++
	h.stats.PeakWaiting = max(h.stats.PeakWaiting, h.waiting)
	return true
}

func (h *Handler) unqueue() {
	h.mu.Lock()
	h.waiting--
	h.mu.Unlock()
}

func (h *Handler) pause() time.Duration { return cmp.Or(h.config.DripPause, time.Second/2) }
