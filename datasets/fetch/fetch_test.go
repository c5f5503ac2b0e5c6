package fetch

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"cheaptalk/datasets"
	"cheaptalk/debate"
	"cheaptalk/internal/realdata"
)

// server serves made-up bytes by URL path and keeps what it was asked.
type server struct {
	*httptest.Server
	files  map[string][]byte
	mu     sync.Mutex
	asked  []string // "PATH RANGE", guarded by mu
	handle func(w http.ResponseWriter, r *http.Request, body []byte)
}

func serve(t *testing.T, files map[string][]byte) *server {
	t.Helper()
	s := &server{files: files, handle: func(w http.ResponseWriter, r *http.Request, body []byte) {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
	}}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked = append(s.asked, r.URL.Path+" "+r.Header.Get("Range"))
		s.mu.Unlock()
		body, ok := s.files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		s.handle(w, r, body)
	}))
	t.Cleanup(s.Close)
	return s
}

// requests returns what was asked, in order.
func (s *server) requests() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Join(s.asked, ",")
}

// client sends every request to the server, whatever its host.
func (s *server) client(t *testing.T) *http.Client {
	t.Helper()
	to, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	return &http.Client{Transport: redirect{to.Host}}
}

type redirect struct{ host string }

func (d redirect) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.URL.Scheme, r.URL.Host = "http", d.host
	return http.DefaultTransport.RoundTrip(r)
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

const (
	line    = `{"question": "q", "answer": "#### 18"}` + "\n"
	fileURL = "https://data.example/d/test.jsonl"
	tarURL  = "https://data.example/data.tar"
)

// plain is a card of one file, archived one of two members of an archive.
func plain() datasets.Card {
	return datasets.Card{Name: "gsm8k", Kind: debate.Number, Splits: []datasets.Split{{Name: "test", Rows: 1,
		Files: []datasets.File{{Path: "gsm8k/test.jsonl", URL: fileURL, SHA256: sum([]byte(line))}}}}}
}

func archived() datasets.Card {
	file := func(split string) datasets.Split {
		name := split + "/anatomy_" + split + ".csv"
		return datasets.Split{Name: split, Rows: 1, Files: []datasets.File{{Path: "mmlu/" + name, URL: tarURL, Member: "data/" + name, SHA256: sum([]byte(split))}}}
	}
	return datasets.Card{Name: "mmlu", Splits: []datasets.Split{file("test"), file("dev")}}
}

type member struct {
	name, body string
	link       string // a symbolic link when it is not empty
}

func archive(t *testing.T, members ...member) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, m := range members {
		h := &tar.Header{Name: m.name, Mode: 0o644, Size: int64(len(m.body)), Typeflag: tar.TypeReg}
		if strings.HasSuffix(m.name, "/") {
			h.Typeflag = tar.TypeDir
		}
		if m.link != "" {
			h.Typeflag, h.Linkname, h.Size = tar.TypeSymlink, m.link, 0
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(m.body)[:h.Size]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tree lists the files under dir with their contents.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(name string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		names = append(names, fmt.Sprintf("%s %q", filepath.ToSlash(rel), b))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return strings.Join(names, "\n")
}

func expect(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\ngot  %s\nwant %s", what, got, want)
	}
}

func TestFetch(t *testing.T) {
	s := serve(t, map[string][]byte{"/d/test.jsonl": []byte(line)})
	dir := t.TempDir()
	var last string
	progress := func(url string, done, total int64) { last = fmt.Sprint(url, done, total) }
	if err := Fetch(t.Context(), plain(), dir, s.client(t), progress); err != nil {
		t.Fatal(err)
	}
	expect(t, "files", tree(t, dir), fmt.Sprintf("gsm8k/test.jsonl %q", line))
	expect(t, "progress", last, fmt.Sprint(fileURL, len(line), len(line)))
	if err := Fetch(t.Context(), plain(), dir, s.client(t), nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "requests, of which the second fetch needs none", s.requests(), "/d/test.jsonl ")

	if err := os.WriteFile(filepath.Join(dir, "gsm8k", "test.jsonl"), []byte("edited"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := Fetch(t.Context(), plain(), dir, s.client(t), nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "files after a repair", tree(t, dir), fmt.Sprintf("gsm8k/test.jsonl %q", line))
}

func TestFetchGoesOnWhereItStopped(t *testing.T) {
	for _, c := range []struct {
		name, left string
		ignore     bool // the server knows no ranges
		requests   string
	}{
		{"the server has the rest", line[:10], false, "/d/test.jsonl bytes=10-"},
		{"the server sends the whole again", line[:10], true, "/d/test.jsonl bytes=10-"},
		{"more was left than there is", line + line, false, fmt.Sprintf("/d/test.jsonl bytes=%d-,/d/test.jsonl ", 2*len(line))},
		{"the whole was left", line, false, fmt.Sprintf("/d/test.jsonl bytes=%d-,/d/test.jsonl ", len(line))},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := serve(t, map[string][]byte{"/d/test.jsonl": []byte(line)})
			if c.ignore {
				s.handle = func(w http.ResponseWriter, r *http.Request, body []byte) { w.Write(body) }
			}
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "gsm8k-test.jsonl.part"), []byte(c.left), 0o644); err != nil {
				t.Fatal(err)
			}
			var last string
			if err := Fetch(t.Context(), plain(), dir, s.client(t), func(_ string, done, total int64) { last = fmt.Sprint(done, total) }); err != nil {
				t.Fatal(err)
			}
			expect(t, "files", tree(t, dir), fmt.Sprintf("gsm8k/test.jsonl %q", line))
			expect(t, "requests", s.requests(), c.requests)
			expect(t, "progress", last, fmt.Sprint(len(line), len(line)))
		})
	}
}

func TestACutConnectionLeavesWhatCame(t *testing.T) {
	s := serve(t, map[string][]byte{"/d/test.jsonl": []byte(line)})
	whole := s.handle
	s.handle = func(w http.ResponseWriter, r *http.Request, body []byte) {
		w.Header().Set("Content-Length", fmt.Sprint(len(body)))
		w.Write(body[:10])
	}
	dir := t.TempDir()
	err := Fetch(t.Context(), plain(), dir, s.client(t), nil)
	if err == nil || !strings.Contains(err.Error(), fileURL) || !strings.Contains(err.Error(), "run it again") {
		t.Fatalf("%v", err)
	}
	expect(t, "files", tree(t, dir), fmt.Sprintf("gsm8k-test.jsonl.part %q", line[:10]))
	s.handle = whole
	if err := Fetch(t.Context(), plain(), dir, s.client(t), nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "files", tree(t, dir), fmt.Sprintf("gsm8k/test.jsonl %q", line))
}

func TestAWrongFileIsNotKept(t *testing.T) {
	s := serve(t, map[string][]byte{"/d/test.jsonl": []byte("another"), "/data.tar": archive(t, member{"data/test/anatomy_test.csv", "another", ""})})
	for _, card := range []datasets.Card{plain(), archived()} {
		dir := t.TempDir()
		err := Fetch(t.Context(), card, dir, s.client(t), nil)
		wrong := (*ChecksumError)(nil)
		if !errors.As(err, &wrong) || wrong.Got != sum([]byte("another")) || wrong.Want != card.Splits[0].Files[0].SHA256 {
			t.Fatalf("%v", err)
		}
		for _, part := range []string{card.Splits[0].Files[0].URL, wrong.Want, wrong.Got, "run it again"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v\ndoes not name %s", err, part)
			}
		}
		expect(t, "files", tree(t, dir), "")
	}
}

func TestFetchTakesTheWantedMembersAlone(t *testing.T) {
	s := serve(t, map[string][]byte{"/data.tar": archive(t,
		member{"data/test/", "", ""},
		member{"../../escaped.csv", "evil", ""},
		member{"/absolute.csv", "evil", ""},
		member{"data/dev/anatomy_dev.csv", "", "/etc/passwd"},
		member{"data/auxiliary_train/arc_easy.csv", "not wanted", ""},
		member{"./data/test/anatomy_test.csv", "test", ""},
		member{"data/dev/anatomy_dev.csv", "dev", ""},
		member{"data/dev/anatomy_dev.csv", "again", ""},
	)})
	top := t.TempDir()
	dir := filepath.Join(top, "a", "b")
	if err := Fetch(t.Context(), archived(), dir, s.client(t), nil); err != nil {
		t.Fatal(err)
	}
	expect(t, "files", tree(t, top), `a/b/mmlu/dev/anatomy_dev.csv "dev"`+"\n"+`a/b/mmlu/test/anatomy_test.csv "test"`)
	expect(t, "one archive is one request", s.requests(), "/data.tar ")
}

func TestFetchErrorsNameTheURL(t *testing.T) {
	whole := archive(t, member{"data/test/anatomy_test.csv", "test", ""})
	for _, c := range []struct {
		name  string
		card  datasets.Card
		files map[string][]byte
		want  string
	}{
		{"not found", plain(), nil, "gsm8k: cannot download " + fileURL + ": 404 Not Found\n"},
		{"no member", archived(), map[string][]byte{"/data.tar": whole}, "mmlu: unpack " + tarURL + ": it has no data/dev/anatomy_dev.csv"},
		{"cut archive", archived(), map[string][]byte{"/data.tar": whole[:514]}, "mmlu: unpack " + tarURL + ": data/test/anatomy_test.csv: unexpected EOF"},
		{"no archive", archived(), map[string][]byte{"/data.tar": bytes.Repeat([]byte("text "), 1000)}, "mmlu: unpack " + tarURL + ": archive/tar: invalid tar header"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, dir := serve(t, c.files), t.TempDir()
			err := Fetch(t.Context(), c.card, dir, s.client(t), nil)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v\nwant %s", err, c.want)
			}
			if left := tree(t, dir); strings.Contains(left, "tar.part") || strings.Contains(left, "csv.part") {
				t.Errorf("left behind: %s", left)
			}
		})
	}
	t.Run("no network", func(t *testing.T) {
		s := serve(t, nil)
		client := s.client(t)
		s.Close()
		err := Fetch(t.Context(), plain(), t.TempDir(), client, nil)
		if err == nil || !strings.Contains(err.Error(), "cannot download "+fileURL) || !strings.Contains(err.Error(), "check the network") {
			t.Errorf("%v", err)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		s := serve(t, map[string][]byte{"/d/test.jsonl": []byte(line)})
		if err := Fetch(ctx, plain(), t.TempDir(), s.client(t), nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%v", err)
		}
	})
}

func TestVerify(t *testing.T) {
	dir := t.TempDir()
	show := func(card datasets.Card) string {
		t.Helper()
		states, err := Verify(card, dir)
		if err != nil {
			t.Fatal(err)
		}
		var parts []string
		for _, s := range states {
			parts = append(parts, fmt.Sprintf("%s %d/%d wrong %d rows %d err %v ok %t", s.Split, s.Present, s.Files, len(s.Wrong), s.Rows, s.Err, s.OK()))
		}
		return strings.Join(parts, "; ")
	}
	put := func(s string) {
		t.Helper()
		name := filepath.Join(dir, "gsm8k", "test.jsonl")
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(s), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	expect(t, "nothing there", show(plain()), "test 0/1 wrong 0 rows 0 err <nil> ok false")
	put("edited")
	expect(t, "an edited file", show(plain()), "test 1/1 wrong 1 rows 0 err <nil> ok false")
	states, _ := Verify(plain(), dir)
	if err := states[0].Wrong[0].Error(); !strings.Contains(err, "cheaptalk datasets fetch gsm8k") || !strings.Contains(err, sum([]byte("edited"))) {
		t.Errorf("%s", err)
	}
	put(line)
	expect(t, "the published file", show(plain()), "test 1/1 wrong 0 rows 1 err <nil> ok true")
	card := plain()
	card.Splits[0].Rows = 2
	expect(t, "too few rows", show(card), "test 1/1 wrong 0 rows 1 err gsm8k test: 1 questions, 2 published ok false")

	sample, _ := datasets.Find("sample-numbers")
	if states, err := Verify(sample, dir); err != nil || !states[0].OK() || states[0].Rows != sample.Splits[0].Rows {
		t.Errorf("%+v, %v", states, err)
	}
	if err := Fetch(t.Context(), sample, filepath.Join(dir, "none"), nil, nil); err != nil {
		t.Error(err)
	}
}

// TestFetchRealFiles serves the real bytes under the real URLs.
func TestFetchRealFiles(t *testing.T) {
	real := realdata.Path(t)
	for _, name := range []string{"gsm8k", "mmlu", "csqa"} {
		t.Run(name, func(t *testing.T) {
			card, _ := datasets.Find(name)
			files := map[string][]byte{}
			var members []member
			for _, split := range card.Splits {
				for _, f := range split.Files {
					b, err := os.ReadFile(filepath.Join(real, filepath.FromSlash(f.Path)))
					if err != nil {
						t.Fatal(err)
					}
					u, err := url.Parse(f.URL)
					if err != nil {
						t.Fatal(err)
					}
					if f.Member == "" {
						files[u.Path] = b
						continue
					}
					members = append(members, member{f.Member, string(b), ""})
					files[u.Path] = nil
				}
			}
			if len(members) > 0 {
				files["/~hendrycks/data.tar"] = archive(t, members...)
			}
			s, dir := serve(t, files), t.TempDir()
			if err := Fetch(t.Context(), card, dir, s.client(t), nil); err != nil {
				t.Fatal(err)
			}
			states, err := Verify(card, dir)
			if err != nil {
				t.Fatal(err)
			}
			for i, state := range states {
				if !state.OK() || state.Rows != card.Splits[i].Rows {
					t.Errorf("%+v", state)
				}
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.part")); left != nil {
				t.Errorf("left behind: %s", left)
			}
		})
	}
}
