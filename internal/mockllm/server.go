package mockllm

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Server is a [Handler] on an address of its own.
type Server struct {
	*Handler
	http   http.Server
	url    string
	cancel context.CancelFunc // of all requests
	err    error              // of Serve; to be read when served is closed
	served chan struct{}
}

// Start listens and serves until Close. It refuses an address that is not of the loopback interface.
func Start(c Config) (*Server, error) {
	h, err := New(c)
	if err != nil {
		return nil, err
	}
	if c.Address == "" {
		c.Address = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(c.Address)
	if err != nil {
		return nil, fmt.Errorf("mock server: %q is not of the form 127.0.0.1:8099: %w", c.Address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("mock server: %q is not an address of this machine alone: use 127.0.0.1:PORT or localhost:PORT", c.Address)
	}
	l, err := net.Listen("tcp", c.Address)
	if err != nil {
		return nil, fmt.Errorf("mock server: %w", err)
	}
	return serve(h, l), nil
}

// serve starts the server's own goroutine.
func serve(h *Handler, l net.Listener) *Server {
	ctx, cancel := context.WithCancel(context.Background())
	s := &Server{Handler: h, url: "http://" + l.Addr().String(), cancel: cancel, served: make(chan struct{})}
	s.http.Handler = h
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	s.http.ConnState = s.connState
	go func() {
		defer close(s.served)
		s.err = s.http.Serve(l)
	}()
	return s
}

// URL returns the base URL of Ollama's API. Those of OpenAI's and Anthropic's are the same with /v1.
func (s *Server) URL() string { return s.url }

// Close ends every request and every connection, and returns when no goroutine of the server is left.
func (s *Server) Close() error {
	s.cancel()
	err := s.http.Close()
	<-s.served
	if !errors.Is(s.err, http.ErrServerClosed) {
		err = errors.Join(err, s.err)
	}
	// Subtle: a connection that was accepted during the first Close is known to the server only now.
	err = errors.Join(err, s.http.Close())
	s.busy.Wait()
	return err
}

// connState counts connections. net/http tells of a new one before the goroutine that serves it starts, and of a closed one at
// its end. One that was hijacked is closed by the request that did it, which is counted itself.
func (s *Server) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.busy.Add(1)
		s.mu.Lock()
		s.stats.Connections++
		s.mu.Unlock()
	case http.StateClosed, http.StateHijacked:
		s.busy.Done()
	}
}
