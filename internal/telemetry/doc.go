// Package telemetry tells an OpenTelemetry collector of a run: traces and metrics by the semantic conventions for generative AI.
//
// It is off unless the standard OTEL_ variables turn it on ([Start]); then it returns a nil [Telemetry], whose methods do nothing and put
// nothing around models and teams. A trace is a run with its debates, and in each debate the calls to models:
//
//	cheaptalk run NAME
//	└ debate            arm, item, draw, repeat
//	  └ chat MODEL      one call: the waiting for its turn, its attempts, their waits
//
// Prompts, completions and the texts of errors are in no span and no metric. Nothing here can end or slow a run: spans are sent from
// a queue that drops what it has no room for, and what goes wrong is kept for [Telemetry.Close].
//
// The names are in names.go. Package runlog, below this one, writes the log of a run.
package telemetry
