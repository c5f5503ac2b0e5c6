package models

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// shelf is a cache in memory.
type shelf struct {
	mu             sync.Mutex
	kept           map[string][]byte
	getErr, putErr error
	beforePut      func()
}

func (s *shelf) Get(key string) ([]byte, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	b, ok := s.kept[key]
	return b, ok, s.getErr
}

func (s *shelf) Put(key string, response []byte) error {
	if s.beforePut != nil {
		s.beforePut()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.putErr != nil {
		return s.putErr
	}
	if s.kept == nil {
		s.kept = map[string][]byte{}
	}
	s.kept[key] = response
	return nil
}

// numbered answers at once with a text that numbers the requests.
func numbered(asked *int) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		*asked++
		return respond(r, strings.Replace(openAIOK, "It is (B).", fmt.Sprintf("answer %d", *asked), 1)), nil
	}
}

// origin says what a completion's exchange says of where it came from.
func origin(t *testing.T, m *Model, req agents.Request) string {
	t.Helper()
	c, err := m.Complete(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	x := c.Exchange
	if sent := x.Attempts == 1; sent == (x.Shared || x.Cached) || !sent && x.Took != 0 || x.Share == "" {
		t.Errorf("%+v", x)
	}
	return fmt.Sprintf("%s shared %t cached %t", c.Text, x.Shared, x.Cached)
}

func check(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestWhatACacheHasIsNotAskedAgain(t *testing.T) {
	asked := 0
	cache := &shelf{}
	first := &Share{Cache: cache}
	m := shared(t, numbered(&asked), first)
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared false cached false")
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared true cached false") // from the cache, but paid for by this process
	check(t, origin(t, m, in("q/2", 0, 0)), "answer 2 shared false cached false")

	second := &Share{Cache: cache}
	m = shared(t, numbered(&asked), second)
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared false cached true")
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared true cached true")
	check(t, origin(t, m, in("q/3", 0, 0)), "answer 3 shared false cached false")
	if asked != 3 {
		t.Errorf("asked %d times", asked)
	}
	for _, s := range []*Share{first, second} {
		if len(s.asked) > 0 || len(s.inCache) != 2 {
			t.Errorf("memory holds %d answers and %d names", len(s.asked), len(s.inCache))
		}
	}
}

// A process that is killed between the two would pay twice.
func TestAnAnswerIsInTheCacheBeforeAnyoneHasIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var tr counting
		released := make(chan struct{})
		share := &Share{Cache: &shelf{beforePut: func() { <-released }}}
		var wg sync.WaitGroup
		var mu sync.Mutex
		var have []string
		for range 3 {
			m := shared(t, &tr, share)
			wg.Go(func() {
				got := origin(t, m, in("q/1", 0, 0))
				mu.Lock()
				defer mu.Unlock()
				have = append(have, got)
			})
		}
		time.Sleep(time.Minute) // of the bubble: the server has answered
		synctest.Wait()
		if mu.Lock(); tr.asked.Load() != 1 || len(have) > 0 {
			t.Errorf("asked %d times, %v given out", tr.asked.Load(), have)
		}
		mu.Unlock()
		close(released)
		wg.Wait()
		if len(have) != 3 || tr.asked.Load() != 1 || len(share.asked) > 0 {
			t.Errorf("%v, asked %d times, %d in memory", have, tr.asked.Load(), len(share.asked))
		}
	})
}

func TestOnlyWholeCompletionsAreCached(t *testing.T) {
	for name, answer := range map[string]string{
		"error": `{"error":{"message":"no","code":500}}`, "no reply": `{"choices":[]}`, "no finish": `{"choices":[{"message":{"content":"a"}}]}`, "page": "<html>", "nothing": "",
		"half a stream": strings.Join(streams[OpenAI][:4], ""), "an error in a stream": streams[OpenAI][1] + `data: {"error":{"message":"no"}}` + "\n\n",
	} {
		cache := &shelf{}
		req := in("q/1", 0, 0)
		req.Say = func(string) {}
		tr := roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, answer), nil })
		if _, err := shared(t, tr, &Share{Cache: cache}).Complete(t.Context(), req); err == nil || len(cache.kept) > 0 {
			t.Errorf("%s: %v, kept %v", name, err, cache.kept)
		}
	}
	cache := &shelf{}
	req := in("q/1", 0, 0)
	req.Say = func(string) {}
	c, err := shared(t, streaming(OpenAI, strings.Join(streams[OpenAI], "")), &Share{Cache: cache}).Complete(t.Context(), req)
	if err != nil || string(cache.kept[c.Exchange.Share]) != string(c.Exchange.Response) {
		t.Errorf("%v, kept %q", err, cache.kept)
	}
}

// Without it the ask might be paid for a second time, unseen.
func TestACacheThatCannotBeReadIsAnError(t *testing.T) {
	asked := 0
	cache := &shelf{getErr: errors.New("disk on fire")}
	m := shared(t, numbered(&asked), &Share{Cache: cache})
	if _, err := m.Complete(t.Context(), in("q/1", 0, 0)); !errors.Is(err, cache.getErr) || !strings.Contains(err.Error(), "cache: disk on fire") || asked > 0 {
		t.Errorf("%v, asked %d times", err, asked)
	}
	cache.getErr = nil
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared false cached false")
}

func TestACacheThatCannotBeWrittenIsToldOfOnceAndCostsNothing(t *testing.T) {
	asked := 0
	var told []error
	full := errors.New("disk full")
	share := &Share{Cache: &shelf{putErr: full}, Trouble: func(err error) { told = append(told, err) }}
	m := shared(t, numbered(&asked), share)
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared false cached false")
	check(t, origin(t, m, in("q/1", 0, 0)), "answer 1 shared true cached false")
	check(t, origin(t, m, in("q/2", 0, 0)), "answer 2 shared false cached false")
	if len(told) != 1 || !errors.Is(told[0], full) || told[0].Error() != "cache: disk full" {
		t.Errorf("told %v", told)
	}
	silent := shared(t, numbered(&asked), &Share{Cache: &shelf{putErr: full}})
	check(t, origin(t, silent, in("q/1", 0, 0)), "answer 3 shared false cached false")
}

func TestWhatCannotBeReadIsAskedAgain(t *testing.T) {
	asked := 0
	cache := &shelf{}
	m := shared(t, numbered(&asked), &Share{Cache: cache})
	c, err := m.Complete(t.Context(), in("q/1", 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	key := c.Exchange.Share
	for _, bad := range []string{`{"choices":[]}`, "{", ""} {
		cache.kept[key] = []byte(bad)
		share := &Share{Cache: cache}
		share.Put(key, []byte("[]"))
		again := shared(t, numbered(&asked), share)
		want := fmt.Sprintf("answer %d shared false cached false", asked+1)
		check(t, origin(t, again, in("q/1", 0, 0)), want)
		if !strings.Contains(string(cache.kept[key]), fmt.Sprintf("answer %d", asked)) {
			t.Errorf("%q is still in the cache", cache.kept[key])
		}
	}
}

// The record has one answer, a later run may have put another into the cache: the arms of a run go by its record.
func TestAStoredAnswerGoesBeforeACachedOne(t *testing.T) {
	asked := 0
	cache := &shelf{}
	c, err := shared(t, numbered(&asked), &Share{Cache: cache}).Complete(t.Context(), in("q/1", 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	key, stored := c.Exchange.Share, c.Exchange.Response
	silent := roundTrip(func(*http.Request) (*http.Response, error) { return nil, errors.New("asked") })

	share := &Share{Cache: cache}
	share.Put(key, stored)
	if len(share.asked) > 0 {
		t.Error("memory holds what the cache holds")
	}
	check(t, origin(t, shared(t, silent, share), in("q/1", 0, 0)), "answer 1 shared true cached true")

	cache.kept[key] = []byte(strings.Replace(string(stored), "answer 1", "another", 1))
	share = &Share{Cache: cache}
	share.Put(key, stored)
	share.Put(key, cache.kept[key])
	check(t, origin(t, shared(t, silent, share), in("q/1", 0, 0)), "answer 1 shared true cached true")
}

// TestAnAnswerIsReceivedBeforeItIsKept says when a call needs its connection no more.
func TestAnAnswerIsReceivedBeforeItIsKept(t *testing.T) {
	var order []string
	asked := 0
	kept := &shelf{beforePut: func() { order = append(order, "kept") }}
	m := open(t, Config{URL: "http://localhost/v1", Transport: numbered(&asked), Share: &Share{Cache: kept}})
	req := request(agents.Sampling{})
	req.Scope = "q"
	req.Received = func(u debate.Usage) {
		order = append(order, fmt.Sprint("received ", u.PromptTokens, u.CompletionTokens))
	}
	c, err := m.Complete(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprint("received ", c.Usage.PromptTokens, c.Usage.CompletionTokens)
	if _, err = m.Complete(t.Context(), req); err != nil { // it comes from the cache: nothing is received
		t.Fatal(err)
	}
	if !slices.Equal(order, []string{want, "kept"}) {
		t.Errorf("%q", order)
	}
}
