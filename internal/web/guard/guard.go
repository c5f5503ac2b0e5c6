// Package guard lets only the person at this machine read what a server on it shows: it listens on loopback addresses alone, and answers nobody who
// came by another name or from another site, so that a page elsewhere can neither ask the server nor have a name of its own resolve to it.
package guard

import (
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
)

// Listen listens on a loopback address, "127.0.0.1:0" for example, where 0 takes a free port. Any other address is refused.
func Listen(address string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w\n  127.0.0.1:8080 is one", address, err)
	}
	if ip, err := netip.ParseAddr(host); host != "localhost" && (err != nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("address %q is not on this machine alone: whoever reaches it could read the run\n  say 127.0.0.1 or localhost, and reach it from elsewhere with ssh -L 8080:127.0.0.1:8080", address)
	}
	return net.Listen("tcp", address)
}

// hosts returns what a request to an address may name as its host.
func hosts(at net.Addr) []string {
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return nil
	}
	var names []string
	for _, name := range []string{host, "127.0.0.1", "::1", "localhost"} {
		names = append(names, net.JoinHostPort(name, port))
		if port == "80" && name != "::1" {
			names = append(names, name)
		}
	}
	return names
}

// Policy forbids a page everything but its own style sheets, scripts and status. Rules for elements are set by script alone, which no policy forbids.
const Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Handler passes on requests that name the address of the server as their host, come from no other site, and only read. What it answers may not be
// framed, read by other sites, taken for another type, or kept, and its pages get the [Policy].
func Handler(at net.Addr, next http.Handler) http.Handler {
	hosts := hosts(at)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"Content-Security-Policy": Policy, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer",
			"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Opener-Policy": "same-origin", "Cache-Control": "no-store",
		} {
			w.Header().Set(name, value)
		}
		origins := r.Header.Values("Origin")
		foreign := slices.ContainsFunc(origins, func(origin string) bool {
			return !slices.ContainsFunc(hosts, func(host string) bool { return origin == "http://"+host })
		})
		site, mode := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode")
		switch {
		case !slices.Contains(hosts, r.Host):
			http.Error(w, "this server answers only to its own address", http.StatusForbidden)
		case foreign, (site == "cross-site" || site == "same-site") && mode != "navigate":
			http.Error(w, "other sites cannot read this run", http.StatusForbidden)
		case r.Method != http.MethodGet:
			w.Header().Set("Allow", http.MethodGet)
			http.Error(w, "pages are read, nothing is changed here", http.StatusMethodNotAllowed)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
