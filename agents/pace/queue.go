package pace

import (
	"container/list"
	"context"
	"hash/maphash"
	"sync"

	"cheaptalk/agents"
)

// queue lets one in at a time: the highest rank first, and among equals in the order of arrival. It is safe for concurrent use. The
// zero queue is empty.
type queue struct {
	mu      sync.Mutex
	taken   bool
	waiting []*list.List // by rank; of chan struct{}, closed to give the turn away
}

// enter waits for the turn. Whoever enters must leave. rank is not negative.
func (q *queue) enter(ctx context.Context, rank int) error {
	q.mu.Lock()
	if !q.taken {
		q.taken = true
		q.mu.Unlock()
		return nil
	}
	for len(q.waiting) <= rank {
		q.waiting = append(q.waiting, list.New())
	}
	turn := make(chan struct{})
	place := q.waiting[rank].PushBack(turn)
	q.mu.Unlock()
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
	}
	q.mu.Lock()
	select {
	case <-turn: // given at the same moment: it goes to the next
		q.mu.Unlock()
		q.leave()
	default:
		q.waiting[rank].Remove(place)
		q.mu.Unlock()
	}
	return ctx.Err()
}

// leave gives the turn to the next.
func (q *queue) leave() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for rank := len(q.waiting) - 1; rank >= 0; rank-- {
		if next := q.waiting[rank].Front(); next != nil {
			close(q.waiting[rank].Remove(next).(chan struct{}))
			return
		}
	}
	q.taken = false
}

// twins lets identical asks in one at a time. It is safe for concurrent use.
type twins struct {
	mu     sync.Mutex
	queues map[uint64]*twin // of asks that are on their way or wait for one that is
}

type twin struct {
	queue queue
	users int
}

// enter waits until no ask of the same key is on its way. Whoever enters must leave.
func (t *twins) enter(ctx context.Context, key uint64) (leave func(), err error) {
	t.mu.Lock()
	if t.queues == nil {
		t.queues = map[uint64]*twin{}
	}
	w := t.queues[key]
	if w == nil {
		w = &twin{}
		t.queues[key] = w
	}
	w.users++
	t.mu.Unlock()

	forget := func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		if w.users--; w.users == 0 {
			delete(t.queues, key)
		}
	}
	if err := w.queue.enter(ctx, 0); err != nil {
		forget()
		return nil, err
	}
	return func() { w.queue.leave(); forget() }, nil
}

// key is the same for asks that may share a completion. That others may have the same one costs them a wait and nothing else.
func key(seed maphash.Seed, req agents.Request) uint64 {
	var h maphash.Hash
	h.SetSeed(seed)
	maphash.WriteComparable(&h, struct {
		scope, system        string
		round, sample, again int
		logprobs             bool
	}{req.Scope, req.System, req.Round, req.Sample, req.Again, req.Logprobs})
	for _, m := range req.Messages {
		maphash.WriteComparable(&h, m)
	}
	return h.Sum64()
}
