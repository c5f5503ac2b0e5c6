package models

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tmc/langchaingo/llms"

	"cheaptalk/agents"
)

// API is a family of servers. The zero API is [OpenAI].
type API string

const (
	OpenAI    API = "openai" // and every server compatible with its chat completions
	Anthropic API = "anthropic"
	Ollama    API = "ollama"
)

// Config says where a model is. Nothing is read from the environment but the proxy of a nil Transport.
type Config struct {
	Name string // as the server knows it
	API  API
	// URL is the base URL, with the version where the API has one: "http://localhost:8080/v1". "" is the API's own, and
	// http://localhost:11434 for Ollama. A user and password in it are sent as basic authentication when there is no Key.
	URL string
	Key string // "" sends none; the APIs' own URLs need one
	// Transport sends the requests; nil makes one by [NewTransport]. Models on one server should share one.
	Transport http.RoundTripper
	Share     *Share // of completions between arms; nil shares nothing
}

// Model is a model behind a server. It is safe for concurrent use.
type Model struct {
	name    string
	api     API
	dialect dialect
	client  llms.Model
	host    string // of the base URL, for parameters that servers name differently
	share   *Share // nil shares nothing
}

var _ agents.Model = (*Model)(nil)

// NewTransport returns a transport that keeps a connection for each call in flight, where Go's default keeps two a host.
// A local server that should not be asked for too much at once is spared by MaxConnsPerHost.
func NewTransport() *http.Transport {
	return &http.Transport{
		Proxy:               http.ProxyFromEnvironment,
		DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout: 10 * time.Second,
		ForceAttemptHTTP2:   true,
		MaxIdleConnsPerHost: 1024,
		IdleConnTimeout:     90 * time.Second,
		// All calls to a server go over one connection of HTTP/2. When it is dead, because the network changed for example, they would wait until their
		// timeouts, and whatever is asked again with them.
		HTTP2:           &http.HTTP2Config{SendPingTimeout: 30 * time.Second, PingTimeout: 15 * time.Second},
		WriteBufferSize: 16 << 10, // most prompts go out in one piece
	}
}

// Open returns the model that a config describes. It does not connect. Its errors name what is missing and never hold a key.
func Open(c Config) (*Model, error) {
	if c.Name == "" {
		return nil, errors.New("a model has no name")
	}
	if c.API == "" {
		c.API = OpenAI
	}
	d, ok := dialectOf(c.API)
	if !ok {
		return nil, fmt.Errorf("model %q: api %q is not %s, %s or %s", c.Name, c.API, OpenAI, Anthropic, Ollama)
	}
	base, err := parseBase(c.URL, d.url)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", c.Name, err)
	}
	key := strings.TrimSpace(c.Key)
	if strings.ContainsFunc(key, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return nil, fmt.Errorf("model %q: the key holds a line break or another control character", c.Name)
	}
	if own, _ := url.Parse(d.url); key == "" && d.variable != "" && base.Hostname() == own.Hostname() {
		return nil, fmt.Errorf("model %q: no key: set %s", c.Name, d.variable)
	}
	w := &wire{transport: c.Transport, dialect: d, key: key, user: base.User}
	if w.transport == nil {
		w.transport = NewTransport()
	}
	base.User = nil
	w.base = base.String()
	w.secrets = secretsOf(key, w.user)
	client, err := d.client(w.base, w)
	if err != nil {
		return nil, fmt.Errorf("model %q: %w", c.Name, err)
	}
	return &Model{name: c.Name, api: c.API, dialect: d, client: client, host: base.Hostname(), share: c.Share}, nil
}

// parseBase reads a base URL. Its errors do not repeat the URL, which may hold a password.
func parseBase(given, own string) (*url.URL, error) {
	if given == "" {
		given = own
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, errors.New("the url is not of the form http://host:port/path or https://host/path")
	}
	if u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the url has a query or a fragment: a key goes into key")
	}
	u.Path, u.RawPath = strings.TrimRight(u.Path, "/"), ""
	return u, nil
}

// Name returns the model's name.
func (m *Model) Name() string { return m.name }

// Complete asks the server, or the share, once. Its Exchange holds the bodies as they went over the wire; that of a stream is the body
// that it comes to.
// A shared completion has the usage of the one call that was made: what an arm would have cost alone.
func (m *Model) Complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	if err := m.api.Check(req.Sampling, req.Logprobs); err != nil {
		return agents.Completion{}, fmt.Errorf("model %q: %w", m.name, err)
	}
	c := &call{texts: texts(req), fields: m.dialect.fields(m.name, m.host, req), prompt: req.PromptTokens(), say: req.Say, received: req.Received}
	if req.Scope != "" && m.share != nil && m.share.covers(req.Round) {
		c.share, c.ask = m.share, fmt.Sprintf("%q round %d sample %d again %d", req.Scope, req.Round, req.Sample, req.Again)
	}
	system := llms.ChatMessageTypeSystem
	if m.dialect.noSystem {
		system, c.system = llms.ChatMessageTypeHuman, req.System != ""
	}
	// What langchaingo returns is the wire's error, errTaken among them, or one of its own before it asked.
	_, err := m.client.GenerateContent(context.WithValue(ctx, callKey{}, c), chat(req, system))
	if c.exchange.Response == nil {
		switch {
		case ctx.Err() != nil:
			err = ctx.Err()
		case c.err != nil:
			err = c.err
		}
		return agents.Completion{}, fmt.Errorf("model %q: %w", m.name, err)
	}
	c.exchange.Model = m.name
	completion := agents.Completion{
		Text: c.answer.text, Thinking: c.answer.thinking, Finish: c.exchange.Finish,
		Usage: c.exchange.Usage, Exchange: c.exchange,
	}
	if req.Logprobs {
		completion.Tokens = c.answer.tokens
	}
	return completion, nil
}

// URL returns the base URL that a Config without one stands for, or "" for an API that there is not.
func (api API) URL() string {
	if api == "" {
		api = OpenAI
	}
	d, _ := dialectOf(api)
	return d.url
}

// Base returns the base URL that is asked where a Config has that URL: asks share completions only at one base. A URL that cannot be read is
// returned as it is.
func (api API) Base(given string) string {
	base, err := parseBase(given, api.URL())
	if err != nil {
		return given
	}
	base.User = nil
	return base.String()
}

// Check finds parameters that the API cannot take, and whether it can give log-probabilities when they are to be asked for. What it lets pass is sent.
func (api API) Check(s agents.Sampling, logprobs bool) error {
	if s.MaxTokens < 0 {
		return fmt.Errorf("max_tokens %d is negative", s.MaxTokens)
	}
	if api == Anthropic && s.Seed != nil {
		return errors.New("seed: the anthropic api takes none: leave it unset")
	}
	if api == Anthropic && logprobs {
		return errors.New("logprob: the anthropic api gives no log-probabilities: use stated or samples")
	}
	if api == Anthropic && s.Effort != "" {
		return errors.New("reasoning_effort: not sent to the anthropic api: leave it unset")
	}
	return nil
}
