// Package models adapts language model servers to [agents.Model]: any that speaks OpenAI's chat completions (OpenAI, llama.cpp,
// vLLM, OpenRouter, Gemini, Mistral, DeepSeek ...), Anthropic's messages or Ollama's chat.
//
// Open makes a Model of a Config. Underneath is langchaingo, which knows the endpoints, the headers and the form of messages.
// It also drops much of what is asked and most of what is answered, without a word, so its HTTP client is replaced by the
// wire of this package (wire.go), which sees every call twice:
//
//   - on its way out, the wire writes the sampling parameters into the body as they were set and deletes those that were
//     not; langchaingo is not even told the model's name, because it rewrites requests by it, nor the texts, for which it
//     lays out stand-ins (body.go);
//   - on its way in, the wire reads the whole body, keeps it, turns refusals into typed errors, and reads text, thinking,
//     finish reason, served model and usage from it. What langchaingo makes of the body is not used.
//
// The dialects of the three APIs are in openai.go, anthropic.go and ollama.go: what goes into a body and how one is read; logprobs.go reads
// the tokens. Each test in contract_test.go and stream_test.go is named for a loss that does not happen.
//
// # Streams
//
// A request with a Say is streamed. langchaingo is not told: the wire asks for the stream, reads it to its end by package stream, and
// goes on with the body that it comes to, which has the form of an answer in one piece. So a stream is read, stored, shared and cached like any
// answer, and half of one is an error. A server that does not stream is read as ever, and its text said at once, as is
// one that was shared.
//
// # Sharing
//
// Arms of an experiment ask the same in round 0. With a [Share] they get the same answer, asked for once; with a [Cache] in it, runs do
// too: see share.go. What is the same is decided on the final body without the fields that ask for a stream.
//
// # Usage
//
// Tokens are as the server counts them. Where it counts none at all they are estimated, one for every four bytes of the texts, and
// the usage says so (Estimated).
//
// # Secrets
//
// Keys go into headers and nowhere else. They are cut out of every error and of every stored body, whatever a server echoes.
//
// # Time
//
// Nothing is retried and no deadline is set here: that is the part of package pace, by way of the context.
package models
