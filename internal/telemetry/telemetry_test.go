package telemetry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// recorder holds what telemetry told.
type recorder struct {
	*Telemetry
	spans  *tracetest.InMemoryExporter
	reader *sdkmetric.ManualReader
}

func newRecorder(t *testing.T) recorder {
	r := recorder{spans: tracetest.NewInMemoryExporter(), reader: sdkmetric.NewManualReader()}
	var err error
	r.Telemetry, err = newTelemetry(sdktrace.NewTracerProvider(sdktrace.WithSyncer(r.spans)),
		sdkmetric.NewMeterProvider(sdkmetric.WithReader(r.reader)), "v0")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// read returns the metrics by their names.
func (r recorder) read(t *testing.T) map[string]metricdata.Aggregation {
	t.Helper()
	var all metricdata.ResourceMetrics
	if err := r.reader.Collect(t.Context(), &all); err != nil {
		t.Fatal(err)
	}
	found := map[string]metricdata.Aggregation{}
	for _, s := range all.ScopeMetrics {
		for _, m := range s.Metrics {
			found[m.Name] = m.Data
		}
	}
	return found
}

// once asks everyone once.
type once struct{}

func (once) Name() string { return "once" }
func (once) Next(t *debate.Transcript) []debate.Call {
	if len(t.Messages) > 0 {
		return nil
	}
	var calls []debate.Call
	for speaker := range t.Agents {
		calls = append(calls, debate.Call{Speaker: speaker})
	}
	return calls
}

// caller is an agent, and a judge, that asks a model.
type caller struct {
	name  string
	model agents.Model
}

func (a caller) Name() string { return a.name }

func (a caller) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	c, err := a.model.Complete(ctx, agents.Request{System: "SECRET PROMPT", Messages: []agents.Message{{Text: "SECRET PROMPT"}}, Scope: turn.Question.ID})
	return debate.Reply{Text: c.Text}, err
}

func (a caller) Decide(ctx context.Context, t *debate.Transcript, _ func(string)) (debate.Verdict, error) {
	_, err := a.model.Complete(ctx, agents.Request{Scope: t.Question.ID, Round: 1})
	return debate.Verdict{Judge: a.name}, err
}

type memory struct{}

func (memory) Has(debate.Case) bool     { return false }
func (memory) Put(*debate.Record) error { return nil }

// TestEachCallIsBelowItsDebate holds two arms on two questions at the same time and looks at the tree.
func TestEachCallIsBelowItsDebate(t *testing.T) {
	r := newRecorder(t)
	model := r.Model(Server{Entry: "m"}, agents.ModelFunc(func(_ context.Context, req agents.Request) (agents.Completion, error) {
		if req.Scope == "bad" {
			return agents.Completion{}, &agents.StatusError{Status: 429, Message: "SECRET PROMPT"}
		}
		return agents.Completion{Text: "SECRET REPLY"}, nil
	}))
	x := debate.Experiment{Name: "x", Seed: 7, Repeats: 2, Workers: 3, Items: []debate.Item{{Question: debate.Question{ID: "good", Text: "?"}}, {Question: debate.Question{ID: "bad", Text: "?"}}}}
	for _, arm := range []string{"a", "b"} {
		x.Arms = append(x.Arms, debate.Arm{Name: arm, Protocol: once{},
			Team: func(debate.Item, uint64) []debate.Agent {
				return []debate.Agent{caller{"one", model}, caller{"two", model}}
			},
			Judges: func(debate.Item, uint64) []debate.Judge { return []debate.Judge{caller{"judge", model}} }})
	}
	untouched := x.Arms[0].Team(x.Items[0], 0)
	r.Trace(&x)
	end := r.Begin("cheaptalk run x", x.Seed, 8)
	err := x.Run(t.Context(), memory{}, r.Event)
	end(err)
	if err != nil || untouched[0].Name() != "one" {
		t.Fatal(err)
	}

	var tree []string
	names := map[string]string{}
	for _, s := range r.spans.GetSpans() {
		name := s.Name
		if name == "debate" {
			name += fmt.Sprint(" ", value(s, debateArm), " ", value(s, debateItem), " repeat ", value(s, debateRepeat), " ", value(s, errorType))
		}
		names[s.SpanContext.SpanID().String()] = name
		if text := fmt.Sprint(s.Attributes, s.Status, s.Events); strings.Contains(text, "SECRET") {
			t.Errorf("%s holds a text: %s", s.Name, text)
		}
	}
	for _, s := range r.spans.GetSpans() {
		parent := "none"
		if s.Parent.IsValid() {
			parent = names[s.Parent.SpanID().String()]
		}
		tree = append(tree, parent+" > "+names[s.SpanContext.SpanID().String()])
	}
	want := []string{"none > cheaptalk run x"}
	for _, arm := range []string{"a", "b"} {
		for repeat := range 2 {
			good, bad := fmt.Sprintf("debate %s good repeat %d ", arm, repeat), fmt.Sprintf("debate %s bad repeat %d rate limit", arm, repeat)
			want = append(want, "cheaptalk run x > "+good, "cheaptalk run x > "+bad,
				good+" > chat func", good+" > chat func", good+" > chat func", bad+" > chat func", bad+" > chat func")
		}
	}
	slices.Sort(tree)
	slices.Sort(want)
	if !slices.Equal(tree, want) {
		t.Errorf("the spans are\n%s\nwant\n%s", strings.Join(tree, "\n"), strings.Join(want, "\n"))
	}

	counted := map[string]int64{}
	for _, p := range r.read(t)["cheaptalk.debates"].(metricdata.Sum[int64]).DataPoints {
		arm, _ := p.Attributes.Value(debateArm)
		outcome, _ := p.Attributes.Value(debateOutcome)
		counted[arm.AsString()+" "+outcome.AsString()] = p.Value
	}
	if want := "map[a failed:2 a ok:2 b failed:2 b ok:2]"; fmt.Sprint(counted) != want {
		t.Errorf("counted %v, want %s", counted, want)
	}
}

func value(s tracetest.SpanStub, key attribute.Key) string {
	for _, kv := range s.Attributes {
		if kv.Key == key {
			return kv.Value.String()
		}
	}
	return ""
}

// TestAnInterruptedDebateEnds wants no span left open.
func TestAnInterruptedDebateEnds(t *testing.T) {
	r := newRecorder(t)
	x := debate.Experiment{Items: []debate.Item{{Question: debate.Question{ID: "q", Text: "?"}}}, Arms: []debate.Arm{{Name: "a", Protocol: once{}}}}
	ctx, cancel := context.WithCancel(t.Context())
	model := r.Model(Server{}, agents.ModelFunc(func(ctx context.Context, _ agents.Request) (agents.Completion, error) {
		cancel()
		return agents.Completion{}, fmt.Errorf("model: %w", ctx.Err())
	}))
	x.Arms[0].Team = func(debate.Item, uint64) []debate.Agent { return []debate.Agent{caller{"one", model}} }
	r.Trace(&x)
	end := r.Begin("cheaptalk run x", 1, 1)
	err := x.Run(ctx, memory{}, r.Event)
	end(err)
	if err == nil || len(r.spans.GetSpans()) != 3 {
		t.Fatalf("%v, %d spans", err, len(r.spans.GetSpans()))
	}
	for _, s := range r.spans.GetSpans() {
		if s.Status.Code != codes.Error || value(s, errorType) != "interrupted" {
			t.Errorf("%s ended as %v %q", s.Name, s.Status, value(s, errorType))
		}
	}
}

// TestACallIsToldByTheConventions compares every attribute of a call.
func TestACallIsToldByTheConventions(t *testing.T) {
	r := newRecorder(t)
	temperature, topP, seed := 0.7, 0.9, int64(3)
	done := agents.Completion{Text: "no", Finish: "stop",
		Usage:    debate.Usage{Calls: 1, PromptTokens: 100, CachedTokens: 40, CompletionTokens: 20, ReasoningTokens: 5},
		Exchange: debate.Exchange{Served: "served-1", Attempts: 2, Took: 250 * time.Millisecond, Response: json.RawMessage(`{"id":"cmpl-1","n":[1]}`)}}
	fake := agents.ModelFunc(func(ctx context.Context, req agents.Request) (agents.Completion, error) {
		switch req.Sample {
		case 1: // shared by another call
			c := done
			c.Exchange.Shared, c.Exchange.Attempts, c.Exchange.Response = true, 0, nil
			return c, nil
		case 2:
			return agents.Completion{}, fmt.Errorf("model: %w", &agents.StatusError{Status: 500, Message: "no"})
		}
		r.Retried(ctx, 1, &agents.StatusError{Status: 429}, 2*time.Second)
		return done, nil
	})
	m := r.Model(Server{Entry: "entry", API: "ollama", URL: "http://user:password@host.example:11434/x"}, fake)
	for sample := range 3 {
		m.Complete(t.Context(), agents.Request{Scope: "q/1", Round: 1, Sample: sample, Say: func(string) {},
			Sampling: agents.Sampling{Temperature: &temperature, TopP: &topP, Seed: &seed, MaxTokens: 64, Stop: []string{"END"}}})
	}
	spans := r.spans.GetSpans()
	got := map[string]string{}
	for _, kv := range spans[0].Attributes {
		got[string(kv.Key)] = kv.Value.String()
	}
	want := map[string]string{
		"gen_ai.operation.name": "chat", "gen_ai.provider.name": "ollama", "gen_ai.request.model": "func",
		"gen_ai.request.temperature": "0.7", "gen_ai.request.top_p": "0.9", "gen_ai.request.max_tokens": "64", "gen_ai.request.seed": "3",
		"gen_ai.request.stop_sequences": `["END"]`, "gen_ai.request.stream": "true",
		"gen_ai.response.model": "served-1", "gen_ai.response.id": "cmpl-1", "gen_ai.response.finish_reasons": `["stop"]`,
		"gen_ai.usage.input_tokens": "100", "gen_ai.usage.output_tokens": "20",
		"gen_ai.usage.cache_read.input_tokens": "40", "gen_ai.usage.reasoning.output_tokens": "5",
		"server.address": "host.example", "server.port": "11434",
		"cheaptalk.model": "entry", "cheaptalk.question": "q/1", "cheaptalk.round": "1", "cheaptalk.sample": "0",
		"cheaptalk.attempts": "2", "cheaptalk.shared": "false", "cheaptalk.cached": "false", "cheaptalk.took": "0.25",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the attributes are\n%v\nwant\n%v", got, want)
	}
	if s := spans[0]; s.SpanKind.String() != "client" || s.Name != "chat func" || len(s.Events) != 1 || s.Events[0].Name != "retry" {
		t.Errorf("the span is %s %s %v", s.SpanKind, s.Name, s.Events)
	}
	if value(spans[1], callShared) != "true" || value(spans[2], errorType) != "server error" || spans[2].Status.Code != codes.Error {
		t.Errorf("the other spans are %v and %v", spans[1], spans[2])
	}

	metrics := r.read(t)
	counted := map[string]int64{}
	for _, p := range metrics["gen_ai.client.token.usage"].(metricdata.Histogram[int64]).DataPoints {
		kind, _ := p.Attributes.Value(tokenType)
		counted[kind.AsString()] += p.Sum
		if p.Count != 1 || !slices.Equal(p.Bounds, tokenBounds()) || p.Bounds[13] != 1<<26 {
			t.Errorf("%d calls in %v", p.Count, p.Bounds)
		}
	}
	if fmt.Sprint(counted) != "map[input:100 output:20]" { // the shared one is not paid for twice
		t.Errorf("tokens %v", counted)
	}
	ends := map[string]uint64{}
	for _, p := range metrics["gen_ai.client.operation.duration"].(metricdata.Histogram[float64]).DataPoints {
		kind, _ := p.Attributes.Value(errorType)
		ends[kind.AsString()] += p.Count
		if !slices.Equal(p.Bounds, durationBounds()) {
			t.Errorf("durations in %v", p.Bounds)
		}
	}
	if fmt.Sprint(ends) != "map[:1 server error:1]" {
		t.Errorf("durations %v", ends)
	}
}

// TestAnEstimateIsNoCount wants tokens that the server did not count in no metric.
func TestAnEstimateIsNoCount(t *testing.T) {
	r := newRecorder(t)
	m := r.Model(Server{}, agents.ModelFunc(func(context.Context, agents.Request) (agents.Completion, error) {
		return agents.Completion{Usage: debate.Usage{PromptTokens: 9, Estimated: 1}}, nil
	}))
	m.Complete(t.Context(), agents.Request{})
	if _, ok := r.read(t)["gen_ai.client.token.usage"]; ok || value(r.spans.GetSpans()[0], callEstimated) != "true" {
		t.Errorf("counted an estimate, or did not say so: %v", r.spans.GetSpans())
	}
}

// TestOffUnlessAsked reads the standard variables.
func TestOffUnlessAsked(t *testing.T) {
	const endpoint, traces, metrics = "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER"
	for _, c := range []struct {
		env             map[string]string
		traces, metrics bool
		err             string
	}{
		{map[string]string{}, false, false, ""},
		{map[string]string{"OTEL_SERVICE_NAME": "x"}, false, false, ""},
		{map[string]string{endpoint: "http://h"}, true, true, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://h"}, true, false, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_METRICS_ENDPOINT": "http://h"}, false, true, ""},
		{map[string]string{traces: "otlp"}, true, false, ""},
		{map[string]string{metrics: "otlp"}, false, true, ""},
		{map[string]string{endpoint: "http://h", traces: "none"}, false, true, ""},
		{map[string]string{endpoint: "http://h", "OTEL_SDK_DISABLED": "TRUE"}, false, false, ""},
		{map[string]string{endpoint: "http://h", "OTEL_SDK_DISABLED": "false"}, true, true, ""},
		{map[string]string{endpoint: "http://h", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, true, true, ""},
		{map[string]string{endpoint: "http://h", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, false, "OTEL_EXPORTER_OTLP_PROTOCOL: the protocol \"grpc\""},
		{map[string]string{endpoint: "http://h", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_SDK_DISABLED": "true"}, false, false, ""},
		{map[string]string{endpoint: "http://h", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf", metrics: "none"}, true, false, ""},
		{map[string]string{"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"}, false, false, ""}, // of a signal that is off
		{map[string]string{traces: "console"}, false, false, `OTEL_TRACES_EXPORTER: there is no exporter "console"`},
	} {
		getenv := func(name string) string { return c.env[name] }
		gotTraces, errTraces := wanted(getenv, "TRACES")
		gotMetrics, errMetrics := wanted(getenv, "METRICS")
		err := errors.Join(errTraces, errMetrics)
		if gotTraces != c.traces || gotMetrics != c.metrics || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%v: traces %v, metrics %v, %v", c.env, gotTraces, gotMetrics, err)
		}
		if c.traces || c.metrics {
			continue
		}
		if tel, startErr := Start(t.Context(), getenv, "v0", slog.New(slog.DiscardHandler)); tel != nil || (startErr == nil) != (c.err == "") {
			t.Errorf("%v: started %v, %v", c.env, tel, startErr)
		}
	}
}

// TestOffCostsNothing wants a telemetry that is off to put nothing around models and teams.
func TestOffCostsNothing(t *testing.T) {
	var off *Telemetry
	inner := &model{entry: "inner"}
	if got := off.Model(Server{}, inner); got != agents.Model(inner) {
		t.Errorf("the model is %v", got)
	}
	x := debate.Experiment{Arms: []debate.Arm{{Name: "a"}}}
	arms := &x.Arms[0]
	off.Trace(&x)
	if &x.Arms[0] != arms || arms.Team != nil {
		t.Error("the arms are others")
	}
	var ev debate.Event = debate.Recorded{Record: &debate.Record{}}
	if n := testing.AllocsPerRun(100, func() { off.Event(ev); off.Retried(t.Context(), 1, nil, 0) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	end := off.Begin("x", 1, 1)
	end(http.ErrBodyNotAllowed)
	if err := off.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestProvidersByTheirHosts(t *testing.T) {
	for _, c := range [][3]string{
		{"", "api.openai.com", "openai"}, {"openai", "localhost", "openai"}, {"anthropic", "api.anthropic.com", "anthropic"}, {"ollama", "localhost", "ollama"},
		{"openai", "api.groq.com", "groq"}, {"", "api.x.ai", "x_ai"}, {"", "notx.ai", "openai"}, {"", "me.openai.azure.com", "azure.ai.openai"},
		{"ollama", "api.groq.com", "ollama"},
	} {
		if got := provider(c[0], c[1]); got != c[2] {
			t.Errorf("api %q at %s is %s, want %s", c[0], c[1], got, c[2])
		}
	}
	for raw, want := range map[string]string{
		"http://h:8080/v1": "h 8080", "https://h/v1": "h 443", "http://[::1]/": "::1 80", "": " 443", "http://h:port": " 0",
	} {
		host, port := address(raw)
		if got := fmt.Sprint(host, " ", port); got != want {
			t.Errorf("%q is at %s, want %s", raw, got, want)
		}
	}
}
