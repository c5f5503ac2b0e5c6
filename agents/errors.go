package agents

import (
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// ErrContextLength says that the prompt is longer than the model can read.
// Asking the same again cannot help; LLM.DropOldest, a shorter memory or a longer context can.
var ErrContextLength = errors.New("the prompt is longer than the model's context")

// StatusError is a refusal by a server: a status that is not 2xx, or an error object where a completion should be.
// It holds no key.
type StatusError struct {
	Status     int           // of HTTP, or the one that the error object names; 200 when it names none
	RetryAfter time.Duration // what the server asks for; 0 when it does not say
	URL        string        // base URL, without user, query and fragment
	Code       string        // the server's own code or type, "context_length_exceeded" for example
	Message    string        // what the server said: one line, cut

	// Of a prompt that is too long: its tokens and those of the model's context, as the server counts them; 0 where it does not say.
	Prompt, Window int
	// About is an estimate of the prompt's tokens, where Prompt is 0.
	About int
}

// Error returns the URL, the status, what the server said and what to do about it.
func (e *StatusError) Error() string {
	s := strings.TrimRight(fmt.Sprintf("%s: %d %s", e.URL, e.Status, statusText(e.Status)), " ")
	if e.Status/100 == 2 {
		s = e.URL + ": the server answered with an error"
	}
	if e.Message != "" {
		s += ": " + e.Message
	}
	s += e.sizes()
	if hint := e.Hint(); hint != "" {
		s += " (" + hint + ")"
	}
	return s
}

// StatusOverloaded is what Anthropic answers when its API is overloaded.
const StatusOverloaded = 529

// statusText returns the words for a status, or "" for one that has none.
func statusText(status int) string {
	if status == StatusOverloaded {
		return "Overloaded"
	}
	return http.StatusText(status)
}

// sizes says how long the prompt and the context are, where the message does not.
func (e *StatusError) sizes() string {
	unsaid := func(tokens int) bool { return tokens > 0 && !strings.Contains(e.Message, strconv.Itoa(tokens)) }
	var sizes []string
	switch {
	case e.Prompt == 0 && e.About > 0:
		sizes = append(sizes, fmt.Sprintf("the prompt has about %d tokens", e.About))
	case unsaid(e.Prompt):
		sizes = append(sizes, fmt.Sprintf("the prompt has %d tokens", e.Prompt))
	}
	if unsaid(e.Window) {
		sizes = append(sizes, fmt.Sprintf("the context has %d", e.Window))
	}
	if sizes == nil {
		return ""
	}
	return ": " + strings.Join(sizes, ", ")
}

// Is reports that the error is [ErrContextLength] when the server says so in one of the ways in use.
func (e *StatusError) Is(target error) bool {
	if target != ErrContextLength || e.Status == http.StatusTooManyRequests {
		return false
	}
	said := strings.ToLower(e.Code + " " + e.Message)
	for _, way := range contextLengthWays {
		if strings.Contains(said, way) {
			return true
		}
	}
	return false
}

// contextLengthWays are the words by which servers say that a prompt is too long: OpenAI's and vLLM's code and message,
// llama.cpp's type and message, Anthropic's, Ollama's, and Gemini's message.
var contextLengthWays = [...]string{
	"context_length_exceeded", "maximum context length",
	"exceed_context_size", "context size",
	"prompt is too long", "prompt too long", "context length", "context window", "context limit",
	"input token count",
}

// FailureKind sorts the refusal, for debate.FailureKind.
func (e *StatusError) FailureKind() string {
	switch {
	case errors.Is(e, ErrContextLength):
		return "prompt too long"
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden:
		return "key refused"
	case e.Status == http.StatusPaymentRequired, e.Code == "insufficient_quota":
		return "no credit"
	case e.Status == http.StatusNotFound:
		return "not found"
	case e.Status == http.StatusTooManyRequests:
		return "rate limit"
	case e.Status == StatusOverloaded:
		return "overloaded"
	case e.Status/100 == 3:
		return "moved"
	case e.Status/100 == 5, e.Status/100 == 2:
		return "server error"
	}
	return "refused"
}

// Hint returns in a few words what to do about the error, or "".
func (e *StatusError) Hint() string {
	switch {
	case errors.Is(e, ErrContextLength):
		return "use a shorter memory, or give the server a longer context"
	case e.Status/100 == 3:
		return "the URL moved: check it"
	}
	switch e.Status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return "check the key"
	case http.StatusPaymentRequired:
		return "check the account's credit"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		if u, err := url.Parse(e.URL); err == nil && strings.Trim(u.Path, "/") == "" && !strings.Contains(strings.ToLower(e.Message), "model") {
			return "check the URL, which ends in /v1 for most servers, and the model's name"
		}
		return "check the model's name and the URL"
	case http.StatusTooManyRequests:
		return "ask more slowly"
	}
	return ""
}

// connectionsBreak are the errors of a connection that was there: those of package io, of Unix, and WSAECONNABORTED and WSAECONNRESET, by
// which Windows says the same and which package syscall takes for other errors than its ECONNRESET.
var connectionsBreak = [...]error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, syscall.Errno(10053), syscall.Errno(10054)}

// ConnectionBroke reports whether an error says that a connection was made and broke off.
func ConnectionBroke(err error) bool {
	return slices.ContainsFunc(connectionsBreak[:], func(cause error) bool { return errors.Is(err, cause) })
}

// UnreachableError says that no connection could be made, or that it broke off before there was an answer.
type UnreachableError struct {
	URL string // base URL, without user, query and fragment
	Err error
}

// Error returns the URL, the cause and what to do about it.
func (e *UnreachableError) Error() string {
	return fmt.Sprintf("%s: %v (%s)", e.URL, e.Err, e.Hint())
}

// Hint returns in a few words what to do about the error.
func (e *UnreachableError) Hint() string {
	if name, ok := errors.AsType[*net.DNSError](e.Err); ok && name.IsNotFound {
		return "check the name of the host"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](e.Err); ok {
		return "SSL_CERT_FILE names a file of the certificates to trust"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](e.Err); ok {
		return "does the server speak http rather than https?"
	}
	if ConnectionBroke(e.Err) {
		return "the server, or something before it, closed the connection"
	}
	return "is the server running at this URL?"
}

// FailureKind says that the server cannot be reached, for debate.FailureKind.
func (*UnreachableError) FailureKind() string { return "unreachable" }

// Unwrap returns the cause.
func (e *UnreachableError) Unwrap() error { return e.Err }

// UnreadableError says that a server answered with something that is neither a completion nor a refusal: a web page, a list of models, a body
// that broke off.
type UnreadableError struct {
	URL string // base URL, without user, query and fragment
	Err error
	// BrokeOff says that the connection ended, or failed, before the answer did.
	BrokeOff bool
}

// Error returns the URL and the cause.
func (e *UnreadableError) Error() string { return fmt.Sprintf("%s: %v", e.URL, e.Err) }

// FailureKind says that there was an answer and no completion, for debate.FailureKind.
func (*UnreadableError) FailureKind() string { return "no completion" }

// Unwrap returns the cause.
func (e *UnreadableError) Unwrap() error { return e.Err }

// TooLongError says that an answer is longer than any completion, of a model that repeats itself without an end for example. It is not
// asked for again: what is so long has cost as much.
type TooLongError struct {
	URL   string // base URL, without user, query and fragment
	Limit int    // in bytes
}

// Error returns the URL, the limit and what to do about it.
func (e *TooLongError) Error() string {
	return fmt.Sprintf("%s: the answer is longer than %d MiB (%s)", e.URL, e.Limit>>20, e.Hint())
}

// Hint returns in a few words what to do about the error.
func (*TooLongError) Hint() string { return "set max_tokens" }

// FailureKind sorts it, for debate.FailureKind.
func (*TooLongError) FailureKind() string { return "reply too long" }
