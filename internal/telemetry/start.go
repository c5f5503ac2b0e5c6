package telemetry

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/go-logr/logr/funcr"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlpmetric/otlpmetrichttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/metric"
	nometric "go.opentelemetry.io/otel/metric/noop"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	notrace "go.opentelemetry.io/otel/trace/noop"

	"cheaptalk/debate"
)

const (
	// service is the name of the service where the variables give none.
	service = "cheaptalk"
	// flushFor is how long Close waits for the collector.
	flushFor = 3 * time.Second
	// localCollector is where the exporters send what they are not told a place for (OTLP exporter specification, "Configuration Options").
	localCollector = "http://localhost:4318"
)

// Telemetry is what a run tells a collector. A nil Telemetry is off: its methods do nothing. The others are made by [Start] and safe for
// concurrent use.
type Telemetry struct {
	tracer   trace.Tracer
	tokens   metric.Int64Histogram
	duration metric.Float64Histogram
	debates  metric.Int64Counter
	shutdown []func(context.Context) error

	troubles *troubles

	mu   sync.Mutex
	run  trace.Span
	open map[debate.Case]trace.Span // the debates on their way
}

// troubles counts what went wrong. It is safe for concurrent use.
type troubles struct {
	log   *slog.Logger
	mu    sync.Mutex
	first error
	more  int // how many followed the first
}

func (t *troubles) Handle(err error) {
	t.log.Warn("telemetry", "error", err.Error())
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first != nil {
		t.more++
		return
	}
	t.first = err
}

func (t *troubles) err() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.first == nil {
		return nil
	}
	err := fmt.Errorf("telemetry: %w", t.first)
	if t.more > 0 {
		err = fmt.Errorf("%w (and %d more)", err, t.more)
	}
	return err
}

// Start returns the telemetry that the environment asks for, nil when it asks for none, and an error when it asks for what there is not. It
// sends nothing yet.
//
// An endpoint (OTEL_EXPORTER_OTLP_ENDPOINT, or the one of the traces or the metrics) or OTEL_TRACES_EXPORTER=otlp and
// OTEL_METRICS_EXPORTER=otlp turn it on, the value none turns one of them off and OTEL_SDK_DISABLED=true both. OTEL_SERVICE_NAME,
// OTEL_RESOURCE_ATTRIBUTES and the variables of the exporters, samplers and queues are read by the SDK from the process.
//
// What goes wrong later is logged, and kept for Close. The log has to redact it: it may repeat headers, and what a collector answered. The
// SDK has one place for it in a process, so that the latest Start gets it.
func Start(ctx context.Context, getenv func(string) string, version string, log *slog.Logger) (*Telemetry, error) {
	traces, err := wanted(getenv, "TRACES")
	if err != nil {
		return nil, err
	}
	metrics, err := wanted(getenv, "METRICS")
	if err != nil || !traces && !metrics {
		return nil, err
	}
	met := &troubles{log: log}
	otel.SetErrorHandler(met)
	otel.SetLogger(funcr.New(func(_, said string) { met.Handle(errors.New(said)) }, funcr.Options{})) // its errors alone
	res, err := resource.New(ctx, resource.WithAttributes(serviceName.String(service), serviceVersion.String(version)),
		resource.WithTelemetrySDK(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES: %w\n  give NAME=VALUE,NAME=VALUE", err)
	}
	var shutdown []func(context.Context) error
	var tracers trace.TracerProvider = notrace.NewTracerProvider()
	if traces {
		var options []otlptracehttp.Option
		if endpoint(getenv, "TRACES") == "" {
			options = append(options, otlptracehttp.WithEndpointURL(localCollector+"/v1/traces"))
		}
		exporter, err := otlptracehttp.New(ctx, options...)
		if err != nil {
			return nil, fmt.Errorf("traces: %w\n  check the OTEL_EXPORTER_OTLP_ variables", err)
		}
		p := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(res))
		tracers, shutdown = p, append(shutdown, p.Shutdown)
	}
	var meters metric.MeterProvider = nometric.NewMeterProvider()
	if metrics {
		var options []otlpmetrichttp.Option
		if endpoint(getenv, "METRICS") == "" {
			options = append(options, otlpmetrichttp.WithEndpointURL(localCollector+"/v1/metrics"))
		}
		exporter, err := otlpmetrichttp.New(ctx, options...)
		if err != nil {
			return nil, fmt.Errorf("metrics: %w\n  check the OTEL_EXPORTER_OTLP_ variables", err)
		}
		p := sdkmetric.NewMeterProvider(sdkmetric.WithReader(sdkmetric.NewPeriodicReader(exporter)), sdkmetric.WithResource(res))
		meters, shutdown = p, append(shutdown, p.Shutdown)
	}
	t, err := newTelemetry(tracers, meters, version)
	if err != nil {
		return nil, err
	}
	t.shutdown, t.troubles = shutdown, met
	return t, nil
}

// wanted reports whether the environment asks for a signal, "TRACES" or "METRICS".
func wanted(getenv func(string) string, signal string) (bool, error) {
	if strings.EqualFold(strings.TrimSpace(getenv("OTEL_SDK_DISABLED")), "true") {
		return false, nil
	}
	variable := "OTEL_" + signal + "_EXPORTER"
	switch exporter := strings.TrimSpace(getenv(variable)); exporter {
	case "none":
		return false, nil
	case "otlp":
	case "":
		if endpoint(getenv, signal) == "" {
			return false, nil
		}
	default:
		return false, fmt.Errorf("%s: there is no exporter %q\n  give otlp or none", variable, exporter)
	}
	for _, variable := range []string{"OTEL_EXPORTER_OTLP_" + signal + "_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"} {
		switch protocol := strings.TrimSpace(getenv(variable)); protocol {
		case "":
			continue
		case "http/protobuf":
			return true, nil
		default:
			return false, fmt.Errorf("%s: the protocol %q is not spoken\n  give http/protobuf, and the collector's port for it, 4318 as a rule", variable, protocol)
		}
	}
	return true, nil
}

// endpoint returns where the environment wants a signal sent, or "".
func endpoint(getenv func(string) string, signal string) string {
	return cmp.Or(strings.TrimSpace(getenv("OTEL_EXPORTER_OTLP_"+signal+"_ENDPOINT")), strings.TrimSpace(getenv("OTEL_EXPORTER_OTLP_ENDPOINT")))
}

// newTelemetry makes the instruments.
func newTelemetry(tracers trace.TracerProvider, meters metric.MeterProvider, version string) (*Telemetry, error) {
	meter := meters.Meter(scope, metric.WithInstrumentationVersion(version))
	t := &Telemetry{tracer: tracers.Tracer(scope, trace.WithInstrumentationVersion(version)), open: map[debate.Case]trace.Span{}}
	var errTokens, errDuration, errDebates error
	t.tokens, errTokens = meter.Int64Histogram(metricTokens, metric.WithUnit("{token}"),
		metric.WithDescription("Number of input and output tokens used."), metric.WithExplicitBucketBoundaries(tokenBounds()...))
	t.duration, errDuration = meter.Float64Histogram(metricDuration, metric.WithUnit("s"),
		metric.WithDescription("GenAI operation duration."), metric.WithExplicitBucketBoundaries(durationBounds()...))
	t.debates, errDebates = meter.Int64Counter(metricDebates, metric.WithUnit("{debate}"),
		metric.WithDescription("Debates that are over, by arm and outcome."))
	return t, errors.Join(errTokens, errDuration, errDebates)
}

// Close sends what is left, within a few seconds, and returns what went wrong with the sending since Start: a warning, for the run is none the
// worse for it. Its text may repeat what the collector answered.
func (t *Telemetry) Close(ctx context.Context) error {
	if t == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, flushFor)
	defer cancel()
	var ends sync.WaitGroup
	for _, shutdown := range t.shutdown {
		ends.Go(func() {
			if err := shutdown(ctx); err != nil {
				t.troubles.Handle(err)
			}
		})
	}
	ends.Wait()
	return t.troubles.err()
}
