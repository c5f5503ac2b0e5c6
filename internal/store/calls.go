package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"cheaptalk/debate"
	"cheaptalk/internal/store/deflate"
)

// RecordWithCalls is Record with the model calls: the exact requests and responses. Compact runs have none.
func (r *Run) RecordWithCalls(ctx context.Context, c debate.Case) (*debate.Record, error) {
	rec, err := r.Record(ctx, c)
	if err != nil {
		return nil, err
	}
	bySeq := map[int]*debate.Message{}
	for seq, m := range replies(rec) {
		bySeq[seq] = m
	}
	version, err := check(ctx, r.readers) // another process may have made it a newer one since it was opened
	if err != nil {
		return nil, r.explain(err)
	}
	cached, estimated := "cached", "estimated"
	if version < 2 { // it has no such columns: nothing was either
		cached, estimated = "0", "0"
	}
	rows, err := r.readers.QueryContext(ctx, `SELECT seq, model, served, url, finish, attempts, shared, `+cached+`, share_key, took_ns,
			calls, prompt_tokens, cached_tokens, completion_tokens, reasoning_tokens, `+estimated+`, q.body, a.body
		FROM calls LEFT JOIN blobs q ON q.id = request LEFT JOIN blobs a ON a.id = response
		WHERE item=? AND draw=? AND repeat=? AND arm=? ORDER BY seq, n`, c.Item, c.Draw, c.Repeat, c.Arm)
	if err != nil {
		return nil, r.explain(err)
	}
	defer rows.Close()
	var zip deflate.Inflater
	text, err := r.bodies(ctx, c, version, &zip)
	if err != nil {
		return nil, err
	}
	damaged := func(err error) error { return fmt.Errorf("%s: %w: call of %s: %w", r.file(), ErrDamaged, c, err) }
	for rows.Next() {
		var seq int
		var x debate.Exchange
		var took int64
		var request, response []byte
		if err := rows.Scan(&seq, &x.Model, &x.Served, &x.URL, &x.Finish, &x.Attempts, &x.Shared, &x.Cached, &x.Share, &took,
			&x.Usage.Calls, &x.Usage.PromptTokens, &x.Usage.CachedTokens, &x.Usage.CompletionTokens, &x.Usage.ReasoningTokens,
			&x.Usage.Estimated, &request, &response); err != nil {
			return nil, r.explain(err)
		}
		x.Took = time.Duration(took)
		if text != nil {
			var b bodies
			if b, text, err = nextBodies(text); err != nil {
				return nil, damaged(err)
			}
			x.Share, x.Request, x.Response = b.share, b.request, b.response
		}
		for _, part := range []struct {
			to     *json.RawMessage
			stored []byte
		}{{&x.Request, request}, {&x.Response, response}} {
			if part.stored == nil {
				continue
			}
			if *part.to, err = zip.Inflate(part.stored); err != nil {
				return nil, damaged(err)
			}
		}
		m, ok := bySeq[seq]
		if !ok {
			return nil, fmt.Errorf("%s: %w: %s has a call of message %d, which it does not have", r.file(), ErrDamaged, c, seq)
		}
		m.Exchanges = append(m.Exchanges, x)
	}
	return rec, r.explain(rows.Err())
}

// bodies returns the bodies of the calls of a debate, nil where a file of that version has none or keeps them in blobs.
func (r *Run) bodies(ctx context.Context, c debate.Case, version int, zip *deflate.Inflater) ([]byte, error) {
	if version < 3 {
		return nil, nil
	}
	var stored []byte
	err := r.readers.QueryRowContext(ctx, `SELECT bodies FROM debates WHERE item=? AND draw=? AND repeat=? AND arm=?`, c.Item, c.Draw, c.Repeat, c.Arm).
		Scan(&stored)
	if err != nil || stored == nil {
		return nil, r.explain(err)
	}
	text, err := zip.Inflate(stored)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: calls of %s: %w", r.file(), ErrDamaged, c, err)
	}
	return text, nil
}

// Shared calls fn with the share key and the body of every stored response that may be shared, each key once: what a resumed run need not
// ask again. It ends with the first error of fn, which it returns as it is.
// fn may keep the response. Of several responses of one key, the first counts, in the order of the cases.
func (r *Run) Shared(ctx context.Context, fn func(key string, response []byte) error) error {
	version, err := check(ctx, r.readers)
	if err != nil {
		return r.explain(err)
	}
	known := map[string]bool{}
	once := func(key string, response []byte) error {
		if key == "" || response == nil || known[key] {
			return nil
		}
		known[key] = true
		return fn(key, response)
	}
	if version >= 3 {
		if err := r.sharedBodies(ctx, once); err != nil {
			return err
		}
	}
	return r.sharedBlobs(ctx, once)
}

// sharedBodies calls fn with each share key and response of debates that have them in bodies.
func (r *Run) sharedBodies(ctx context.Context, fn func(key string, response []byte) error) error {
	rows, err := r.readers.QueryContext(ctx, `SELECT bodies FROM debates WHERE bodies IS NOT NULL ORDER BY item, draw, repeat, arm`)
	if err != nil {
		return r.explain(err)
	}
	defer rows.Close()
	var zip deflate.Inflater
	for rows.Next() {
		var stored []byte
		if err := rows.Scan(&stored); err != nil {
			return r.explain(err)
		}
		text, err := zip.Inflate(stored)
		for len(text) > 0 && err == nil {
			var b bodies
			if b, text, err = nextBodies(text); err != nil {
				break
			}
			if err := fn(b.share, bytes.Clone(b.response)); err != nil {
				return err
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w: shared responses: %w", r.file(), ErrDamaged, err)
		}
	}
	return r.explain(rows.Err())
}

// sharedBlobs calls fn with each share key and response of debates that were recorded before schema version 3.
func (r *Run) sharedBlobs(ctx context.Context, fn func(key string, response []byte) error) error {
	rows, err := r.readers.QueryContext(ctx, `SELECT s.share_key, blobs.body
		FROM (SELECT share_key, min(response) AS response FROM calls WHERE share_key <> '' AND response IS NOT NULL GROUP BY share_key) s
		JOIN blobs ON blobs.id = s.response ORDER BY s.share_key`)
	if err != nil {
		return r.explain(err)
	}
	defer rows.Close()
	var zip deflate.Inflater
	for rows.Next() {
		var key string
		var body []byte
		if err := rows.Scan(&key, &body); err != nil {
			return r.explain(err)
		}
		response, err := zip.Inflate(body)
		if err != nil {
			return fmt.Errorf("%s: %w: shared response %s: %w", r.file(), ErrDamaged, key, err)
		}
		if err := fn(key, response); err != nil {
			return err
		}
	}
	return r.explain(rows.Err())
}
