package telemetry

import (
	"context"
	"errors"
	"slices"
	"strconv"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/trace"

	"cheaptalk/debate"
)

// Begin begins the span of a run and returns what ends it. name is the command line in short, "cheaptalk run sampler"; planned is the number
// of its debates. The end is given the run's error; it ends the debates too that had no record.
func (t *Telemetry) Begin(name string, seed uint64, planned int) (end func(error)) {
	if t == nil {
		return func(error) {}
	}
	_, span := t.tracer.Start(context.Background(), name, trace.WithAttributes(runSeed.String(strconv.FormatUint(seed, 10)), runPlanned.Int(planned)))
	t.mu.Lock()
	t.run = span
	t.mu.Unlock()
	return func(err error) {
		t.mu.Lock()
		defer t.mu.Unlock()
		for c, span := range t.open {
			fail(span, typeInterrupted)
			span.End()
			delete(t.open, c)
		}
		if err != nil {
			fail(span, typeOf(err))
		}
		span.End()
	}
}

// Trace changes an experiment so that each of its debates has a span and the calls to models in the debate are below it. What the agents and
// the judges say stays the same.
func (t *Telemetry) Trace(x *debate.Experiment) {
	if t == nil {
		return
	}
	x.Arms = slices.Clone(x.Arms)
	seed, repeats := x.Seed, max(x.Repeats, 1)
	for i := range x.Arms {
		arm := &x.Arms[i]
		name, team, judges := arm.Name, arm.Team, arm.Judges
		arm.Team = func(item debate.Item, s uint64) []debate.Agent {
			span := t.begin(caseOf(name, item, seed, s, repeats))
			agents := slices.Clone(team(item, s))
			for i, a := range agents {
				agents[i] = tracedAgent{a, span}
			}
			return agents
		}
		if judges == nil {
			continue
		}
		arm.Judges = func(item debate.Item, s uint64) []debate.Judge {
			span := t.of(caseOf(name, item, seed, s, repeats))
			all := slices.Clone(judges(item, s))
			for i, j := range all {
				all[i] = tracedJudge{j, span}
			}
			return all
		}
	}
}

// caseOf finds the case that a team is made for: the one whose seed it was given.
func caseOf(arm string, item debate.Item, seed, given uint64, repeats int) debate.Case {
	c := debate.Case{Arm: arm, Item: item.Question.ID, Draw: item.Draw}
	for ; c.Repeat < repeats; c.Repeat++ {
		if c.Seed(seed) == given {
			return c
		}
	}
	c.Repeat = 0
	return c
}

// begin begins the span of a debate.
func (t *Telemetry) begin(c debate.Case) trace.Span {
	t.mu.Lock()
	defer t.mu.Unlock()
	ctx := context.Background()
	if t.run != nil {
		ctx = trace.ContextWithSpan(ctx, t.run)
	}
	_, span := t.tracer.Start(ctx, spanDebate, trace.WithAttributes(
		debateArm.String(c.Arm), debateItem.String(c.Item), debateDraw.Int(c.Draw), debateRepeat.Int(c.Repeat)))
	t.open[c] = span
	return span
}

// of returns the span of a debate on its way.
func (t *Telemetry) of(c debate.Case) trace.Span {
	t.mu.Lock()
	defer t.mu.Unlock()
	if span := t.open[c]; span != nil {
		return span
	}
	return t.run
}

// tracedAgent replies below the span of its debate.
type tracedAgent struct {
	debate.Agent
	span trace.Span
}

func (a tracedAgent) Reply(ctx context.Context, turn debate.Turn) (debate.Reply, error) {
	return a.Agent.Reply(trace.ContextWithSpan(ctx, a.span), turn)
}

// tracedJudge decides below the span of its debate.
type tracedJudge struct {
	debate.Judge
	span trace.Span
}

func (j tracedJudge) Decide(ctx context.Context, t *debate.Transcript, say func(string)) (debate.Verdict, error) {
	return j.Judge.Decide(trace.ContextWithSpan(ctx, j.span), t, say)
}

// Event takes an event of the experiment: a debate that is over is counted and its span ended.
func (t *Telemetry) Event(ev debate.Event) {
	recorded, ok := ev.(debate.Recorded)
	if t == nil || !ok {
		return
	}
	rec := recorded.Record
	attributes := []attribute.KeyValue{debateArm.String(rec.Case.Arm), debateOutcome.String("ok")}
	if rec.Failed != "" {
		attributes = []attribute.KeyValue{debateArm.String(rec.Case.Arm), debateOutcome.String("failed"), errorType.String(rec.FailureKind)}
	}
	t.debates.Add(context.Background(), 1, metric.WithAttributes(attributes...))
	t.mu.Lock()
	span := t.open[rec.Case]
	delete(t.open, rec.Case)
	t.mu.Unlock()
	if span == nil {
		return
	}
	if rec.Failed != "" {
		fail(span, rec.FailureKind)
	}
	span.End()
}

// fail marks a span as failed, without words: those of an error may repeat a prompt.
func fail(span trace.Span, kind string) {
	span.SetStatus(codes.Error, kind)
	span.SetAttributes(errorType.String(kind))
}

// typeOf sorts an error for error.type.
func typeOf(err error) string {
	switch {
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return typeInterrupted
	case errors.Is(err, debate.ErrStopped):
		return typeStopped
	}
	return debate.FailureKind(err)
}
