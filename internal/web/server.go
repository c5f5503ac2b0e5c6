package web

import (
	"context"
	"errors"
	"net"
	"net/http"
	"sync"
	"time"

	"cheaptalk/internal/store"
	"cheaptalk/internal/web/follow"
	"cheaptalk/internal/web/guard"
	"cheaptalk/internal/web/page"
	"cheaptalk/reports"
)

// Options say what is known of the run besides what is stored.
type Options struct {
	Title string   // of the pages
	Name  string   // of the experiment
	Arms  []string // in the order of the experiment
}

// Server serves the pages of one run. Make it with [New].
type Server struct {
	run   *store.Run
	o     Options
	pages *page.Templates
	all   *follow.Follower
}

// New returns a server of the run, which stays the caller's to close, once Serve has returned.
func New(run *store.Run, o Options) (*Server, error) {
	pages, err := page.Parse()
	if err != nil {
		return nil, err
	}
	return &Server{run: run, o: o, pages: pages, all: follow.New(run, reports.Options{Name: o.Name, Arms: o.Arms})}, nil
}

// Serve answers requests until ctx ends, and closes the listener. When it returns, every goroutine it started is gone.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	var behind sync.WaitGroup
	defer behind.Wait()
	defer cancel()
	server := http.Server{Handler: s.Handler(l.Addr()), ReadHeaderTimeout: 10 * time.Second, BaseContext: func(net.Listener) context.Context { return ctx }}
	behind.Go(func() { s.all.Run(ctx) })
	failed := make(chan error, 1) // so that its sender need not wait
	behind.Go(func() { failed <- server.Serve(l) })
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	if err := server.Close(); err != nil {
		return err
	}
	if err := <-failed; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// Handler returns the handler of all pages, for a server at an address.
func (s *Server) Handler(at net.Addr) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.summary)
	mux.HandleFunc("GET /debates", s.debates)
	mux.HandleFunc("GET /debate", s.debate)
	mux.HandleFunc("GET /pair", s.pair)
	mux.HandleFunc("GET /status", s.status)
	mux.HandleFunc("GET /assets/{name}", asset)
	return guard.Handler(at, mux)
}
