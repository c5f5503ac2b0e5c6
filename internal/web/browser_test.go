package web_test

import (
	"bytes"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web"
	"cheaptalk/internal/web/page"
)

var pictures = flag.String("pictures", "", "write a picture of every page to this `folder`, to be looked at")

// fileOf writes a run as a single file and returns its address.
func fileOf(t *testing.T, run *store.Run, o web.Options) string {
	t.Helper()
	name := filepath.Join(t.TempDir(), "run.html")
	var b bytes.Buffer
	if err := web.WriteFile(t.Context(), &b, run, o); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return "file://" + name
}

// served serves a run and returns its address, once there is a report.
func served(t *testing.T, run *store.Run, o web.Options) string {
	t.Helper()
	base, _ := serve(t, run, o)
	for !strings.Contains(fetch(t, base+"/status"), `"report":1`) {
		if t.Context().Err() != nil {
			t.Fatal("no report")
		}
	}
	return base
}

// TestABrowserRunsNothingHostile opens a run in which every text is an attack in a real browser: no script of it runs, all of it is read, replies of a million
// characters too, charts are drawn, and the policy of the page has nothing to complain of.
func TestABrowserRunsNothingHostile(t *testing.T) {
	b := newTab(t)
	naked := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<title>safe</title><p title="` + attack))
	}))
	defer naked.Close()
	b.visit(naked.URL)
	if title := b.eval("document.title"); title != "owned" {
		t.Fatalf("the attack does nothing where nothing is escaped: title %q", title)
	}

	recs := append(hostile(), small()...)
	run, o := newRun(t, recs...), options(recs)
	o.Title = evil("run")
	base, file := served(t, run, o), fileOf(t, run, o)
	q := page.Values(recs[0].Case).Encode()
	words := []string{"end of text ends", "agent1 ends", "answer3 ends", "verdict ends", "failure ends", "run ends"}
	for _, c := range []struct {
		address string
		want    []string
	}{
		{base + "/", []string{`class="u-wrap"`, "<canvas", "arm1 ends", "run ends"}},
		{base + "/debates?arm=" + url.QueryEscape(attack), []string{"arm2 ends"}},
		{base + "/debate?calls=1&" + q, append([]string{"question\"&gt;&lt;script&gt;", "thinking ends", "model ends", "request"}, words...)},
		{base + "/pair?with=" + url.QueryEscape(recs[1].Case.Arm) + "&" + q, words},
		{base + "/debate?item=" + url.QueryEscape(attack), nil},
		{file + "#d1", append([]string{`class="u-wrap"`, "<canvas", "1–9 of 9"}, words...)},
	} {
		b.visit("about:blank")
		b.visit(c.address)
		b.until("document.readyState === 'complete'")
		if title := fmt.Sprint(b.eval("document.title")); title == "owned" || !strings.HasSuffix(title, "· cheaptalk") {
			t.Errorf("%.60s: title %q", c.address, title)
		}
		if n := b.eval(`document.querySelectorAll("img, svg, iframe, script:not([src]):not([type]):not(body > script)").length`); n != 0.0 {
			t.Errorf("%.60s: %v elements of the attack are there", c.address, n)
		}
		dom := fmt.Sprint(b.eval("document.documentElement.outerHTML"))
		for _, want := range c.want {
			if !strings.Contains(dom, want) {
				t.Errorf("%.60s: no %q", c.address, want)
			}
		}
		own := base + "/"
		if strings.HasPrefix(c.address, "file:") {
			own = file
		}
		for _, asked := range b.requests {
			if !strings.HasPrefix(asked, own) && !strings.HasPrefix(asked, "data:") {
				t.Errorf("%.60s: asks for %s", c.address, asked)
			}
		}
		if !strings.Contains(c.address, "debate?item=") { // the browser notes that there is no such debate
			b.content()
		}
	}
}

// many is a run of 150 questions in two arms: two pages of a list.
func many() []*debate.Record {
	var recs []*debate.Record
	for i := range 75 {
		item := fmt.Sprintf("set/%03d", i)
		recs = append(recs, said(debate.Case{Arm: "naive", Item: item}, "A", "ABBBBB"), said(debate.Case{Arm: "alone", Item: item}, "A", "ABBABA"))
	}
	return recs
}

// TestPagesAreReadByKeys walks through pages and through the single file without a mouse.
func TestPagesAreReadByKeys(t *testing.T) {
	b := newTab(t)
	recs := many()
	run, o := newRun(t, recs...), options(recs)
	base := served(t, run, o)
	is := func(script string, want any) {
		t.Helper()
		if got := b.eval(script); got != want {
			t.Errorf("%s at %v: %v, want %v", script, b.eval("location.href"), got, want)
		}
	}
	const heading = "document.querySelector('h1 bdi').textContent + document.querySelector('h1 small').textContent"

	b.visit(base + "/")
	b.press("Tab", "Enter") // the first Tab skips to the content
	is("document.activeElement.id", "main")
	b.press("/")
	b.until("location.pathname === '/debates' && document.activeElement.name === 'q'")
	b.press("t", "/", "0", "7", "Enter")
	b.until("location.search.includes('q=t%2F07') && document.readyState === 'complete'")
	b.press("j", "j")
	is("document.activeElement.textContent", "set/070")
	b.press("Enter")
	b.until("location.pathname === '/debate' && document.readyState === 'complete'")
	is(heading, "set/070· naive")
	b.press("ArrowRight")
	b.until("document.readyState === 'complete' && document.querySelector('h1 bdi').textContent === 'set/071'")
	b.press("k")
	b.until("document.readyState === 'complete' && document.querySelector('h1 bdi').textContent === 'set/070'")
	b.press("u")
	b.until("location.pathname === '/debates' && document.readyState === 'complete'")
	b.press("s")
	b.until("location.pathname === '/' && document.readyState === 'complete'")
	b.content()

	b.visit(fileOf(t, run, o))
	onTop := func(id string) {
		t.Helper()
		b.until(fmt.Sprintf("location.hash === '#%s' && Math.abs(document.getElementById('%s').getBoundingClientRect().top) < 40", id, id))
	}
	b.eval("document.querySelector('.contents a[href=\"#decisions\"]').click()")
	onTop("decisions")
	b.press("/")
	is("document.activeElement.name", "q")
	b.press("Escape", "j")
	is("document.activeElement.getAttribute('href')", "#d1")
	b.eval("document.querySelector('#pages [data-page=next]').focus()")
	b.press("Enter")
	is("document.getElementById('found').textContent", "101–150 of 150")
	b.press("j", "Enter")
	b.until("location.hash === '#d101' && document.getElementById('d101').offsetParent")
	is("getComputedStyle(document.querySelector('.whole')).display", "none")
	b.press("j", "k", "j")
	b.until("location.hash === '#d102' && document.getElementById('d102').offsetParent")
	b.eval("document.querySelector('#d102 .verdicts').style.minHeight = '2000px'") // so that every message can come to the top
	b.eval("document.querySelector('#d102 .overview tbody tr:last-child td:last-child a').click()")
	onTop("d102-m5")
	b.press("k")
	b.until("location.hash === '#d101'")
	b.eval("document.querySelector('#d101 .others a').click()")
	b.until("location.hash === '#d101+d102' && document.getElementById('d102').offsetParent && document.getElementById('d101').offsetParent")
	b.eval("document.querySelector('#d102 .overview a').click()")
	b.until("location.hash === '#d102-m0' && document.getElementById('d101').offsetParent") // the other debate stays beside it
	b.press("u")
	b.until("location.hash === '#list' && document.getElementById('list').offsetParent && !document.getElementById('d101').offsetParent")
	b.press("j", "Enter")
	b.until("document.getElementById('d101').offsetParent")
	b.press("/")
	b.until("location.hash === '#search' && document.activeElement.name === 'q'")
	b.content()
}

// TestTheFileIsReadWithoutScripts shows a debate, and a message of one, by the address alone.
func TestTheFileIsReadWithoutScripts(t *testing.T) {
	b := newTab(t)
	recs := many()[:4]
	file := fileOf(t, newRun(t, recs...), options(recs))
	b.do("Emulation.setScriptExecutionDisabled", map[string]any{"value": true}, nil)
	for address, want := range map[string]string{
		"": "summary", "#d2": "d2", "#d3-m1": "d3", "#decisions": "summary",
	} {
		b.visit("about:blank")
		b.visit(file + address)
		shown := b.eval("[...document.querySelectorAll('.whole, article')].filter(e => e.offsetParent).map(e => e.id || 'summary').join(' ')")
		if shown != want {
			t.Errorf("%s shows %v, want %s", address, shown, want)
		}
	}
}

// TestPagesFitTheirScreens opens every kind of page on a desk, a phone, in the dark and on paper.
func TestPagesFitTheirScreens(t *testing.T) {
	b := newTab(t)
	recs := append(many(), small()[2:]...)
	run, o := newRun(t, recs...), options(recs)
	base := served(t, run, o)
	pages := map[string]string{
		"summary": base + "/", "debates": base + "/debates", "debate": base + "/debate?item=set%2F001&arm=naive", "pair": base + "/pair?item=set%2F001&arm=naive&with=alone",
		"none": base + "/debates?q=none", "file": fileOf(t, run, o), "file-debate": fileOf(t, run, o) + "#d3", "file-pair": fileOf(t, run, o) + "#d3+d4",
	}
	paper := map[string]string{}
	for _, s := range []struct {
		name          string
		width, height int
		dark          bool
		media         string
	}{{"desk", 1280, 900, false, ""}, {"dark", 1280, 900, true, ""}, {"phone", 390, 844, false, ""}, {"print", 800, 1100, true, "print"}} {
		b.screen(s.width, s.height, s.dark, s.media)
		for name, address := range pages {
			b.visit(address)
			if w := b.eval("document.documentElement.scrollWidth"); w != float64(s.width) {
				t.Errorf("%s on %s is %v wide", name, s.name, w)
			}
			ground := fmt.Sprint(b.eval("getComputedStyle(document.body).backgroundColor"))
			if s.name == "desk" {
				paper[name] = ground
			} else if same := ground == paper[name]; same == (s.name == "dark") {
				t.Errorf("%s on %s stands on %s", name, s.name, ground)
			}
			if s.name == "print" && b.eval("getComputedStyle(document.documentElement).getPropertyValue('--harmful-soft')") != "#fdf1ec" {
				t.Errorf("%s is dark on paper", name)
			}
			if s.name == "print" && b.eval("[...document.querySelectorAll('nav, form, .keys')].some(e => e.offsetParent)") == true {
				t.Errorf("%s has links and forms on paper", name)
			}
			if strings.HasPrefix(name, "summary") && b.eval("[...document.querySelectorAll('.chart')].every(f => f.querySelector('canvas'))") != true {
				t.Errorf("%s on %s has no charts", name, s.name)
			}
			if *pictures != "" {
				b.picture(filepath.Join(*pictures, name+"-"+s.name+".png"))
			}
			b.content()
		}
	}
}

// TestAPageFollowsARun keeps a summary and a list open while a run goes on.
func TestAPageFollowsARun(t *testing.T) {
	b := newTab(t)
	recs := many()
	writer, err := store.Create(t.TempDir(), "exp", store.Meta{Created: created, Planned: len(recs)})
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.PutAll(recs[:10]); err != nil {
		t.Fatal(err)
	}
	reader, err := store.OpenReadOnly(writer.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	base, _ := serve(t, reader, options(recs))
	b.visit(base + "/")
	b.until("document.querySelector('#accuracy') && document.querySelector('canvas')") // the report came without a reload
	b.visit(base + "/debates")
	b.until("document.querySelectorAll('#debates tbody tr').length === 10")
	b.eval("document.querySelector('#debates tbody tr:nth-child(3) a').focus()")
	if err := writer.PutAll(recs[10:40]); err != nil {
		t.Fatal(err)
	}
	b.until("document.querySelectorAll('#debates tbody tr').length === 40 && document.querySelector('#progress').textContent.includes('running · 40 of 150 debates · 26 %')")
	if at := b.eval("document.activeElement.textContent"); at != "set/001" {
		t.Errorf("the list was renewed and its focus is on %q", at)
	}
	b.press("/", "1")
	if err := writer.PutAll(recs[40:]); err != nil {
		t.Fatal(err)
	}
	b.until("document.querySelector('#progress').textContent.includes('150 debates')") // the count goes on while the form is filled in
	if n := b.eval("document.querySelectorAll('#debates tbody tr').length"); n != 40.0 {
		t.Errorf("%v rows: the list was renewed while its form was filled in", n)
	}
	b.press("Escape")
	if err := writer.Update(func(m *store.Meta) { m.State = store.Finished }); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	b.until("document.querySelectorAll('#debates tbody tr').length === 100 && document.querySelector('#progress').textContent.includes('finished · 150 debates')")
	b.content()
}
