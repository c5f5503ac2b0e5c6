package models

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/models/stream"
	"cheaptalk/debate"
)

// drainTime is how long the end of a body is waited for after that of the stream in it. It is there at once, and then the connection can
// be used again, unless the server forgets to end it.
const drainTime = time.Second

// wire is the HTTP client that langchaingo is given: a Doer for OpenAI and Anthropic, a RoundTripper for Ollama.
// What it learns of an answer it leaves with the call.
type wire struct {
	transport http.RoundTripper
	dialect   dialect
	base      string // base URL without user
	key       string
	user      *url.Userinfo
	secrets   secrets
}

// errTaken is what langchaingo is told in place of an answer: the wire has read it and left it with the call.
var errTaken = errors.New("the answer is taken")

// callKey is the key under which a *call is in the context of its HTTP request.
type callKey struct{}

// call is one call on its way through langchaingo, which keeps its context.
type call struct {
	fields map[string]any // top-level fields of the body; nil deletes one
	system bool           // the first message is a system prompt under the role of a user
	texts  [][]byte       // of the request as JSON, by the numbers of their stand-ins
	share  *Share         // nil when the answer is for this call alone
	ask    string         // what tells it apart from the same words asked elsewhere, for the share
	prompt int            // an estimate of its tokens
	say    func(string)   // is given the text as it comes; nil when it is to come in one piece
	said   bool           // something was

	received func(debate.Usage) // is called when the whole of an answer has come; may be nil

	answer   answer
	exchange debate.Exchange // its Response is nil until there is a whole and readable one
	err      error
}

// answer is what the body of a completion says.
type answer struct {
	text, thinking, served, finish string
	tokens                         []agents.Token
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
	return nil, errTaken
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
	b, err := newBody(made, c.texts)
	if err != nil {
		return err
	}
	if c.system {
		b.putSystem()
	}
	if err := b.set(c.fields); err != nil {
		return err
	}
	asked := b.bytes()
	how := w.dialect.whole
	if c.say != nil {
		how = w.dialect.streamed
	}
	body := asked
	if len(how) > 0 {
		if err := b.set(how); err != nil {
			return err
		}
		body = b.bytes()
	}
	x := debate.Exchange{URL: w.base, Request: body}
	read := func(response []byte) (err error) {
		if c.answer, err = w.read(response); err != nil {
			return err
		}
		if u := &c.answer.usage; u.PromptTokens == 0 && u.CompletionTokens == 0 {
			u.PromptTokens, u.CompletionTokens, u.Estimated = c.prompt, agents.EstimateTokens(len(c.answer.text)+len(c.answer.thinking)), 1
		}
		return nil
	}
	send := func() ([]byte, error) {
		start := time.Now()
		response, err := w.send(req, body, c)
		if err != nil {
			return nil, err
		}
		x.Took, x.Attempts = time.Since(start), 1
		if err = read(response); err == nil && c.received != nil {
			c.received(c.answer.usage)
		}
		return response, err
	}
	var response []byte
	if c.share == nil {
		response, err = send()
	} else {
		x.Share = shareKey(w.base, asked, c.ask)
		var from source
		response, from, err = c.share.get(req.Context(), x.Share, read, send)
		x.Shared, x.Cached = from.shared, from.cached
	}
	if err != nil {
		if e, ok := errors.AsType[*agents.StatusError](err); ok && e.Prompt == 0 && errors.Is(e, agents.ErrContextLength) {
			e.About = c.prompt
		}
		return err
	}
	if c.say != nil && !c.said {
		if said, _ := agents.SplitThinking(c.answer.text); said != "" {
			c.say(said)
		}
	}
	x.Response, x.Served, x.Finish, x.Usage = response, c.answer.served, c.answer.finish, c.answer.usage
	c.exchange = x
	return nil
}

// send posts a body and reads the whole answer, so that the connection can be used again. Of a stream it returns the body that it comes to.
func (w *wire) send(made *http.Request, body []byte, c *call) ([]byte, error) {
	ctx, cancel := context.WithCancel(made.Context())
	defer cancel()
	req := made.WithContext(ctx) // langchaingo has made it for this call alone
	req.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(body)), nil }
	req.Body, _ = req.GetBody()
	req.ContentLength = int64(len(body))
	req.Header.Set("User-Agent", "cheaptalk")
	req.Header.Set("Accept", "application/json")
	if c.say != nil {
		req.Header.Set("Accept", "text/event-stream, application/x-ndjson, application/json")
	}
	w.authorize(req)

	resp, err := w.transport.RoundTrip(req)
	if err != nil {
		return nil, w.unreachable(err)
	}
	defer resp.Body.Close()
	from := &incoming{Reader: resp.Body}
	left := &io.LimitedReader{R: from, N: bodyLimit + 1}
	var answer []byte
	var in *bufio.Reader
	streamed := false
	good := resp.StatusCode/100 == 2
	if c.say != nil && good {
		in = bufio.NewReader(left)
		if streamed = w.dialect.stream.Is(resp.Header.Get("Content-Type"), in); streamed {
			left.N += streamLimit - bodyLimit
		}
	}
	switch {
	case !good:
		answer, err = io.ReadAll(io.LimitReader(left, refusalLimit))
	case !streamed && resp.ContentLength > bodyLimit:
		return nil, &agents.TooLongError{URL: w.base, Limit: bodyLimit}
	case streamed:
		answer, err = w.listen(in, c)
	case in != nil:
		answer, err = io.ReadAll(in)
	default:
		answer, err = readAll(left, resp.ContentLength)
	}
	switch {
	case streamed && err == nil:
		defer time.AfterFunc(drainTime, cancel).Stop()
		_, _ = io.Copy(io.Discard, in) // what follows the end is of no interest
	case left.N == 0 && streamed:
		return nil, &agents.TooLongError{URL: w.base, Limit: streamLimit}
	case left.N == 0:
		return nil, &agents.TooLongError{URL: w.base, Limit: bodyLimit}
	case streamed:
		return nil, &agents.UnreadableError{URL: w.base, Err: fmt.Errorf("a stream that cannot be read to its end: %w", err), BrokeOff: from.failed}
	case err != nil:
		return nil, &agents.UnreadableError{URL: w.base, Err: fmt.Errorf("the answer broke off after %d bytes: %w", len(answer), err), BrokeOff: true}
	case !good:
		return nil, w.refusal(resp, answer)
	}
	return w.secrets.hideIn(answer), nil
}

// listen reads a stream and says what is in it.
func (w *wire) listen(in io.Reader, c *call) ([]byte, error) {
	voice := stream.Voice{Secrets: w.secrets.inBodies(), Say: func(text string) {
		c.said = true
		c.say(text)
	}}
	body, err := w.dialect.stream.Read(in, voice.Add)
	if err == nil {
		voice.End()
	}
	return body, err
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
	a, err := w.dialect.read(body)
	if err != nil || mayBeError(body) {
		if !json.Valid(body) {
			return answer{}, w.unreadable("the answer is not JSON: %q: check the URL", w.secrets.line(string(body)))
		}
		if e := readError(body); e != nil {
			return answer{}, w.status(http.StatusOK, e)
		}
	}
	if err != nil {
		var inside *errorObject
		if errors.As(err, &inside) {
			return answer{}, w.status(http.StatusOK, inside)
		}
		return answer{}, w.unreadable("not a completion: %w: %q: check the URL and the api", err, w.secrets.line(string(body)))
	}
	if len(a.text)+len(a.thinking) > textLimit {
		return answer{}, &agents.TooLongError{URL: w.base, Limit: textLimit}
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
