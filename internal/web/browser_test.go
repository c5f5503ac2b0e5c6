package web_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"cheaptalk/internal/web"
	"cheaptalk/internal/web/page"
)

// browser returns headless Chromium, or skips the test.
func browser(t *testing.T) func(address string) (dom, log string) {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		program, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		return func(address string) (dom, log string) {
			t.Helper()
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
			defer cancel()
			var out, logged bytes.Buffer
			c := exec.CommandContext(ctx, program, "--headless", "--no-sandbox", "--disable-gpu", "--user-data-dir="+t.TempDir(), "--window-size=1280,1000",
				"--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom", address)
			c.Stdout, c.Stderr = &out, &logged
			if err := c.Run(); err != nil {
				t.Fatalf("%s: %v\n%.2000s", address, err, logged.String())
			}
			return out.String(), logged.String()
		}
	}
	t.Skip("no Chromium is installed")
	return nil
}

// TestABrowserRunsNothingHostile opens a run in which every text is an attack in a real browser: no script of it runs, all of it is read, replies of a million
// characters too, charts are drawn, and the policy of the page has nothing to complain of.
func TestABrowserRunsNothingHostile(t *testing.T) {
	load := browser(t)
	naked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<title>safe</title><p title="` + attack))
	}))
	defer naked.Close()
	if dom, _ := load(naked.URL); !strings.Contains(dom, "<title>owned</title>") {
		t.Fatalf("the attack does nothing where nothing is escaped:\n%.500s", dom)
	}

	recs := append(hostile(), small()...)
	o := options(recs)
	run := newRun(t, recs...)
	name := filepath.Join(t.TempDir(), "run.html")
	var file bytes.Buffer
	if err := web.WriteFile(t.Context(), &file, run, o); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	base, _ := serve(t, run, o)
	for !strings.Contains(fetch(t, base+"/status"), `"report":1`) { // the summary has its charts when the report is there
		if t.Context().Err() != nil {
			t.Fatal("no report")
		}
	}
	q := page.Values(recs[0].Case).Encode()
	for _, c := range []struct {
		address string
		want    []string
	}{
		{base + "/", []string{`class="u-wrap"`, "<canvas"}},
		{base + "/debates?arm=" + url.QueryEscape(attack), nil},
		{base + "/debate?calls=1&" + q, []string{"question\"&gt;&lt;script&gt;", "end of text ends", "thinking ends", "model ends"}},
		{"file://" + name + "#d1", []string{`class="u-wrap"`, "<canvas", "end of text ends", "1–9 of 9"}},
	} {
		dom, log := load(c.address)
		title := dom[strings.Index(dom, "<title>"):strings.Index(dom, "</title>")]
		if strings.Contains(title, "<title>owned") || !strings.HasSuffix(title, "· cheaptalk") {
			t.Errorf("%.60s: title %q", c.address, title)
		}
		if strings.Contains(dom, "<img") || strings.Contains(dom, "<svg") {
			t.Errorf("%.60s: an element of the attack is there", c.address)
		}
		for _, complaint := range []string{"Content Security Policy", "Uncaught"} {
			if i := strings.Index(log, complaint); i >= 0 {
				t.Errorf("%.60s: %s", c.address, log[max(i-200, 0):min(i+400, len(log))])
			}
		}
		for _, want := range c.want {
			if !strings.Contains(dom, want) {
				t.Errorf("%.60s: no %q", c.address, want)
			}
		}
	}
}
