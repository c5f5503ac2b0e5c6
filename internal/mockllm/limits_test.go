package mockllm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener without a network, so that a server and its clients live in a bubble, which also finds goroutines that are left.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func (p *pipes) Close() error { p.once.Do(func() { close(p.closed) }); return nil }

func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }

func (p *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.conns <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// bubble gives f a server with that config, and a function that asks it and returns status and headers, or an error.
func bubble(t *testing.T, c Config, f func(s *Server, ask func(body string) (int, http.Header, error))) {
	synctest.Test(t, func(t *testing.T) {
		h, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		p := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
		s := serve(h, p)
		client := &http.Transport{DialContext: p.dial}
		f(s, func(body string) (int, http.Header, error) {
			req, err := http.NewRequest(http.MethodPost, s.URL()+"/v1/chat/completions", strings.NewReader(body))
			if err != nil {
				return 0, nil, err
			}
			resp, err := client.RoundTrip(req)
			if err != nil {
				return 0, nil, err
			}
			defer resp.Body.Close()
			_, err = io.Copy(io.Discard, resp.Body)
			return resp.StatusCode, resp.Header, err
		})
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		client.CloseIdleConnections()
	})
}

// numbered is a request that is like no other; its prompt has 2 tokens and its reply, of Config.Replies, 3.
func numbered(i int) string {
	return fmt.Sprintf(`{"model":"m","messages":[{"role":"user","content":"%08d"}]}`, i)
}

var threeTokens = []string{"abcdefghi"}

func TestRequestsPerMinute(t *testing.T) {
	for _, date := range []bool{false, true} {
		bubble(t, Config{RequestsPerMinute: 6, RetryDate: date}, func(_ *Server, ask func(string) (int, http.Header, error)) {
			for i := range 6 {
				status, header, err := ask(numbered(i))
				if left := header.Get("X-Ratelimit-Remaining-Requests"); status != 200 || left != fmt.Sprint(5-i) || err != nil {
					t.Fatalf("%d: %d, %s left, %v", i, status, left, err)
				}
			}
			time.Sleep(time.Second / 2) // of the bubble
			status, header, _ := ask(numbered(6))
			want := map[string]string{
				"Retry-After": "10", "X-Ratelimit-Limit-Requests": "6", "X-Ratelimit-Remaining-Requests": "0", "X-Ratelimit-Reset-Requests": "59.5s",
				"X-Ratelimit-Limit-Tokens": "",
			}
			if date { // the bubble's clock began on a whole second; 9.5 s later is rounded up
				want["Retry-After"] = time.Now().Add(9500 * time.Millisecond).UTC().Format(http.TimeFormat)
			}
			for name, value := range want {
				if got := header.Get(name); status != 429 || got != value {
					t.Errorf("%d %s: %q, want %q", status, name, got, value)
				}
			}
			time.Sleep(9500*time.Millisecond - 1)
			if status, _, _ := ask(numbered(7)); status != 429 {
				t.Errorf("too early: %d", status)
			}
			time.Sleep(time.Nanosecond)
			if status, _, _ := ask(numbered(7)); status != 200 {
				t.Errorf("in time: %d", status)
			}
			time.Sleep(time.Hour) // the bucket holds a minute's worth, not an hour's
			for i := range 7 {
				if status, _, _ := ask(numbered(i)); (status == 200) != (i < 6) {
					t.Errorf("after an hour, %d: %d", i, status)
				}
			}
		})
	}
}

func TestTokensPerMinute(t *testing.T) {
	bubble(t, Config{TokensPerMinute: 12, Replies: threeTokens}, func(_ *Server, ask func(string) (int, http.Header, error)) {
		for i, want := range []struct {
			status int
			left   string
		}{{200, "10"}, {200, "5"}, {200, "0"}, {429, "0"}} { // a header is written before the reply's tokens are taken
			status, header, err := ask(numbered(i))
			if left := header.Get("X-Ratelimit-Remaining-Tokens"); status != want.status || left != want.left || err != nil {
				t.Errorf("%d: %d, %s left, %v", i, status, left, err)
			}
			if wait := header.Get("Retry-After"); status == 429 && wait != "25" { // from -3 to 2 at a token in 5 s
				t.Errorf("wait %s", wait)
			}
		}
		time.Sleep(25 * time.Second)
		if status, _, _ := ask(numbered(9)); status != 200 {
			t.Errorf("after the wait: %d", status)
		}
		long := strings.Replace(numbered(1), "00000001", strings.Repeat("x", 400), 1)
		time.Sleep(time.Hour)
		if status, _, _ := ask(long); status != 200 {
			t.Errorf("longer than a full bucket: %d", status)
		}
	})
}

// together asks n at once and returns how many got each status.
func together(n int, ask func(string) (int, http.Header, error)) map[int]int {
	var mu sync.Mutex
	var all sync.WaitGroup
	got := map[int]int{}
	for i := range n {
		all.Go(func() {
			status, _, _ := ask(numbered(i))
			mu.Lock()
			defer mu.Unlock()
			got[status]++
		})
	}
	all.Wait()
	return got
}

func TestCapacity(t *testing.T) {
	for _, c := range []struct {
		queue        int
		ok, refused  int
		peak, waited int
		took         time.Duration
	}{
		{0, 10, 0, 3, 7, 4 * time.Second},
		{2, 5, 5, 3, 2, 2 * time.Second},
		{-1, 3, 7, 3, 0, time.Second},
	} {
		bubble(t, Config{Capacity: 3, Queue: c.queue, Latency: Fixed(time.Second)}, func(s *Server, ask func(string) (int, http.Header, error)) {
			began := time.Now()
			got := together(10, ask)
			if got[200] != c.ok || got[503] != c.refused || time.Since(began) != c.took {
				t.Errorf("queue %d: %v in %v", c.queue, got, time.Since(began))
			}
			if s := s.Stats(); s.PeakInFlight != c.peak || s.PeakWaiting != c.waited || s.InFlight != 0 {
				t.Errorf("queue %d: %+v", c.queue, s)
			}
		})
	}
}

// Every place in which a request can wait is left by Close, and the bubble ends only when all goroutines have.
func TestCloseLeavesNoGoroutine(t *testing.T) {
	for name, c := range map[string]Config{
		"idle":    {},
		"latency": {Latency: Fixed(time.Hour)},
		"queue":   {Latency: Fixed(time.Hour), Capacity: 1},
		"hang":    {Faults: map[Fault]float64{Hang: 1}},
		"drip":    {Faults: map[Fault]float64{Drip: 1}, DripPause: time.Hour},
		"reset":   {Faults: map[Fault]float64{Reset: 1}},
		"cut":     {Faults: map[Fault]float64{Cut: 1}},
	} {
		bubble(t, c, func(s *Server, ask func(string) (int, http.Header, error)) {
			var asked sync.WaitGroup
			for i := range 3 {
				asked.Go(func() {
					if _, _, err := ask(numbered(i)); (err == nil) != (name == "idle") {
						t.Errorf("%s: %v", name, err)
					}
				})
			}
			synctest.Wait()
			began := time.Now()
			if err := s.Close(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			asked.Wait()
			if took := time.Since(began); took != 0 {
				t.Errorf("%s: Close took %v", name, took)
			}
		})
	}
}

// A client that gives up makes room for the next.
func TestAClientThatGivesUpLeavesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, err := New(Config{Capacity: 1, Faults: map[Fault]float64{Hang: 1}})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			req, err := http.NewRequestWithContext(ctx, http.MethodPost, "/v1/messages", strings.NewReader(`{"max_tokens":1,`+numbered(1)[1:]))
			if err != nil {
				t.Fatal(err)
			}
			func() {
				defer func() {
					if got := recover(); got != http.ErrAbortHandler {
						t.Errorf("the request is not aborted but ends with %v", got)
					}
				}()
				h.ServeHTTP(nowhere{}, req)
			}()
			cancel()
		}
		if s := h.Stats(); s.InFlight != 0 || s.Faults[Hang] != 3 || s.Repeated != 2 {
			t.Errorf("%+v", s)
		}
	})
}

// nowhere is a response that nobody writes.
type nowhere struct{}

func (nowhere) Header() http.Header       { return http.Header{} }
func (nowhere) Write([]byte) (int, error) { return 0, errors.New("written") }
func (nowhere) WriteHeader(int)           {}
