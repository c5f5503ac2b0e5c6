// Package stream reads completions that come in pieces: the server-sent events of OpenAI's chat completions and of Anthropic's messages,
// and the JSON objects, one a line, of Ollama's chat.
//
// [Format.Read] tells each piece of the text as it comes, and puts the pieces together to the body with which the API would have
// answered had it not been asked to stream. So whoever reads bodies need not know of streams. Tool calls are left out.
//
// # What ends a stream
//
// A finish reason. A stream that ends without one is an error that wraps io.ErrUnexpectedEOF, whatever else it holds: half a reply is no reply.
// What comes after a finish reason adds nothing to the text; the usage of OpenAI's streams does come after it. An error
// in the middle is returned as the body that says so.
//
// # What comes twice
//
// A piece that a relay repeats cannot, in general, be told from a word that a model repeats: "ha" after "ha" is the same bytes. It is
// told where the bytes hold what a server does not say twice: OpenAI's "obfuscation", random characters in every chunk, and Ollama's
// "created_at", the time to less than a millisecond. There an event that is the same as the one before it, byte for byte, is
// taken once. Nothing is guessed from a piece's length or its log-probability: a line of dashes, the zeros of a number or a model that goes round
// in circles repeats both. Everything that is no piece of text is safe to hear twice: the beginning and the end of a message or of a block,
// finish reasons, usage.
//
// # Hidden thinking
//
// [Voice] keeps what stands between <think> and </think> from being said, and secrets, wherever a stream cuts them in two.
package stream
