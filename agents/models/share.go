package models

import (
	"bytes"
	"context"
	"fmt"
	"sync"
)

// Cache keeps completions beyond a run. It is safe for concurrent use.
type Cache interface {
	// Get returns the body of the answer that was put under the key, and whether there is one.
	Get(key string) (response []byte, ok bool, err error)
	// Put keeps the body of an answer. When it returns, the answer survives the death of the process.
	Put(key string, response []byte) error
}

// Share lets asks of the same name share one completion: the same base URL, body, scope, round, sample and again. All arms of an experiment
// then have the same round 0, and it is paid for once. With a Cache, runs share too.
//
// Of asks at the same time one is sent and the others wait for it. A failure is neither shared nor cached: if the first ask fails, one that
// waits is sent in its turn. What is kept is the body of the answer: in the Cache, or where there is none in memory for as long as the Share lives,
// and then of round 0 alone, which is what arms have in common. An answer is in the Cache before anyone has it. It is safe for concurrent use. The zero Share is empty.
type Share struct {
	// Cache is asked before a server is. nil is none. One that cannot be read fails the ask, which might be paid for again otherwise.
	Cache Cache
	// Trouble, when it is not nil, is given the first error of Cache.Put; an answer that could not be put is paid for and therefore given out, and
	// kept in memory. It is called from the goroutine of an ask.
	Trouble func(error)

	mu      sync.Mutex
	asked   map[string]*ask
	inCache map[string]bool // of what was asked for and the Cache holds: whether it is there from before
	trouble sync.Once
}

// ask is one ask, in flight or answered.
type ask struct {
	done chan struct{} // closed when the rest is final
	// response is nil while in flight and after a failure. It and before are written before done is closed and read after.
	response []byte
	before   bool // it was paid for before this process began
}

// source says where an answer came from.
type source struct {
	shared bool // another ask of this run asked for it
	cached bool // it was paid for before this process began
}

// Put adds a known answer of an earlier process, that of a stored exchange for example: its Share key and its Response. An answer that the
// share already has, or that is being asked for, stays. It goes before another one in the Cache.
func (s *Share) Put(key string, response []byte) {
	if len(response) == 0 {
		return
	}
	cached := false
	if s.Cache != nil {
		kept, ok, err := s.Cache.Get(key)
		cached = err == nil && ok && bytes.Equal(kept, response) // otherwise memory has it
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch _, known := s.inCache[key]; {
	case known || s.asked[key] != nil:
	case cached:
		s.note(key, true)
	default:
		a := &ask{done: make(chan struct{}), response: response, before: true}
		close(a.done)
		s.put(key, a)
	}
}

// covers says whether an ask of the round is shared.
func (s *Share) covers(round int) bool { return round == 0 || s.Cache != nil }

// put adds an ask. The lock is held.
func (s *Share) put(key string, a *ask) {
	if s.asked == nil {
		s.asked = make(map[string]*ask)
	}
	s.asked[key] = a
}

// note remembers that the Cache has an answer, and whether from before. The lock is held.
func (s *Share) note(key string, before bool) {
	if s.inCache == nil {
		s.inCache = make(map[string]bool)
	}
	s.inCache[key] = before
}

// get returns the answer to an ask and where it came from. It calls send when there is none, or none that read can read.
func (s *Share) get(ctx context.Context, key string, read func([]byte) error, send func() ([]byte, error)) ([]byte, source, error) {
	for {
		s.mu.Lock()
		a := s.asked[key]
		if a == nil {
			a = &ask{done: make(chan struct{})}
			s.put(key, a)
			before, known := s.inCache[key]
			s.mu.Unlock()
			from := source{shared: known, cached: before || !known}
			return s.answer(key, a, from, read, send)
		}
		s.mu.Unlock()
		select {
		case <-a.done:
		case <-ctx.Done():
			return nil, source{}, ctx.Err()
		}
		switch {
		case a.response == nil: // it failed
		case read(a.response) == nil:
			return a.response, source{shared: true, cached: a.before}, nil
		default: // put by who knew another form of it
			s.mu.Lock()
			if s.asked[key] == a {
				delete(s.asked, key)
			}
			s.mu.Unlock()
		}
	}
}

// answer gets the answer to an ask, from the Cache or by sending it, and tells those that wait. Then memory holds it only if the Cache does not.
// An ask that failed, or panicked, is forgotten. from is what is said of an answer of the Cache.
func (s *Share) answer(key string, a *ask, from source, read func([]byte) error, send func() ([]byte, error)) (response []byte, _ source, err error) {
	inCache := false
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		good := err == nil && len(response) > 0
		if good {
			a.response, a.before = response, from.cached
		}
		if good && inCache {
			s.note(key, from.cached)
		}
		if !good || inCache {
			delete(s.asked, key)
		}
		close(a.done)
	}()
	if s.Cache != nil {
		response, inCache, err = s.Cache.Get(key)
		if err != nil {
			return nil, source{}, fmt.Errorf("cache: %w", err)
		}
		if inCache && read(response) == nil {
			return response, from, nil
		}
	}
	from, inCache = source{}, false
	if response, err = send(); err != nil || s.Cache == nil {
		return response, from, err
	}
	if failed := s.Cache.Put(key, response); failed != nil {
		if s.Trouble != nil {
			s.trouble.Do(func() { s.Trouble(fmt.Errorf("cache: %w", failed)) })
		}
		return response, from, nil
	}
	inCache = true
	return response, from, nil
}
