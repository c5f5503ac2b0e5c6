package web

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"html/template"
	"io"

	"cheaptalk/debate"
	"cheaptalk/internal/store"
	"cheaptalk/internal/web/assets"
	"cheaptalk/internal/web/page"
	"cheaptalk/reports"
)

// FileLimit is the number of debates that a single file may hold: browsers are slow with more.
const FileLimit = 5000

// ErrTooMany is wrapped by the error of a run that does not fit into a single file.
var ErrTooMany = errors.New("too many debates for one file")

// file is what the head of a single file shows.
type file struct {
	page.Site
	Policy string
	Style  template.CSS
	Script template.JS
	Report *page.Report
	List   page.List
}

// WriteFile writes a run as one HTML file that needs nothing else: report, charts, list and every transcript, without the calls to models. The same run
// gives the same bytes. A run of more than [FileLimit] debates is refused, with an error that wraps [ErrTooMany].
func WriteFile(ctx context.Context, w io.Writer, run *store.Run, o Options) error {
	pages, err := page.Parse()
	if err != nil {
		return err
	}
	digests, err := run.Page(ctx, store.Filter{}, store.ByCase, false, 0, FileLimit+1)
	if err != nil {
		return err
	}
	if len(digests) > FileLimit {
		return fmt.Errorf("%s: %w: %s at most", run.Dir(), ErrTooMany, page.Count(FileLimit))
	}
	head, err := newFile(ctx, run, o, digests)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := pages.Write(out, "file", head); err != nil {
		return err
	}
	if err := writeTranscripts(ctx, out, run, pages, digests); err != nil {
		return err
	}
	if err := pages.Write(out, "file-end", head); err != nil {
		return err
	}
	return out.Flush()
}

// newFile makes all but the transcripts.
func newFile(ctx context.Context, run *store.Run, o Options, digests []store.Digest) (*file, error) {
	style, err := assets.Style()
	if err != nil {
		return nil, err
	}
	script, err := assets.Script()
	if err != nil {
		return nil, err
	}
	r, err := reports.Analyze(run.Outlines(ctx), reports.Options{Name: o.Name, Arms: o.Arms})
	if err != nil {
		return nil, err
	}
	meta := run.Meta()
	f := &file{
		Site:   page.Site{Title: o.Title, Here: "file", Simulated: meta.Simulated, Compact: meta.Compact},
		Policy: fmt.Sprintf("default-src 'none'; script-src '%s'; style-src '%s'; img-src data:; form-action 'none'; base-uri 'none'", digestOf(script), digestOf(style)),
		Style:  template.CSS(style), Script: template.JS(script), Report: page.NewReport(r),
		List: page.List{Arms: o.Arms, Heads: list{}.heads(false), Matching: len(digests), Known: true},
	}
	f.Progress = page.Progress{State: string(meta.State), Planned: meta.Planned, Counted: true}
	if f.List.Sets, err = setsOf(ctx, run); err != nil {
		return nil, err
	}
	for i, d := range digests {
		if !d.Again {
			f.Progress.Done++
			if d.Outcome() == store.Failed {
				f.Progress.Failed++
			}
		}
		row := page.NewRow(d, "#"+elementID(i))
		row.Set = debate.Question{ID: d.Case.Item}.Set()
		f.List.Rows = append(f.List.Rows, row)
	}
	return f, nil
}

// digestOf names a script or a style in a policy.
func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// elementID names the i-th debate of the list.
func elementID(i int) string { return fmt.Sprintf("d%d", i+1) }

// writeTranscripts writes every debate of the list. Records come in its order; those that have come since it was made are left out.
func writeTranscripts(ctx context.Context, w io.Writer, run *store.Run, pages *page.Templates, digests []store.Digest) error {
	at := 0
	var group []*debate.Record // of one question, draw and repeat: those at digests[at-len(group):at]
	flush := func() error {
		first := at - len(group)
		for i, rec := range group {
			d := page.NewDebate(rec, elementID(first+i))
			d.Links.List = "#list"
			if first+i > 0 {
				d.Links.Previous = "#" + elementID(first+i-1)
			}
			if first+i+1 < len(digests) {
				d.Links.Next = "#" + elementID(first+i+1)
			}
			for j, other := range group {
				if i == j {
					continue
				}
				link := "#" + elementID(first+i) + "+" + elementID(first+j)
				d.Others = append(d.Others, page.Other{Arm: other.Case.Arm, Pair: link, Parted: parted(rec, other)})
			}
			if err := pages.Write(w, "transcript", d); err != nil {
				return err
			}
			if _, err := io.WriteString(w, "\n"); err != nil {
				return err
			}
		}
		group = group[:0]
		return nil
	}
	for rec, err := range run.Records(ctx) {
		if err != nil {
			return err
		}
		if at == len(digests) {
			break
		}
		if rec.Case != digests[at].Case {
			continue
		}
		if len(group) > 0 && !sameQuestion(group[0].Case, rec.Case) {
			if err := flush(); err != nil {
				return err
			}
		}
		group = append(group, rec)
		at++
	}
	return flush()
}

func sameQuestion(a, b debate.Case) bool {
	return a.Item == b.Item && a.Draw == b.Draw && a.Repeat == b.Repeat
}

// parted returns the round in which two debates part, or -1.
func parted(a, b *debate.Record) int {
	if a.Transcript == nil || b.Transcript == nil {
		return -1
	}
	return page.Parted(a.Transcript, b.Transcript)
}
