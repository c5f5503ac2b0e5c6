package models

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"cheaptalk/agents"
)

func TestWhatIsWrongWithAConnectionIsHintedAt(t *testing.T) {
	check := func(url, want string) {
		t.Helper()
		_, err := open(t, Config{URL: url}).Complete(t.Context(), request(agents.Sampling{}))
		if _, ok := errors.AsType[*agents.UnreachableError](err); !ok || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", url, err, want)
		}
	}
	plain := serve(t, openAIOK)
	check(strings.Replace(plain.URL, "http:", "https:", 1), "does the server speak http rather than https?")
	secure := httptest.NewUnstartedServer(http.NotFoundHandler())
	secure.Config.ErrorLog = log.New(io.Discard, "", 0) // that the client goes is what is wanted
	secure.StartTLS()
	defer secure.Close()
	check(secure.URL, "SSL_CERT_FILE")
}

func TestABodyThatIsResetBrokeOff(t *testing.T) {
	for _, say := range []func(string){nil, func(string) {}} {
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.WriteString(w, openAIOK[:20])
			http.NewResponseController(w).Flush()
			panic(http.ErrAbortHandler)
		}))
		s.EnableHTTP2 = true
		s.StartTLS()
		req := request(agents.Sampling{})
		req.Say = say
		_, err := open(t, Config{URL: s.URL, Transport: s.Client().Transport}).Complete(t.Context(), req)
		if e, ok := errors.AsType[*agents.UnreadableError](err); !ok || !e.BrokeOff || errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%v", err)
		}
		s.Close()
	}
}

func TestADeadConnectionIsNoticed(t *testing.T) {
	t.Parallel()
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Error(r.Proto)
		}
		io.WriteString(w, openAIOK)
	}))
	s.EnableHTTP2 = true
	s.StartTLS()
	defer s.Close()
	var dead atomic.Bool
	tr := NewTransport()
	if tr.HTTP2 == nil || tr.HTTP2.SendPingTimeout <= 0 || tr.HTTP2.PingTimeout <= 0 {
		t.Fatalf("%+v", tr.HTTP2)
	}
	tr.HTTP2 = &http.HTTP2Config{SendPingTimeout: 50 * time.Millisecond, PingTimeout: 2 * time.Second} // which a machine under load keeps
	tr.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig
	dial := tr.DialContext
	tr.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		return swallowing{conn, &dead}, err
	}
	defer tr.CloseIdleConnections()
	m := open(t, Config{URL: s.URL, Transport: tr})
	ask := func() error {
		_, err := m.Complete(t.Context(), request(agents.Sampling{}))
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	dead.Store(true)
	if _, ok := errors.AsType[*agents.UnreachableError](ask()); !ok {
		t.Error("no error")
	}
	dead.Store(false)
	if err := ask(); err != nil {
		t.Error(err)
	}
}

type swallowing struct {
	net.Conn
	dead *atomic.Bool
}

func (s swallowing) Write(p []byte) (int, error) {
	if s.dead.Load() {
		return len(p), nil
	}
	return s.Conn.Write(p)
}

func TestABodyThatBreaksOffIsAnError(t *testing.T) {
	for _, api := range apis {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", fmt.Sprint(len(api.ok)))
			io.WriteString(w, api.ok[:len(api.ok)-2])
		}))
		_, err := open(t, Config{API: api.api, URL: s.URL}).Complete(t.Context(), request(agents.Sampling{}))
		if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "broke off") {
			t.Errorf("%s: %v", api.api, err)
		}
		s.Close()
	}
}

func TestAServerThatIsNotThereIsNamed(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close() // nobody listens there now
	for _, api := range apis {
		url := "http://" + l.Addr().String()
		_, err := open(t, Config{API: api.api, URL: url}).Complete(t.Context(), request(agents.Sampling{}))
		e, ok := errors.AsType[*agents.UnreachableError](err)
		if !ok || e.URL != url || !errors.Is(err, syscall.ECONNREFUSED) || !strings.Contains(err.Error(), "is the server running") {
			t.Errorf("%s: %v", api.api, err)
		}
	}
}
