package telemetry

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"cheaptalk/agents"
)

// Server says of a model what its calls do not.
type Server struct {
	Entry string // the model's name in the experiment file
	API   string // "openai", "anthropic" or "ollama"; "" is openai
	URL   string // base URL
}

// Model returns the model with a span around each call and its tokens and duration counted, or inner itself when the telemetry is off.
//
// The duration is the span's: all attempts, the waits between them and the waiting for a turn. A completion that another call or run has paid for
// has a span and is not counted.
func (t *Telemetry) Model(s Server, inner agents.Model) agents.Model {
	if t == nil {
		return inner
	}
	m := &model{inner: inner, telemetry: t, entry: s.Entry}
	host, port := address(s.URL)
	m.common = []attribute.KeyValue{
		operationName.String(operationChat), providerName.String(provider(s.API, host)), requestModel.String(inner.Name()),
	}
	if host != "" {
		m.common = append(m.common, serverAddress.String(host), serverPort.Int(port))
	}
	return m
}

// model is a model whose calls are told.
type model struct {
	inner     agents.Model
	telemetry *Telemetry
	entry     string
	common    []attribute.KeyValue // of spans and metrics
}

var _ agents.Model = (*model)(nil)

// Name returns the model's name.
func (m *model) Name() string { return m.inner.Name() }

// Complete asks the model.
func (m *model) Complete(ctx context.Context, req agents.Request) (agents.Completion, error) {
	start := time.Now()
	ctx, span := m.telemetry.tracer.Start(ctx, spanChat+" "+m.Name(), trace.WithTimestamp(start), trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(m.common...), trace.WithAttributes(callModel.String(m.entry)), trace.WithAttributes(asked(req)...))
	defer span.End() // also after a panic of the model
	c, err := m.inner.Complete(ctx, req)
	took := time.Since(start).Seconds()
	if err != nil {
		kind := typeOf(err)
		fail(span, kind)
		m.telemetry.duration.Record(ctx, took, m.with(errorType.String(kind)))
		return c, err
	}
	span.SetAttributes(answered(c)...)
	if c.Exchange.Shared || c.Exchange.Cached {
		return c, nil
	}
	served := responseModel.String(c.Exchange.Served)
	m.telemetry.duration.Record(ctx, took, m.with(served))
	if c.Usage.Estimated == 0 { // the conventions want the server's count or none
		m.telemetry.tokens.Record(ctx, int64(c.Usage.PromptTokens), m.with(served, tokenType.String(tokenTypeInput)))
		m.telemetry.tokens.Record(ctx, int64(c.Usage.CompletionTokens), m.with(served, tokenType.String(tokenTypeOutput)))
	}
	return c, nil
}

// with returns the attributes of a measurement. Those without a value are left out.
func (m *model) with(more ...attribute.KeyValue) metric.MeasurementOption {
	more = slices.DeleteFunc(more, func(kv attribute.KeyValue) bool { return kv.Value.AsString() == "" })
	return metric.WithAttributeSet(attribute.NewSet(append(more, m.common...)...))
}

// Retried says in the span of the call in ctx that an attempt failed and is made again after the wait.
func (t *Telemetry) Retried(ctx context.Context, attempt int, err error, wait time.Duration) {
	if t == nil {
		return
	}
	trace.SpanFromContext(ctx).AddEvent(eventRetry, trace.WithAttributes(
		retryAttempt.Int(attempt), errorType.String(typeOf(err)), retryWait.Float64(wait.Seconds())))
}

// asked returns what a request says of itself.
func asked(req agents.Request) []attribute.KeyValue {
	kv := []attribute.KeyValue{callRound.Int(req.Round), callSample.Int(req.Sample)}
	if req.Scope != "" {
		kv = append(kv, callQuestion.String(req.Scope))
	}
	if req.Again > 0 {
		kv = append(kv, callAgain.Int(req.Again))
	}
	s := req.Sampling
	if s.Temperature != nil {
		kv = append(kv, requestTemp.Float64(*s.Temperature))
	}
	if s.TopP != nil {
		kv = append(kv, requestTopP.Float64(*s.TopP))
	}
	if s.MaxTokens > 0 {
		kv = append(kv, requestTokens.Int(s.MaxTokens))
	}
	if s.Seed != nil {
		kv = append(kv, requestSeed.Int64(*s.Seed))
	}
	if len(s.Stop) > 0 {
		kv = append(kv, requestStop.StringSlice(s.Stop))
	}
	if req.Say != nil {
		kv = append(kv, requestStream.Bool(true))
	}
	return kv
}

// answered returns what a completion says of itself.
func answered(c agents.Completion) []attribute.KeyValue {
	x, u := c.Exchange, c.Usage
	kv := []attribute.KeyValue{
		callShared.Bool(x.Shared), callCached.Bool(x.Cached), callAttempts.Int(x.Attempts), callTook.Float64(x.Took.Seconds()),
		usageInput.Int(u.PromptTokens), usageOutput.Int(u.CompletionTokens),
	}
	if u.CachedTokens > 0 {
		kv = append(kv, usageCacheRead.Int(u.CachedTokens))
	}
	if u.ReasoningTokens > 0 {
		kv = append(kv, usageReasoning.Int(u.ReasoningTokens))
	}
	if u.Estimated > 0 {
		kv = append(kv, callEstimated.Bool(true))
	}
	if x.Served != "" {
		kv = append(kv, responseModel.String(x.Served))
	}
	if c.Finish != "" {
		kv = append(kv, responseFinish.StringSlice([]string{c.Finish}))
	}
	var body struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(x.Response, &body) == nil && body.ID != "" {
		kv = append(kv, responseID.String(body.ID))
	}
	return kv
}

// address returns host and port of a URL, and "" for one that cannot be read.
func address(raw string) (host string, port int) {
	u, err := url.Parse(raw)
	if err != nil {
		return "", 0
	}
	if port, err = strconv.Atoi(u.Port()); err != nil {
		port = 443
		if u.Scheme == "http" {
			port = 80
		}
	}
	return u.Hostname(), port
}

// providers lists, by the end of their hosts' names, whom the conventions know among those that speak OpenAI's API.
var providers = []struct{ host, name string }{
	{"openai.azure.com", "azure.ai.openai"}, {"services.ai.azure.com", "azure.ai.inference"},
	{"generativelanguage.googleapis.com", "gcp.gemini"}, {"aiplatform.googleapis.com", "gcp.vertex_ai"},
	{"amazonaws.com", "aws.bedrock"}, {"cohere.ai", "cohere"}, {"cohere.com", "cohere"}, {"perplexity.ai", "perplexity"},
	{"x.ai", "x_ai"}, {"deepseek.com", "deepseek"}, {"groq.com", "groq"}, {"mistral.ai", "mistral_ai"},
}

// provider returns the name of who answers, as far as it can be told: that of the API else, of which servers of one's own speak a dialect.
func provider(api, host string) string {
	if api != "" && api != "openai" {
		return api
	}
	for _, p := range providers {
		if host == p.host || strings.HasSuffix(host, "."+p.host) {
			return p.name
		}
	}
	return "openai"
}
