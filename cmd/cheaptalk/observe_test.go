package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	colmetrics "go.opentelemetry.io/proto/otlp/collector/metrics/v1"
	coltraces "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/otlp/common/v1"
	metrics "go.opentelemetry.io/proto/otlp/metrics/v1"
	traces "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OpenTelemetry collector that keeps what it is sent, and answers with the status.
type collector struct {
	*httptest.Server
	status int

	mu      sync.Mutex
	headers []http.Header
	bodies  []byte
	service []string // the service.name of each request
	spans   []*traces.Span
	metrics map[string]*metrics.Metric
}

func newCollector(t *testing.T, status int) *collector {
	c := &collector{status: status, metrics: map[string]*metrics.Metric{}}
	c.Server = httptest.NewServer(c)
	t.Cleanup(c.Close)
	return c
}

// ServeHTTP answers a failure with what was sent to it, as proxies do that want to help.
func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var from io.Reader = r.Body
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		from = unzipped
	}
	body, err := io.ReadAll(from)
	if err == nil {
		err = c.keep(r.URL.Path, body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.headers, c.bodies = append(c.headers, r.Header.Clone()), append(c.bodies, body...)
	w.WriteHeader(c.status)
	if c.status != http.StatusOK {
		fmt.Fprintf(w, "you sent %v", r.Header)
	}
}

func (c *collector) keep(path string, body []byte) error {
	switch path {
	case "/v1/traces":
		var req coltraces.ExportTraceServiceRequest
		if err := proto.Unmarshal(body, &req); err != nil {
			return err
		}
		for _, r := range req.ResourceSpans {
			c.service = append(c.service, text(r.Resource.Attributes, "service.name"))
			for _, s := range r.ScopeSpans {
				c.spans = append(c.spans, s.Spans...)
			}
		}
	case "/v1/metrics":
		var req colmetrics.ExportMetricsServiceRequest
		if err := proto.Unmarshal(body, &req); err != nil {
			return err
		}
		for _, r := range req.ResourceMetrics {
			c.service = append(c.service, text(r.Resource.Attributes, "service.name"))
			for _, s := range r.ScopeMetrics {
				for _, m := range s.Metrics {
					c.metrics[m.Name] = m
				}
			}
		}
	default:
		return fmt.Errorf("no signal at %s", path)
	}
	return nil
}

// text returns the value of an attribute.
func text(list []*common.KeyValue, key string) string {
	for _, kv := range list {
		if kv.Key == key {
			return kv.Value.GetStringValue()
		}
	}
	return ""
}

// TestARunIsToldToACollector runs against a server of models and a collector, and looks at what the collector got.
func TestARunIsToldToACollector(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	c := newCollector(t, http.StatusOK)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip")
	t.Setenv("OTEL_SERVICE_NAME", "tunnel")
	s := newServer("ok")
	t.Cleanup(s.Close)
	_, stderr := cheaptalk(t, exitDone, "run", "--team", "m@"+s.URL+",m@"+s.URL, "--dataset", "sample-numbers", "--limit", "3", "--protocol", "independent,naive", "--rounds", "1", "--name", "seen")
	if stderr != "" {
		t.Errorf("said %s", stderr)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if slices.Contains(c.service, "cheaptalk") || !slices.Contains(c.service, "tunnel") {
		t.Errorf("the services are %v", c.service)
	}
	root, debates, calls := "", map[string]string{}, map[string]int{}
	for _, span := range c.spans {
		switch span.Name {
		case "cheaptalk run seen":
			root = string(span.SpanId)
		case "debate":
			debates[string(span.SpanId)] = text(span.Attributes, "cheaptalk.arm")
		}
	}
	for _, span := range c.spans {
		switch parent := string(span.ParentSpanId); {
		case span.Name == "debate" && parent != root:
			t.Error("a debate is not below the run")
		case span.Name == "chat m":
			calls[debates[parent]]++
			if model, address := text(span.Attributes, "gen_ai.response.model"), text(span.Attributes, "server.address"); model != "served" || address != "127.0.0.1" {
				t.Errorf("a call of %q at %q", model, address)
			}
		}
	}
	if want := "map[independent:6 naive:12]"; root == "" || len(debates) != 6 || fmt.Sprint(calls) != want {
		t.Errorf("root %x, %d debates, calls %v, want 6 and %s", root, len(debates), calls, want)
	}
	for _, words := range []string{"Let me see", "boxed", "step by step"} {
		if strings.Contains(string(c.bodies), words) {
			t.Errorf("%q was sent", words)
		}
	}
	points := c.metrics["gen_ai.client.token.usage"].GetHistogram().GetDataPoints()
	if len(points) != 2 {
		t.Fatalf("%d series of tokens, %v", len(points), c.metrics)
	}
	// Round 0 is shared between the arms: 6 calls of it and 6 of round 1 were made.
	for _, p := range points {
		want := map[string]float64{"input": 120, "output": 60}[text(p.Attributes, "gen_ai.token.type")]
		if p.Count != 12 || p.GetSum() != want || len(p.ExplicitBounds) != 14 {
			t.Errorf("%s: %d calls, %v tokens, %d bounds", text(p.Attributes, "gen_ai.token.type"), p.Count, p.GetSum(), len(p.ExplicitBounds))
		}
	}
	if n := len(c.metrics["cheaptalk.debates"].GetSum().GetDataPoints()); n != 2 {
		t.Errorf("%d series of debates", n)
	}
}

// TestACollectorThatIsNotThereIsOneWarning wants a run to end as if there were no telemetry, with one warning.
func TestACollectorThatIsNotThereIsOneWarning(t *testing.T) {
	t.Chdir(t.TempDir())
	c := newCollector(t, http.StatusOK)
	c.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", c.URL)
	t.Setenv("OTEL_EXPORTER_OTLP_HEADERS", "malformed-planted-header")
	_, stderr := cheaptalk(t, exitDone, "run", "--limit", "2", "--protocol", "independent")
	if strings.Count(stderr, "warning:") != 1 || !strings.HasPrefix(stderr, "warning: telemetry: ") || strings.Contains(stderr, "planted") {
		t.Errorf("said %s", stderr)
	}
}

// TestAWrongVariableStopsBeforeAnythingRuns wants an error of usage, and no run.
func TestAWrongVariableStopsBeforeAnythingRuns(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	_, stderr := cheaptalk(t, exitUsage, "run", "--limit", "2", "--protocol", "independent")
	if want := "error: OTEL_EXPORTER_OTLP_PROTOCOL: the protocol \"grpc\" is not spoken\n"; !strings.HasPrefix(stderr, want) {
		t.Errorf("said %s", stderr)
	}
	t.Setenv("OTEL_TRACES_EXPORTER", "none")
	_, stderr = cheaptalk(t, exitUsage, "run", "--limit", "2", "--protocol", "independent", "--log-file", "no/such/folder")
	if !strings.HasPrefix(stderr, "error: --log-file: open no/such/folder: ") {
		t.Errorf("said %s", stderr)
	}
	if _, err := os.Stat("runs"); !os.IsNotExist(err) {
		t.Errorf("there is a run: %v", err)
	}
}

// TestTheLogOfARun counts the lines of a log by what they say.
func TestTheLogOfARun(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("CHEAPTALK_CACHE", t.TempDir())
	s := newServer("fail=pancakes")
	t.Cleanup(s.Close)
	cheaptalk(t, exitErrors, "run", "--team", "m@"+s.URL+",m@"+s.URL, "--dataset", "sample-numbers", "--limit", "12", "--protocol", "independent",
		"--max-retries", "1", "--seed", "18446744073709551615", "--log-file", "log")
	cheaptalk(t, exitDone, "ask", "How many?", "--number", "--team", "m@"+s.URL, "--rounds", "1", "--protocol", "self-revision", "--log-file", "log")
	b, err := os.ReadFile("log")
	if err != nil {
		t.Fatal(err)
	}
	count, first := map[string]int{}, map[string]map[string]any{}
	for line := range strings.Lines(string(b)) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		said := m["level"].(string) + " " + m["msg"].(string)
		if count[said]++; count[said] == 1 {
			first[said] = m
		}
	}
	failed := count["WARN debate failed"]
	if failed == 0 || count["INFO debate recorded"] != 12-failed+1 || count["WARN call failed"] == 0 || count["WARN retry"] < count["WARN call failed"] ||
		count["INFO call"] < 2*(12-failed)+2 || count["INFO run started"] != 1 || count["INFO run finished"] != 1 || count["INFO ask finished"] != 1 {
		t.Errorf("the log has %v", count)
	}
	if m := first["INFO run started"]; m["planned"] != 12.0 || m["seed"] != "18446744073709551615" || m["name"] != "run" || m["version"] == "" {
		t.Errorf("it begins with %v", m)
	}
	if m := first["INFO call"]; m["url"] != s.URL || m["attempts"] != 1.0 || m["prompt_tokens"] != 10.0 || m["model"] != "m" || m["finish"] != "stop" {
		t.Errorf("a call is %v", m)
	}
}
