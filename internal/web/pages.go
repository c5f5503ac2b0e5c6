package web

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web/assets"
	"cheaptalk/internal/web/follow"
	"cheaptalk/internal/web/page"
)

// site returns what every page shows.
func (s *Server) site(st follow.State, here, heading string) page.Site {
	meta := s.run.Meta()
	return page.Site{Title: s.o.Title, Here: here, Heading: heading, Simulated: meta.Simulated, Compact: meta.Compact, Progress: st.Progress, Live: !st.Progress.Over}
}

// write answers with a page. It is made before the first byte is sent, so that an error is not the end of half a page.
func (s *Server) write(w http.ResponseWriter, code int, name string, what any) {
	var b bytes.Buffer
	if err := s.pages.Write(&b, name, what); err != nil {
		http.Error(w, "this page cannot be made: "+err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(code)
	_, _ = w.Write(b.Bytes()) // who asked has gone
}

// fail answers with what went wrong.
func (s *Server) fail(w http.ResponseWriter, err error) {
	code, heading := http.StatusInternalServerError, "This page cannot be shown"
	var bad badRequest
	switch {
	case errors.As(err, &bad):
		code, heading = http.StatusBadRequest, "This address is not understood"
	case errors.Is(err, store.ErrNoRecord):
		code, heading = http.StatusNotFound, "There is no such debate"
	}
	s.write(w, code, "error", struct {
		page.Site
		Text string
	}{s.site(s.all.Now(), "error", heading), err.Error()})
}

// badRequest is an error in an address.
type badRequest struct{ error }

// summary answers with the first page.
func (s *Server) summary(w http.ResponseWriter, r *http.Request) {
	st := s.all.Now()
	what := page.Summary{Site: s.site(st, "summary", ""), Report: st.Report, Error: st.Trouble}
	if st.Report == nil && st.Trouble == "" {
		const first = 20
		digests, err := s.run.Page(r.Context(), store.Filter{}, store.ByCase, false, 0, first)
		if err != nil {
			s.fail(w, err)
			return
		}
		l := list{}
		what.First = page.List{Heads: l.heads(false), Rows: l.rows(digests)}
	}
	s.write(w, http.StatusOK, "summary", what)
}

// status answers with how far the run has come, in numbers and in words.
func (s *Server) status(w http.ResponseWriter, _ *http.Request) {
	p := s.all.Now().Progress
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(struct { // who asked has gone
		page.Progress
		Words    string `json:"words"`
		Failures string `json:"failures"`
	}{p, p.Words(), p.Failures()})
}

// asset answers with a style sheet or a script.
func asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	body, err := assets.Files.ReadFile(name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kind := map[string]string{".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}[path.Ext(name)]
	w.Header().Set("Content-Type", cmp.Or(kind, "text/plain; charset=utf-8"))
	_, _ = w.Write(body) // who asked has gone
}

// caseOf reads which debate an address names.
func caseOf(r *http.Request) (debate.Case, error) {
	q := r.URL.Query()
	c := debate.Case{Item: q.Get("item"), Arm: q.Get("arm")}
	for _, part := range []struct {
		name string
		to   *int
	}{{"draw", &c.Draw}, {"repeat", &c.Repeat}} {
		n, err := number(q.Get(part.name))
		if err != nil {
			return c, badRequest{fmt.Errorf("%s: %w", part.name, err)}
		}
		*part.to = n
	}
	return c, nil
}

// number reads a count in an address; "" is 0.
func number(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(s)
	if err != nil || n < 0 {
		return 0, fmt.Errorf("%q is not a count", s)
	}
	return n, nil
}

// debate answers with one debate. Its address carries on the list that it was opened from: its filter and the index in it.
func (s *Server) debate(w http.ResponseWriter, r *http.Request) {
	d, err := s.oneDebate(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.write(w, http.StatusOK, "debate", struct {
		page.Site
		Debate *page.Debate
	}{s.site(s.all.Now(), "debate", d.Case.Item+" · "+d.Case.Arm), d})
}

func (s *Server) oneDebate(r *http.Request) (*page.Debate, error) {
	c, err := caseOf(r)
	if err != nil {
		return nil, err
	}
	read, raw := s.run.Record, r.URL.Query().Get("calls") != ""
	if raw {
		read = s.run.RecordWithCalls
	}
	rec, err := read(r.Context(), c)
	if err != nil {
		return nil, err
	}
	d := page.NewDebate(rec, "d")
	d.NoCalls = raw && !d.HasCalls()
	if d.Others, err = s.others(r.Context(), c); err != nil {
		return nil, err
	}
	l, err := s.listOf(r)
	if err != nil {
		return nil, err
	}
	if d.Links, err = s.around(r, l, c); err != nil {
		return nil, err
	}
	if !raw && !s.run.Meta().Compact && !rec.Simulated {
		q := r.URL.Query()
		q.Set("calls", "1")
		d.Links.Calls = "/debate?" + q.Encode()
	}
	return d, nil
}

// others returns the arms that debated the same question in the same draw and repeat.
func (s *Server) others(ctx context.Context, c debate.Case) ([]page.Other, error) {
	var others []page.Other
	for d, err := range s.run.Cases(ctx, store.Filter{Item: c.Item}) {
		if err != nil {
			return nil, err
		}
		if d.Case.Draw != c.Draw || d.Case.Repeat != c.Repeat || d.Case.Arm == c.Arm {
			continue
		}
		others = append(others, page.Other{Arm: d.Case.Arm, URL: debateURL(d.Case), Pair: pairURL(c, d.Case.Arm), Parted: -1})
	}
	return others, nil
}

func debateURL(c debate.Case) string { return "/debate?" + page.Values(c).Encode() }

func pairURL(c debate.Case, with string) string {
	v := page.Values(c)
	v.Set("with", with)
	return "/pair?" + v.Encode()
}

// around returns the links from a debate to its neighbours in a list.
func (s *Server) around(r *http.Request, l list, c debate.Case) (page.Links, error) {
	links := page.Links{List: l.url(l.at / pageSize * pageSize)}
	if !l.inList {
		return links, nil
	}
	from := max(l.at-1, 0)
	near, err := s.run.Page(r.Context(), l.filter, l.order, l.down, from, 3)
	if err != nil {
		return links, err
	}
	for i, d := range near {
		switch from + i {
		case l.at - 1:
			links.Previous = l.debateURL(d.Case, l.at-1)
		case l.at + 1:
			links.Next = l.debateURL(d.Case, l.at+1)
		}
	}
	return links, nil
}

// pair answers with one question under two arms.
func (s *Server) pair(w http.ResponseWriter, r *http.Request) {
	p, err := s.onePair(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	arms := []string{p.Left.Case.Arm, p.Right.Case.Arm}
	s.write(w, http.StatusOK, "pair", struct {
		page.Site
		Pair *page.Pair
	}{s.site(s.all.Now(), "pair", p.Left.Case.Item+" · "+strings.Join(arms, " beside ")), p})
}

func (s *Server) onePair(r *http.Request) (*page.Pair, error) {
	c, err := caseOf(r)
	if err != nil {
		return nil, err
	}
	with := c
	with.Arm = r.URL.Query().Get("with")
	left, err := s.run.Record(r.Context(), c)
	if err != nil {
		return nil, err
	}
	right, err := s.run.Record(r.Context(), with)
	if err != nil {
		return nil, err
	}
	p := page.NewPair(left, right)
	p.Swap, p.LeftURL, p.RightURL = pairURL(with, c.Arm), debateURL(c), debateURL(with)
	return p, nil
}
