package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"cheaptalk/agents"
	"cheaptalk/agents/models"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/spec/plan"
	"cheaptalk/internal/store/machine"
	"cheaptalk/internal/telemetry"
	"cheaptalk/internal/telemetry/runlog"
)

// observeFlags are the flags of what is told of a run beside its records.
type observeFlags struct {
	LogFile string `group:"out" placeholder:"FILE" help:"Append a log of every call, retry and debate to this file: JSON lines, without texts and keys."`
}

// observer tells the log and the telemetry of a run, as far as there are any.
type observer struct {
	log       *runlog.Log
	telemetry *telemetry.Telemetry
	secrets   runlog.Secrets
	version   string
}

// observe opens the log that the flags name and the telemetry that the environment asks for. The observer is to be closed.
func (f *observeFlags) observe(e *env, s *spec.Spec) (*observer, error) {
	o := &observer{secrets: secretsOf(s, os.Getenv), version: cmp.Or(machine.Describe().Version, "devel")}
	var err error
	if f.LogFile != "" {
		if o.log, err = runlog.Open(f.LogFile, o.secrets); err != nil {
			return nil, fmt.Errorf("--log-file: %w\n  give a file that can be written", err)
		}
	}
	if o.telemetry, err = telemetry.Start(e.ctx, os.Getenv, o.version, o.log.Logger()); err != nil {
		return nil, errors.Join(errors.New(o.secrets.Cut(err.Error())), o.log.Close())
	}
	return o, nil
}

// Where the environment may hold secrets, whatever the experiment is: keys, lists of headers, and URLs with users in them.
var (
	keyVariables   = []string{keyForURLs, "OPENAI_API_KEY", "ANTHROPIC_API_KEY"}
	headerLists    = []string{"OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_METRICS_HEADERS"}
	urlsWithSecret = []string{"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
		"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"}
)

// secretsOf returns the secrets that a run of the spec meets.
func secretsOf(s *spec.Spec, getenv func(string) string) runlog.Secrets {
	var secrets []string
	for _, variable := range keyVariables {
		secrets = append(secrets, getenv(variable))
	}
	for _, variable := range headerLists {
		secrets = append(secrets, runlog.HeaderValues(getenv(variable))...)
	}
	for _, variable := range urlsWithSecret {
		secrets = append(secrets, runlog.UserOf(getenv(variable))...)
	}
	for _, m := range s.Models {
		if variable := m.KeyVariable(); variable != "" {
			secrets = append(secrets, getenv(variable))
		}
	}
	return runlog.NewSecrets(secrets...)
}

// means returns the means with the observer around each model, outside of what is there already.
func (o *observer) means(means plan.Means) plan.Means {
	if o.log == nil && o.telemetry == nil {
		return means
	}
	inner := means.Wrap
	means.Wrap = func(entry string, m spec.Model, model agents.Model) agents.Model {
		if inner != nil {
			model = inner(entry, m, model)
		}
		url := cmp.Or(m.URL, models.API(m.API).URL())
		return o.telemetry.Model(telemetry.Server{Entry: entry, API: m.API, URL: url}, o.log.Model(entry, url, model))
	}
	told := means.Retried
	means.Retried = func(ctx context.Context, entry string, req agents.Request, attempt int, err error, wait time.Duration) {
		if told != nil {
			told(ctx, entry, req, attempt, err, wait)
		}
		o.log.Retried(ctx, entry, req, attempt, err, wait)
		o.telemetry.Retried(ctx, attempt, err, wait)
	}
	return means
}

// begin tells that an experiment begins, and changes it so that its debates can be told of. command is "run" or "ask", where is the folder
// of the run, if it has one. end is given what ended it, nil when it came to its end.
func (o *observer) begin(command, where string, x *debate.Experiment, planned int) (end func(error)) {
	name := "cheaptalk " + command
	if command == "run" {
		name += " " + x.Name
	}
	o.telemetry.Trace(x)
	over := o.telemetry.Begin(name, x.Seed, planned)
	log := o.log.Logger()
	log.Info(command+" started", "name", x.Name, "folder", where, "planned", planned, "seed", fmt.Sprint(x.Seed), "version", o.version)
	return func(err error) {
		over(err)
		if err != nil {
			log.Warn(command+" ended early", "name", x.Name, "error", err.Error())
			return
		}
		log.Info(command+" finished", "name", x.Name)
	}
}

// event takes an event of the experiment.
func (o *observer) event(ev debate.Event) {
	o.log.Event(ev)
	o.telemetry.Event(ev)
}

// close sends and writes what is left. What went wrong with that is a warning.
func (o *observer) close(e *env) {
	err := o.telemetry.Close(e.ctx)
	if e.ctx.Err() == nil { // who is in a hurry is not told that nothing was waited for
		o.warn(e, err, "the run is whole; check the OTEL_EXPORTER_OTLP_ variables and the collector, or set OTEL_SDK_DISABLED=true")
	}
	o.warn(e, o.log.Close(), "the run is whole, its log is not")
}

func (o *observer) warn(e *env, err error, what string) {
	if err != nil {
		fmt.Fprintf(e.stderr, "warning: %s\n  %s\n", strings.TrimSpace(clean(o.secrets.Cut(err.Error()))), what)
	}
}
