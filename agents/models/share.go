package models

import (
	"context"
	"sync"
)

// Cache keeps completions beyond a run. It is safe for concurrent use.
type Cache interface {
	// Get returns the body of the answer that was put under the key, and whether there is one.
	Get(key string) (response []byte, ok bool, err error)
	// Put keeps the body of an answer. When it returns, the answer survives the death of the process.
	Put(key string, response []byte) error
}

// Share lets asks of the same name share one completion: the same base URL, body, scope, round and sample. All arms of an experiment
// then have the same round 0, and it is paid for once.
//
// Of asks at the same time one is sent and the others wait for it. A failure is not shared: if the first ask fails, one that
// waits is sent in its turn. What is kept is the body of the answer, for as long as the Share lives.
// It is safe for concurrent use. The zero Share is empty.
type Share struct {
	mu    sync.Mutex
	asked map[string]*ask
}

// ask is one ask, in flight or answered.
type ask struct {
	done chan struct{} // closed when response is final
	// response is nil while in flight and after a failure. It is written before done is closed and read after.
	response []byte
}

// Put adds a known answer, that of a stored exchange for example: its Share key and its Response. An answer that the
// share already has, or that is being asked for, stays.
func (s *Share) Put(key string, response []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asked[key] != nil || len(response) == 0 {
		return
	}
	a := &ask{done: make(chan struct{}), response: response}
	close(a.done)
	s.put(key, a)
}

// put adds an ask. The lock is held.
func (s *Share) put(key string, a *ask) {
	if s.asked == nil {
		s.asked = make(map[string]*ask)
	}
	s.asked[key] = a
}

// get returns the answer to an ask and whether another ask made it. It calls send when none did.
func (s *Share) get(ctx context.Context, key string, send func() ([]byte, error)) (response []byte, shared bool, err error) {
	for {
		s.mu.Lock()
		a := s.asked[key]
		if a == nil {
			a = &ask{done: make(chan struct{})}
			s.put(key, a)
			s.mu.Unlock()
			err := s.answer(key, a, send)
			return a.response, false, err
		}
		s.mu.Unlock()
		select {
		case <-a.done:
			if a.response != nil {
				return a.response, true, nil
			}
		case <-ctx.Done():
			return nil, false, ctx.Err()
		}
	}
}

// answer sends an ask and tells those that wait. An ask that failed, or panicked, is forgotten first.
func (s *Share) answer(key string, a *ask, send func() ([]byte, error)) (err error) {
	var response []byte
	defer func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if err == nil && len(response) > 0 {
			a.response = response
		} else {
			delete(s.asked, key)
		}
		close(a.done)
	}()
	response, err = send()
	return err
}
