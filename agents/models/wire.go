package models

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// bodyLimit is the most that is read of an answer, in bytes: far more than any completion.
const bodyLimit = 64 << 20

// wire is the HTTP client that langchaingo is given: a Doer for OpenAI and Anthropic, a RoundTripper for Ollama.
// It answers with the body of a completion or not at all.
type wire struct {
	transport http.RoundTripper
	dialect   dialect
	base      string // base URL without user
	key       string
	user      *url.Userinfo
	secrets   secrets
	share     *Share
}

// callKey is the key under which a *call is in the context of its HTTP request.
type callKey struct{}

// call is one call on its way through langchaingo, which keeps its context.
type call struct {
	fields map[string]any // top-level fields of the body; nil deletes one
	ask    string         // what tells it apart from the same words asked elsewhere; "" is not shared

	answer   answer
	exchange debate.Exchange // its Response is nil until there is a whole and readable one
	err      error
}

// answer is what the body of a completion says.
type answer struct {
	text, thinking, served, finish string
	usage                          debate.Usage
}

// Do sends the request of the call in its context. It is used by langchaingo's clients for OpenAI and Anthropic.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	c, ok := req.Context().Value(callKey{}).(*call)
	if !ok {
		return nil, errors.New("a request that no call made")
	}
	if c.err = w.do(req, c); c.err != nil {
		return nil, c.err
	}
	return &http.Response{
		Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        http.Header{"Content-Type": {"application/json"}},
		ContentLength: int64(len(c.exchange.Response)),
		Body:          io.NopCloser(bytes.NewReader(c.exchange.Response)),
		Request:       req,
	}, nil
}

// RoundTrip is Do for langchaingo's client for Ollama, which takes an *http.Client only.
func (w *wire) RoundTrip(req *http.Request) (*http.Response, error) { return w.Do(req) }

// do makes the exchange of a call, by asking the server or the share.
func (w *wire) do(req *http.Request, c *call) error {
	made, err := io.ReadAll(req.Body)
	req.Body.Close()
	if err != nil {
		return err
	}
	body, err := rewrite(made, c.fields)
	if err != nil {
		return err
	}
	x := debate.Exchange{URL: w.base, Request: body, Attempts: 1}
	send := func() ([]byte, error) {
		start := time.Now()
		response, err := w.send(req, body)
		if err != nil {
			return nil, err
		}
		x.Took = time.Since(start)
		c.answer, err = w.read(response)
		return response, err
	}
	var response []byte
	if w.share == nil || c.ask == "" {
		response, err = send()
	} else {
		x.Share = shareKey(w.base, body, c.ask)
		response, x.Shared, err = w.share.get(req.Context(), x.Share, send)
		if x.Shared && err == nil {
			x.Attempts = 0
			c.answer, err = w.read(response)
		}
	}
	if err != nil {
		return err
	}
	x.Response, x.Served, x.Finish, x.Usage = response, c.answer.served, c.answer.finish, c.answer.usage
	c.exchange = x
	return nil
}

// rewrite sets and deletes top-level fields of a JSON object. The fields of its result are sorted by name.
func rewrite(body []byte, fields map[string]any) ([]byte, error) {
	var object map[string]json.RawMessage
	if err := json.Unmarshal(body, &object); err != nil {
		return nil, fmt.Errorf("request: %w", err)
	}
	for name, value := range fields {
		if value == nil {
			delete(object, name)
			continue
		}
		b, err := json.Marshal(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		object[name] = b
	}
	return json.Marshal(object)
}

// shareKey is the name of an ask: two of the same name may share an answer. It covers the final body and so
// every parameter in it.
func shareKey(base string, body []byte, ask string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %s %d\n", base, ask, len(body))
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

// send posts a body and reads the whole answer, so that the connection can be used again.
func (w *wire) send(made *http.Request, body []byte) ([]byte, error) {
	req := made.Clone(made.Context())
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	req.ContentLength = int64(len(body))
	req.Header.Set("Accept", "application/json")
	w.authorize(req)

	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		return nil, w.unreachable(err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, bodyLimit+1))
	switch {
	case err != nil:
		return nil, w.unreadable("the answer broke off after %d bytes: %w", len(answer), err)
	case resp.StatusCode/100 != 2:
		return nil, w.refusal(resp, answer)
	case len(answer) > bodyLimit:
		return nil, fmt.Errorf("%s: the answer is longer than %d MiB", w.base, bodyLimit>>20)
	}
	return w.secrets.hideIn(answer), nil
}

// authorize sets the one header that holds a secret and removes the stand-in that langchaingo insists on.
func (w *wire) authorize(req *http.Request) {
	req.Header.Del("Authorization")
	req.Header.Del("X-Api-Key")
	switch {
	case w.key != "":
		req.Header.Set(w.dialect.header, w.dialect.scheme+w.key)
	case w.user != nil:
		password, _ := w.user.Password()
		req.SetBasicAuth(w.user.Username(), password)
	}
}

// read reads a completion from a body with a 2xx status, by the API's dialect.
func (w *wire) read(body []byte) (answer, error) {
	if !json.Valid(body) {
		return answer{}, w.unreadable("the answer is not JSON: %q: check the URL", w.secrets.line(string(body)))
	}
	if e := readError(body); e != nil {
		return answer{}, w.status(http.StatusOK, e)
	}
	a, err := w.dialect.read(body)
	if err != nil {
		var inside *errorObject
		if errors.As(err, &inside) {
			return answer{}, w.status(http.StatusOK, inside)
		}
		return answer{}, w.unreadable("not a completion: %w: %q: check the URL and the api", err, w.secrets.line(string(body)))
	}
	a.usage.Calls = 1
	return a, nil
}

// unreadable makes the typed error of an answer that is no completion.
func (w *wire) unreadable(format string, args ...any) error {
	return &agents.UnreadableError{URL: w.base, Err: fmt.Errorf(format, args...)}
}

// unreachable wraps an error of the transport. The transport's own timeouts pass for context.DeadlineExceeded; the wrapped
// error does not, for the deadline is not the caller's.
func (w *wire) unreachable(err error) error {
	if text := w.secrets.line(err.Error()); text != err.Error() || errors.Is(err, context.DeadlineExceeded) {
		err = errors.New(text)
	}
	return &agents.UnreachableError{URL: w.base, Err: err}
}
