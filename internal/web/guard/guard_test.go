package guard

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// TestOnlyTheOwnAddressIsAnswered holds requests by other names, from other sites and of other methods against the guard.
func TestOnlyTheOwnAddressIsAnswered(t *testing.T) {
	at := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}
	h := Handler(at, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) }))
	type header map[string]string
	for _, c := range []struct {
		name, method, host string
		header             header
		want               int
	}{
		{"its address", "GET", "127.0.0.1:8080", nil, 200},
		{"localhost", "GET", "localhost:8080", nil, 200},
		{"IPv6", "GET", "[::1]:8080", nil, 200},
		{"its own origin", "GET", "127.0.0.1:8080", header{"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}, 200},
		{"a link elsewhere", "GET", "localhost:8080", header{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, 200},
		{"typed", "GET", "localhost:8080", header{"Sec-Fetch-Site": "none"}, 200},
		{"a name that resolves here", "GET", "evil.example:8080", nil, 403},
		{"a name that begins alike", "GET", "127.0.0.1.evil.example:8080", nil, 403},
		{"another port", "GET", "127.0.0.1:9090", nil, 403},
		{"no port", "GET", "127.0.0.1", nil, 403},
		{"no host", "GET", "", nil, 403},
		{"another origin", "GET", "127.0.0.1:8080", header{"Origin": "http://evil.example"}, 403},
		{"another port's origin", "GET", "127.0.0.1:8080", header{"Origin": "http://127.0.0.1:9090"}, 403},
		{"another scheme's origin", "GET", "127.0.0.1:8080", header{"Origin": "https://127.0.0.1:8080"}, 403},
		{"no origin to speak of", "GET", "127.0.0.1:8080", header{"Origin": "null"}, 403},
		{"an image elsewhere", "GET", "127.0.0.1:8080", header{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		{"another port's script", "GET", "127.0.0.1:8080", header{"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "no-cors"}, 403},
		{"a form", "POST", "127.0.0.1:8080", nil, 405},
		{"a preflight", "OPTIONS", "127.0.0.1:8080", nil, 405},
	} {
		r := httptest.NewRequest(c.method, "/", nil)
		r.Host = c.host
		for name, value := range c.header {
			r.Header.Set(name, value)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s: %d, want %d", c.name, w.Code, c.want)
		}
		got := w.Header()
		if policy := got.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none';") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q", c.name, policy)
		}
		if got.Get("X-Content-Type-Options") != "nosniff" || got.Get("Access-Control-Allow-Origin") != "" || got.Get("Cross-Origin-Resource-Policy") != "same-origin" {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// TestOnlyLoopbackIsListenedOn refuses addresses that others can reach.
func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:80", "example.com:80", "127.0.0.1", "nonsense"} {
		l, err := Listen(address)
		if err == nil {
			l.Close()
			t.Errorf("%q is listened on", address)
			continue
		}
		if !strings.Contains(err.Error(), "\n  ") {
			t.Errorf("%q: no fix in %q", address, err)
		}
	}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l.Close()
}
