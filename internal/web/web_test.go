package web_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web"
	"cheaptalk/internal/web/assets"
	"cheaptalk/internal/web/guard"
	"cheaptalk/internal/web/page"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// site is the pages of a run without a network.
type site struct {
	t *testing.T
	h http.Handler
}

func open(t *testing.T, recs []*debate.Record) site {
	t.Helper()
	s, err := web.New(newRun(t, recs...), options(recs))
	if err != nil {
		t.Fatal(err)
	}
	return site{t, s.Handler(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80})}
}

// get returns the page at an address.
func (s site) get(path string, code int) string {
	s.t.Helper()
	r := httptest.NewRequest("GET", path, nil)
	r.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	if w.Code != code {
		s.t.Fatalf("%s: %d, want %d\n%.2000s", path, w.Code, code, w.Body)
	}
	return w.Body.String()
}

// items returns the questions that a list shows, in order, each with its arm.
func items(list string) (found []string) {
	for _, m := range regexp.MustCompile(`<a class="open" href="[^"]*"><bdi>([^<]*)</bdi></a>.*?<bdi>([^<]*)</bdi>`).FindAllStringSubmatch(list, -1) {
		found = append(found, m[1]+" "+m[2])
	}
	return found
}

// TestTheListIsFilteredAndSorted asks for lists.
func TestTheListIsFilteredAndSorted(t *testing.T) {
	s := open(t, small())
	for query, want := range map[string]string{
		"":                                "[other/q4 alone set/q1 alone set/q1 naive set/q2 alone set/q2 naive set/q3 naive]",
		"with=harmful":                    "[set/q1 naive]",
		"with=beneficial":                 "[set/q1 alone]",
		"with=tied":                       "[set/q2 naive]",
		"with=failed":                     "[set/q3 naive]",
		"with=unreadable":                 "[set/q2 alone]",
		"arm=alone":                       "[other/q4 alone set/q1 alone set/q2 alone]",
		"set=other":                       "[other/q4 alone]",
		"q=Q2":                            "[set/q2 alone set/q2 naive]",
		"q=%25":                           "[]",
		"arm=alone&q=1":                   "[set/q1 alone]",
		"down=1":                          "[set/q3 naive set/q2 naive set/q2 alone set/q1 naive set/q1 alone other/q4 alone]",
		"sort=arm&q=q1":                   "[set/q1 alone set/q1 naive]",
		"sort=arm&q=q1&down=1":            "[set/q1 naive set/q1 alone]",
		"sort=corrupted&down=1&arm=naive": "[set/q1 naive set/q2 naive set/q3 naive]",
		"sort=corrected":                  "[other/q4 alone set/q1 naive set/q2 alone set/q2 naive set/q3 naive set/q1 alone]",
		"sort=outcome&q=set/":             "[set/q3 naive set/q2 alone set/q1 naive", // what is next depends on how the tie was broken
		"sort=rounds":                     "[set/q3 naive",
		"from=5":                          "[set/q3 naive]",
		"from=99":                         "[]",
	} {
		if got := fmt.Sprint(items(s.get("/debates?"+query, 200))); !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	for _, query := range []string{"with=x", "sort=x", "sort=item;drop", "from=-1", "from=x"} {
		s.get("/debates?"+url.PathEscape(query), 400)
	}
}

// TestTheListIsPaged walks through a list by its links.
func TestTheListIsPaged(t *testing.T) {
	var recs []*debate.Record
	for i := range 250 {
		recs = append(recs, said(debate.Case{Arm: "naive", Item: fmt.Sprintf("set/%03d", i)}, "A", "AAAAAA"))
	}
	s := open(t, recs)
	next := regexp.MustCompile(`<a href="([^"]*)" rel="next">`)
	var all []string
	for at := "/debates?arm=naive"; at != ""; {
		list := s.get(at, 200)
		all = append(all, items(list)...)
		at = ""
		if m := next.FindStringSubmatch(list); m != nil {
			at = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if len(all) != 250 || all[0] != "set/000 naive" || all[249] != "set/249 naive" {
		t.Errorf("%d debates: %q ... %q", len(all), all[0], all[len(all)-1])
	}
	if list := s.get("/debates?from=200", 200); !strings.Contains(list, "201–250 of 250") || next.MatchString(list) {
		t.Errorf("the last page:\n%.500s", list)
	}
	// From a debate to its neighbours in the list that it was opened from.
	one := s.get("/debate?item=set%2F099&arm=naive&at=99&in=naive", 200)
	m := next.FindStringSubmatch(one)
	if m == nil || !strings.Contains(m[1], "set%2F100") || !strings.Contains(m[1], "in=naive") || !strings.Contains(m[1], "at=100") {
		t.Errorf("next of 99: %q", m)
	}
}

// TestATranscriptMarksFlips looks at one debate, and at the same question in the other arm.
func TestATranscriptMarksFlips(t *testing.T) {
	s := open(t, small())
	for _, want := range []string{
		`<span class="flip">corrupted: A, then B</span> <span class="with">as held by mistral, gpt</span>`,
		`heard <a href="#d-m1">mistral</a>, <a href="#d-m2">gpt</a>`, `class="message harmful" id="d-m3"`, "round 1 <small>each heard the 2 others</small>",
		`<a href="/pair?arm=naive&amp;item=set%2Fq1&amp;with=alone">alone</a>`, "<dt>key</dt><dd><bdi>A</bdi>",
	} {
		if one := s.get("/debate?item=set%2Fq1&arm=naive", 200); !strings.Contains(one, want) {
			t.Errorf("no %s in\n%s", want, one)
		}
	}
	if one := s.get("/debate?item=set%2Fq3&arm=naive", 200); !strings.Contains(one, "× failed: round 1: agent gpt: 503") {
		t.Error(one)
	}
	if one := s.get("/debate?item=other%2Fq4&arm=alone&draw=1&repeat=2", 200); !strings.Contains(one, "draw 1 · repeat 2") {
		t.Error(one)
	}
	pair := s.get("/pair?arm=naive&item=set%2Fq1&with=alone", 200)
	for _, want := range []string{"part in round 1", `href="/debate?arm=alone&amp;item=set%2Fq1"`, `id="a-m3"`, `id="b-m3"`} {
		if !strings.Contains(pair, want) {
			t.Errorf("no %s in\n%s", want, pair)
		}
	}
	s.get("/debate?item=none&arm=naive", 404)
	s.get("/pair?item=set%2Fq1&arm=naive&with=none", 404)
	s.get("/debate?item=set%2Fq1&arm=naive&draw=x", 400)
	s.get("/none", 404)
	s.get("/assets/none", 404)
	s.get("/assets/..%2Fassets.go", 404)
}

// pagesOf are addresses that between them show every field of a record.
func pagesOf(rec *debate.Record, other string) []string {
	q := page.Values(rec.Case).Encode()
	return []string{"/", "/debates", "/debates?q=" + url.QueryEscape(attack) + "&arm=" + url.QueryEscape(attack), "/debate?" + q, "/debate?calls=1&" + q,
		"/pair?" + q + "&with=" + url.QueryEscape(other), "/debate?item=" + url.QueryEscape(attack), "/debates?with=" + url.QueryEscape(attack)}
}

// TestNothingHostileIsMarkup holds every page, and the single file, of a run in which every text is an attack against the tags that are the program's own.
func TestNothingHostileIsMarkup(t *testing.T) {
	recs := hostile()
	run := newRun(t, recs...)
	server, err := web.New(run, options(recs))
	if err != nil {
		t.Fatal(err)
	}
	s := site{t, server.Handler(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80})}
	all := map[string]string{}
	for _, address := range pagesOf(recs[0], recs[1].Case.Arm) {
		r := httptest.NewRequest("GET", address, nil)
		r.Host = "127.0.0.1"
		w := httptest.NewRecorder()
		s.h.ServeHTTP(w, r)
		all[address] = w.Body.String()
	}
	var file bytes.Buffer
	if err := web.WriteFile(t.Context(), &file, run, options(recs)); err != nil {
		t.Fatal(err)
	}
	all["file"] = withoutAssets(t, file.String())
	for address, body := range all {
		for _, bad := range []string{"<img", "<svg", "onerror=\"", "<script>doc", "</textarea", "\x1b", "\x00", "\u202e"} {
			if i := strings.Index(body, bad); i >= 0 {
				t.Errorf("%.80s: %q stands in %q", address, bad, body[max(i-100, 0):i+100])
			}
		}
	}
	if !strings.Contains(all[pagesOf(recs[0], "")[4]], `request\&#34;`) {
		t.Error("what a model was sent is not shown")
	}
	fields := "item question choice1 choice2 key agent1 agent2 answer0 answer3 text thinking failure judge verdict why tally aggregate judge2 undecided arm1 arm2"
	for where, body := range map[string]string{fields: all["file"], fields + " model finish": all[pagesOf(recs[0], "")[4]]} {
		for field := range strings.FieldsSeq(where) {
			if !strings.Contains(body, field+"&#34;&gt;&lt;script&gt;") || !strings.Contains(body, field+" ends") {
				t.Errorf("%s is not shown as it is", field)
			}
		}
		if !strings.Contains(body, "␛[31m␀⟨U&#43;202E⟩{{.}}") || !strings.Contains(body, "end of text&#34;") {
			t.Error("control characters, or the end of a long text, are not shown")
		}
	}
}

// withoutAssets takes the program's own style and script out of a file.
func withoutAssets(t *testing.T, file string) string {
	t.Helper()
	style, err := assets.Style()
	if err != nil {
		t.Fatal(err)
	}
	script, err := assets.Script()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Count(file, "<style>"+style+"</style>") != 1 || strings.Count(file, "<script>"+script+"</script>") != 1 {
		t.Fatal("the style or the script of the file is not the program's own, to the byte: their digests are in its policy")
	}
	file = strings.Replace(strings.Replace(file, style, "", 1), script, "", 1)
	return regexp.MustCompile(`sha256-(?:[0-9A-Za-z/=]|&#43;|&#61;)*`).ReplaceAllString(file, "sha256-")
}

// TestTheFileIsTheSame writes a file twice, and holds it against the golden one.
func TestTheFileIsTheSame(t *testing.T) {
	run := newRun(t, small()...)
	var files [2]bytes.Buffer
	for i := range files {
		if err := web.WriteFile(t.Context(), &files[i], run, options(small())); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(files[0].Bytes(), files[1].Bytes()) {
		t.Error("the same run gave two files")
	}
	got := withoutAssets(t, files[0].String())
	golden := filepath.Join("testdata", "file.html")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s is not what is written now; go test ./internal/web -update rewrites it, then read what changed", golden)
	}
	if address := regexp.MustCompile(`(?:src|href|action)="?(?:https?:)?//`).FindString(got); address != "" {
		t.Errorf("the file asks elsewhere: %s", address)
	}
}

// TestALargeRunIsNoFile refuses one debate more than a file may hold.
func TestALargeRunIsNoFile(t *testing.T) {
	var recs []*debate.Record
	for i := range web.FileLimit + 1 {
		recs = append(recs, &debate.Record{Case: debate.Case{Arm: "a", Item: fmt.Sprintf("s/%d", i)}, Key: "A", Failed: "no"})
	}
	var b bytes.Buffer
	if err := web.WriteFile(t.Context(), &b, newRun(t, recs...), web.Options{}); !errors.Is(err, web.ErrTooMany) || b.Len() > 0 {
		t.Errorf("%v, %d bytes", err, b.Len())
	}
}

// TestAServerFollowsARun serves a run while it is written, until its report covers all of it.
func TestAServerFollowsARun(t *testing.T) {
	recs := small()
	writer, err := store.Create(t.TempDir(), "exp", store.Meta{Created: created, Planned: len(recs)})
	if err != nil {
		t.Fatal(err)
	}
	if err := writer.PutAll(recs[:2]); err != nil {
		t.Fatal(err)
	}
	reader, err := store.OpenReadOnly(writer.Dir())
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	base, stop := serve(t, reader, options(recs))
	status := func(what string, ok func(page.Progress) bool) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); ; {
			var p page.Progress
			if err := json.Unmarshal([]byte(fetch(t, base+"/status")), &p); err != nil {
				t.Fatal(err)
			}
			if ok(p) {
				return
			}
			if time.Now().After(deadline) {
				t.Fatalf("never %s: %+v", what, p)
			}
			select { // the server is asked over a socket: there is no bubble for it
			case <-time.After(20 * time.Millisecond):
			case <-t.Context().Done():
			}
		}
	}
	status("the first report", func(p page.Progress) bool { return p.Report == 1 && p.Done == 2 && p.State == "running" && !p.Over })
	if summary := fetch(t, base+"/"); !strings.Contains(summary, `id="accuracy"`) || !strings.Contains(summary, "running · 2 of 6 debates · 33 %") {
		t.Errorf("%.3000s", summary)
	}
	if err := writer.PutAll(recs[2:]); err != nil {
		t.Fatal(err)
	}
	if err := writer.Update(func(m *store.Meta) { m.State = store.Finished }); err != nil {
		t.Fatal(err)
	}
	if err := writer.Close(); err != nil {
		t.Fatal(err)
	}
	status("all of it", func(p page.Progress) bool { return p.Over && p.Report == 2 && p.Done == 6 && p.Failed == 1 })
	stop()
	if _, err := http.Get(base + "/status"); err == nil {
		t.Error("the server answers after its end")
	}
}

// serve serves a run, and returns its address and what ends it.
func serve(t *testing.T, run *store.Run, o web.Options) (base string, stop func()) {
	t.Helper()
	server, err := web.New(run, o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := guard.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	done := false
	stop = func() {
		if done {
			return
		}
		done = true
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
	t.Cleanup(stop)
	return "http://" + l.Addr().String(), stop
}

func fetch(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s: %v", address, resp.Status, err)
	}
	return string(body)
}
