package pace

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"cheaptalk/agents"
)

// kind is what an attempt came to, by what to do next.
type kind int

const (
	success     kind = iota
	abandoned        // the caller's context ended
	permanent        // it would fail again: a wrong key, no such model, a prompt that is too long
	unreachable      // no connection could be made
	unreadable       // the server answered with something else than a completion or a status
	passing          // a failure of the server or of the connection
	overload         // the server refuses to do more
	timeout          // no answer in time
)

// kindOf tells an error of a model apart, other than of its context.
func kindOf(err error) kind {
	if cut(err) {
		return passing
	}
	if e, ok := errors.AsType[*agents.StatusError](err); ok {
		return kindOfStatus(e)
	}
	if _, ok := errors.AsType[*agents.UnreachableError](err); ok {
		return unreachable
	}
	if _, ok := errors.AsType[*agents.UnreadableError](err); ok {
		return unreadable
	}
	return permanent
}

// cut reports that a connection broke off.
func cut(err error) bool {
	if e, ok := errors.AsType[*agents.UnreadableError](err); ok && e.BrokeOff {
		return true
	}
	return agents.ConnectionBroke(err)
}

func kindOfStatus(e *agents.StatusError) kind {
	switch {
	case errors.Is(e, agents.ErrContextLength), e.Code == "insufficient_quota": // OpenAI's 429 when the account is empty
		return permanent
	case strings.Contains(e.Code, "overloaded"): // Anthropic's, also in an answer with status 200
		return overload
	}
	switch e.Status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, agents.StatusOverloaded:
		return overload
	case http.StatusRequestTimeout, http.StatusConflict: // a conflict is a lock that was not had in time
		return passing
	case http.StatusNotImplemented:
		return permanent
	}
	switch e.Status / 100 {
	case 2:
		return unreadable
	case 5:
		return passing
	}
	return permanent
}

const (
	// baseWait and mostWait bound the wait after a failure.
	baseWait = 500 * time.Millisecond
	mostWait = 60 * time.Second
	// unreachableFor is how long a server that cannot be reached is tried: one that starts again in a moment is waited for, one that is
	// not there is told of at once. The time is counted for all calls together, so that it passes once and not for each of them.
	unreachableFor = 2 * time.Second
	// refusedFor is how long a server may do nothing but refuse, for all calls together: longer than a limit a minute can make it. An
	// account that is used up for the day is so told of before each call has waited for itself. It holds with the default
	// number of retries alone: whoever names one wants them.
	refusedFor = 90 * time.Second
	// unreadableRetries is after how many retries an answer that is no completion is final: the URL is more likely wrong.
	unreadableRetries = 2
)

// jitter draws a wait from 0 to most. See the package comment about chance.
func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// backoff is the most to wait after that many attempts: exponential, with the wait itself drawn evenly below it ("full jitter":
// Brooker 2015, "Exponential Backoff and Jitter", AWS Architecture Blog).
func backoff(attempts int) time.Duration {
	if attempts > 7 { // 0.5 s doubled seven times is more than a minute
		return mostWait
	}
	return min(baseWait<<(attempts-1), mostWait)
}

// next returns how long to wait before the next attempt, or the error to give up with. err is of the last of that many attempts
// and left what remains of the call's timeout.
func (m *Model) next(k kind, err error, attempts int, left time.Duration) (time.Duration, error) {
	final := err
	if attempts > 1 {
		final = fmt.Errorf("after %d attempts: %w", attempts, err)
	}
	retries := m.limits.retries()
	switch k {
	case permanent:
		retries = 0
	case unreadable:
		retries = min(retries, unreadableRetries)
	}
	if attempts > retries || left <= 0 {
		return 0, final
	}
	most := backoff(attempts)
	if k == unreachable {
		most = min(most, unreachableFor/2) // however often the call was refused before
	}
	wait := retryAfter(err) + m.jitter(most)
	unreached, refusing := m.gate.trouble()
	switch {
	case k == unreachable && unreached+wait > unreachableFor,
		k == overload && m.limits.MaxRetries == nil && refusing > refusedFor:
		return 0, final
	case wait >= left:
		return 0, fmt.Errorf("%w: it would be asked again after %v, and its timeout (%v) leaves less", final, wait.Round(time.Second), m.limits.timeout())
	}
	return wait, nil
}

// retryAfter returns how long the server asks to be left alone, or 0.
func retryAfter(err error) time.Duration {
	if e, ok := errors.AsType[*agents.StatusError](err); ok {
		return e.RetryAfter
	}
	return 0
}
