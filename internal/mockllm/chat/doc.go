// Package chat reads the requests and writes the responses of OpenAI's chat completions, Anthropic's messages and Ollama's chat, as the
// server has them, and makes up answers. Everything in it is a pure function; there is no clock, no state and no network.
package chat
