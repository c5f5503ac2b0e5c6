// Package mockllm is a language model server without a language model: OpenAI's chat completions, Anthropic's messages and Ollama's
// chat on one loopback address, whole or streamed. Tests, benchmarks and rehearsals ask it in place of a real server.
//
// Start with [Config]: what is answered, how long it takes, how much is served at once, and what goes wrong how often. [Start] makes
// a [Server] of it; a [Handler] alone goes into an httptest.Server.
//
// # Replies
//
// A reply is scripted (Config.Replies, Config.Reply) or made by [chat.Answer], a pure function of the request. Nothing in an answer comes
// from the clock or from the order of arrival: the same request to a server with the same seed gets the same bytes.
// Tokens are counted as characters divided by four, rounded up, for each message and each reply.
//
// # The way of a request
//
//  1. It is parsed; what cannot be is a 400.
//  2. The rate limits: a 429 with Retry-After. Every response has the x-ratelimit headers of the limits that are set.
//  3. The capacity: it waits for a place, or is a 503 where too many wait.
//  4. It is admitted: it counts as one more of its body, and a fault is drawn from the seed, the body and that count. So faults
//     do not depend on what else is asked, and a retry meets other luck than the first try.
//  5. The latency, drawn from the seed and the body.
//  6. A prompt that is longer than the context is a 400. Else the reply, whole or in pieces, as the fault would have it.
//
// # Concurrency
//
// Handler and Server are safe for concurrent use. The server owns its goroutines: when Close returns they are gone.
// One mutex guards counters, rate limits and scripts (handler.go); nothing waits while holding it.
//
// Package chat has the forms of the three APIs, as pure functions.
package mockllm
