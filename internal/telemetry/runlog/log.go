// Package runlog writes the log of a run: JSON lines of what was asked of whom, how often and how it went, without the texts of prompts
// and completions and without keys.
package runlog

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"sync"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// Log is the log of a run. A nil Log is none: its methods do nothing. It is safe for concurrent use.
type Log struct {
	out  *slog.Logger
	file *file
}

// Open appends to a file, which it makes, for its owner alone, when it is not there. Each secret is cut out of what is logged. A write that
// fails does not end anything: Close returns the first such failure.
func Open(path string, secrets Secrets) (*Log, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	w := &file{to: f}
	return &Log{out: slog.New(handler(w, secrets)), file: w}, nil
}

// Logger returns where to log what is not logged here, which is nowhere without a log.
func (l *Log) Logger() *slog.Logger {
	if l == nil {
		return slog.New(slog.DiscardHandler)
	}
	return l.out
}

// Close closes the file, and returns the first failure to write it.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	return l.file.close()
}

// handler writes JSON lines without secrets. What is neither a number, a truth nor a time is written as a text, so that nothing passes in
// the fields of a value.
func handler(w io.Writer, secrets Secrets) slog.Handler {
	return slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch {
		case a.Value.Kind() == slog.KindString:
			a.Value = slog.StringValue(secrets.Cut(a.Value.String()))
		case a.Value.Kind() == slog.KindAny && a.Key != slog.LevelKey:
			a.Value = slog.StringValue(secrets.Cut(fmt.Sprint(a.Value.Any())))
		}
		return a
	}})
}

// file is a file that is written until it fails.
type file struct {
	mu     sync.Mutex
	to     io.WriteCloser
	failed error
}

// Write never fails: a logger has nobody to tell.
func (f *file) Write(line []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failed == nil {
		_, f.failed = f.to.Write(line)
	}
	return len(line), nil
}

func (f *file) close() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.to.Close(); f.failed == nil {
		f.failed = err
	}
	return f.failed
}

// Event takes an event of the experiment: a debate that is over is logged.
func (l *Log) Event(ev debate.Event) {
	recorded, ok := ev.(debate.Recorded)
	if l == nil || !ok {
		return
	}
	rec := recorded.Record
	at := []slog.Attr{slog.String("arm", rec.Case.Arm), slog.String("item", rec.Case.Item), slog.Int("draw", rec.Case.Draw),
		slog.Int("repeat", rec.Case.Repeat), milliseconds("took_ms", rec.Took)}
	if rec.Failed != "" {
		l.out.LogAttrs(context.Background(), slog.LevelWarn, "debate failed", append(at, slog.String("kind", rec.FailureKind), slog.String("error", rec.Failed))...)
		return
	}
	l.out.LogAttrs(context.Background(), slog.LevelInfo, "debate recorded", at...)
}

// Model returns the model with each of its calls logged, or inner itself without a log. entry is its name in the experiment file, rawURL
// its base URL.
func (l *Log) Model(entry, rawURL string, inner agents.Model) agents.Model {
	if l == nil {
		return inner
	}
	return &model{inner: inner, log: l, entry: entry, url: plainURL(rawURL)}
}

// model is a model whose calls are logged.
type model struct {
	inner      agents.Model
	log        *Log
	entry, url string
}

var _ agents.Model = (*model)(nil)

// Name returns the model's name.
func (m *model) Name() string { return m.inner.Name() }

// Complete asks the model.
func (m *model) Complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	start := time.Now()
	c, err := m.inner.Complete(ctx, req)
	at := append(call(m.entry, req), slog.String("url", m.url), milliseconds("total_ms", time.Since(start)))
	switch {
	case err == nil:
		x, u := c.Exchange, c.Usage
		m.log.out.LogAttrs(ctx, slog.LevelInfo, "call", append(at, milliseconds("took_ms", x.Took), slog.Int("attempts", x.Attempts),
			slog.Bool("shared", x.Shared), slog.Bool("cached", x.Cached), slog.Int("prompt_tokens", u.PromptTokens),
			slog.Int("completion_tokens", u.CompletionTokens), slog.String("served", x.Served), slog.String("finish", c.Finish))...)
	case ctx.Err() != nil:
		m.log.out.LogAttrs(ctx, slog.LevelInfo, "call interrupted", at...)
	default:
		m.log.out.LogAttrs(ctx, slog.LevelWarn, "call failed", append(at, slog.String("kind", debate.FailureKind(err)), slog.String("error", err.Error()))...)
	}
	return c, err
}

// Retried logs that an attempt failed and is made again after the wait.
func (l *Log) Retried(ctx context.Context, entry string, req agents.Request, attempt int, err error, wait time.Duration) {
	if l == nil {
		return
	}
	l.out.LogAttrs(ctx, slog.LevelWarn, "retry", append(call(entry, req), slog.Int("attempt", attempt), milliseconds("wait_ms", wait),
		slog.String("kind", debate.FailureKind(err)), slog.String("error", err.Error()))...)
}

// call says which call is meant.
func call(entry string, req agents.Request) []slog.Attr {
	return []slog.Attr{slog.String("model", entry), slog.String("question", req.Scope), slog.Int("round", req.Round),
		slog.Int("sample", req.Sample), slog.Int("again", req.Again)}
}

// milliseconds is a duration to a thousandth of a millisecond.
func milliseconds(name string, d time.Duration) slog.Attr {
	return slog.Float64(name, float64(d.Microseconds())/1000)
}

// plainURL returns a URL without user, query and fragment.
func plainURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	u.User, u.RawQuery, u.Fragment = nil, "", ""
	return u.String()
}
