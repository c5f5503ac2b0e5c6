package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web/page"
)

// pageSize is the number of lines on a page of the list.
const pageSize = 100

// list is a list of debates as an address asks for it: which debates, in which order, and where in it. The zero list is all of them, from the first on.
type list struct {
	filter store.Filter
	order  store.Order
	down   bool
	form   page.Filter
	from   int  // of the first line
	at     int  // the index of a debate in the list
	inList bool // at is given
}

// listOf reads a list from an address. Names in it are as they are or, as forms send them, as they are shown.
func (s *Server) listOf(r *http.Request) (list, error) {
	q := r.URL.Query()
	inArm := q.Get("in") // the arm of the list, where the address also names that of a debate
	if r.URL.Path == "/debates" {
		inArm = q.Get("arm")
	}
	if i := slices.IndexFunc(s.o.Arms, func(a string) bool { return page.Line(a) == inArm }); i >= 0 {
		inArm = s.o.Arms[i]
	}
	l := list{form: page.Filter{Search: q.Get("q"), Arm: inArm, Set: q.Get("set"), Outcome: q.Get("with"), Sort: q.Get("sort"), Down: q.Get("down") != ""}}
	l.filter = store.Filter{Search: l.form.Search, Arm: l.form.Arm, Set: l.form.Set}
	switch l.form.Outcome {
	case "":
	case "harmful":
		l.filter.Harmful = true
	case "beneficial":
		l.filter.Helpful = true
	case "tied":
		l.filter.Ties = true
	case "failed":
		l.filter.Failures = true
	case "unreadable":
		l.filter.Unread = true
	default:
		return l, badRequest{fmt.Errorf("with: %q is not harmful, beneficial, tied, failed or unreadable", l.form.Outcome)}
	}
	l.order, l.down = store.Order(l.form.Sort), l.form.Down
	if !slices.ContainsFunc(columns, func(c column) bool { return c.order == l.order }) {
		return l, badRequest{fmt.Errorf("sort: %q is not an order", l.form.Sort)}
	}
	var err error
	if l.from, err = number(q.Get("from")); err != nil {
		return l, badRequest{fmt.Errorf("from: %w", err)}
	}
	l.inList = q.Get("at") != ""
	if l.at, err = number(q.Get("at")); err != nil {
		return l, badRequest{fmt.Errorf("at: %w", err)}
	}
	return l, nil
}

// values writes the list as the query of an address, without a place in it.
func (l list) values(arm string) url.Values {
	v := url.Values{}
	for _, part := range []struct{ name, value string }{
		{"q", l.form.Search}, {arm, l.form.Arm}, {"set", l.form.Set}, {"with", l.form.Outcome}, {"sort", l.form.Sort},
	} {
		if part.value != "" {
			v.Set(part.name, part.value)
		}
	}
	if l.form.Down {
		v.Set("down", "1")
	}
	return v
}

// url returns the address of the page of the list that begins at an index.
func (l list) url(from int) string {
	v := l.values("arm")
	if from > 0 {
		v.Set("from", strconv.Itoa(from))
	}
	if len(v) == 0 {
		return "/debates"
	}
	return "/debates?" + v.Encode()
}

// debateURL returns the address of a debate that stands at an index of the list.
func (l list) debateURL(c debate.Case, at int) string {
	v := l.values("in")
	for name, values := range page.Values(c) {
		v[name] = values
	}
	v.Set("at", strconv.Itoa(at))
	return "/debate?" + v.Encode()
}

// column is a column of the list, with the order that sorts by it.
type column struct {
	name   string
	order  store.Order
	fixed  bool // it cannot be sorted by
	number bool
}

var columns = []column{
	{"question", store.ByCase, false, false}, {"arm", store.ByArm, false, false}, {"outcome", store.ByOutcome, false, false},
	{"▼ harmful", store.ByCorrupted, false, true}, {"▲ beneficial", store.ByCorrected, false, true}, {"tie", "", true, false}, {"answer", "", true, false},
	{"key", "", true, false}, {"rounds", store.ByRounds, false, true},
}

// heads makes the heads of the columns, with links that sort by them or without.
func (l list) heads(links bool) []page.Head {
	var heads []page.Head
	for _, c := range columns {
		h := page.Head{Name: c.name, Number: c.number, Sort: string(c.order)}
		switch {
		case c.fixed:
			h.Sort = "-"
		case c.order == store.ByCase:
			h.Sort = "case"
		}
		if links && !c.fixed {
			other := l
			other.form.Sort, other.form.Down = string(c.order), c.number // the most first
			if c.order == l.order {
				h.Sorted, other.form.Down = "ascending", !l.down
				if l.down {
					h.Sorted = "descending"
				}
			}
			h.URL = other.url(0)
		}
		heads = append(heads, h)
	}
	return heads
}

// rows makes the lines of the list.
func (l list) rows(digests []store.Digest) []page.Row {
	var rows []page.Row
	for i, d := range digests {
		rows = append(rows, page.NewRow(d, l.debateURL(d.Case, l.from+i)))
	}
	return rows
}

// debates answers with a page of the list.
func (s *Server) debates(w http.ResponseWriter, r *http.Request) {
	what, err := s.oneList(r)
	if err != nil {
		s.fail(w, err)
		return
	}
	s.write(w, http.StatusOK, "debates", what)
}

func (s *Server) oneList(r *http.Request) (*page.List, error) {
	l, err := s.listOf(r)
	if err != nil {
		return nil, err
	}
	digests, err := s.run.Page(r.Context(), l.filter, l.order, l.down, l.from, pageSize)
	if err != nil {
		return nil, err
	}
	out := &page.List{Site: s.site(s.all.Now(), "debates", "Debates"), Heads: l.heads(true), Rows: l.rows(digests), Arms: s.o.Arms, Filter: l.form}
	if out.Sets, err = setsOf(r.Context(), s.run); err != nil {
		return nil, err
	}
	if len(digests) > 0 {
		out.From, out.To = l.from+1, l.from+len(digests)
	}
	if out.Matching, err = s.run.Matching(r.Context(), l.filter); err != nil {
		return nil, err
	}
	out.Known = true
	if l.from > 0 {
		out.Links.First, out.Links.Previous = l.url(0), l.url(max(l.from-pageSize, 0))
	}
	if l.from+pageSize < out.Matching {
		out.Links.Next, out.Links.Last = l.url(l.from+pageSize), l.url((out.Matching-1)/pageSize*pageSize)
	}
	return out, nil
}

// mostSets is the number of data sets that a list can be narrowed to.
const mostSets = 100

// setsOf returns the data sets of a run, sorted, without those whose names are not shown as they are, and none where there are more than mostSets. It
// reads one page of the store for each.
func setsOf(ctx context.Context, run *store.Run) ([]string, error) {
	var sets []string
	after := debate.Case{}
	for {
		found := false
		for d, err := range run.Cases(ctx, store.Filter{After: after}) {
			if err != nil {
				return nil, err
			}
			found = true
			set := debate.Question{ID: d.Case.Item}.Set()
			if page.Line(set) == set {
				sets = append(sets, set)
			}
			after = debate.Case{Item: set + "0"} // "0" follows "/"
			break
		}
		if !found {
			return slices.Compact(sets), nil
		}
		if len(sets) > mostSets {
			return nil, nil
		}
	}
}
