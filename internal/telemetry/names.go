package telemetry

import "go.opentelemetry.io/otel/attribute"

// The semantic conventions for generative AI have the status Development: their names change. Those below are of version 1.41.0 of the
// conventions, the last that holds them before they moved to a repository of their own.

// scope names who made the spans and the metrics.
const scope = "cheaptalk/internal/telemetry"

// Spans. The name of the run and of the model follow theirs.
const (
	spanDebate = "debate"
	spanChat   = "chat"
)

// Attributes of the conventions.
const (
	serviceName    = attribute.Key("service.name")
	serviceVersion = attribute.Key("service.version")
	serverAddress  = attribute.Key("server.address")
	serverPort     = attribute.Key("server.port")
	errorType      = attribute.Key("error.type")

	operationName   = attribute.Key("gen_ai.operation.name")
	providerName    = attribute.Key("gen_ai.provider.name")
	requestModel    = attribute.Key("gen_ai.request.model")
	requestTemp     = attribute.Key("gen_ai.request.temperature")
	requestTopP     = attribute.Key("gen_ai.request.top_p")
	requestTokens   = attribute.Key("gen_ai.request.max_tokens")
	requestSeed     = attribute.Key("gen_ai.request.seed")
	requestStop     = attribute.Key("gen_ai.request.stop_sequences")
	requestStream   = attribute.Key("gen_ai.request.stream")
	responseModel   = attribute.Key("gen_ai.response.model")
	responseID      = attribute.Key("gen_ai.response.id")
	responseFinish  = attribute.Key("gen_ai.response.finish_reasons")
	usageInput      = attribute.Key("gen_ai.usage.input_tokens")
	usageCacheRead  = attribute.Key("gen_ai.usage.cache_read.input_tokens")
	usageOutput     = attribute.Key("gen_ai.usage.output_tokens")
	usageReasoning  = attribute.Key("gen_ai.usage.reasoning.output_tokens")
	tokenType       = attribute.Key("gen_ai.token.type")
	operationChat   = "chat"
	tokenTypeInput  = "input"
	tokenTypeOutput = "output"
)

// Attributes of our own.
const (
	runSeed       = attribute.Key("cheaptalk.seed")
	runPlanned    = attribute.Key("cheaptalk.planned")
	debateArm     = attribute.Key("cheaptalk.arm")
	debateItem    = attribute.Key("cheaptalk.item")
	debateDraw    = attribute.Key("cheaptalk.draw")
	debateRepeat  = attribute.Key("cheaptalk.repeat")
	debateOutcome = attribute.Key("cheaptalk.outcome") // "ok" or "failed"
	callModel     = attribute.Key("cheaptalk.model")   // the name in the experiment file
	callQuestion  = attribute.Key("cheaptalk.question")
	callRound     = attribute.Key("cheaptalk.round")
	callSample    = attribute.Key("cheaptalk.sample")
	callAgain     = attribute.Key("cheaptalk.again")
	callShared    = attribute.Key("cheaptalk.shared")
	callCached    = attribute.Key("cheaptalk.cached")
	callAttempts  = attribute.Key("cheaptalk.attempts")
	callTook      = attribute.Key("cheaptalk.took") // seconds of the attempt that succeeded
	callEstimated = attribute.Key("cheaptalk.usage.estimated")
	retryAttempt  = attribute.Key("cheaptalk.attempt")
	retryWait     = attribute.Key("cheaptalk.wait") // seconds
)

// eventRetry is the event of a call's span that says that an attempt failed and is made again.
const eventRetry = "retry"

// Values of error.type that are no kind of a failure.
const (
	typeInterrupted = "interrupted"
	typeStopped     = "stopped"
)

// Metrics, with the boundaries of their buckets as the conventions advise them.
const (
	metricTokens   = "gen_ai.client.token.usage"
	metricDuration = "gen_ai.client.operation.duration"
	metricDebates  = "cheaptalk.debates"
)

func tokenBounds() []float64 {
	return []float64{1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864}
}

func durationBounds() []float64 {
	return []float64{0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92}
}
