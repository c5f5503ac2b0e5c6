package models

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"cheaptalk/agents"
)

// errorObject is what a server says in place of a completion.
type errorObject struct {
	status         int // that it names, or 0
	code, message  string
	prompt, window int // the tokens of a prompt that is too long and of the context, or 0
}

func (e *errorObject) Error() string { return e.message }

// readError finds the error object in a body, or returns nil. The forms in use: OpenAI's, Anthropic's, llama.cpp's and
// OpenRouter's {"error": {"message", "type", "code"}}, Ollama's {"error": "text"}, vLLM's {"object": "error", "message", "type",
// "code"}, and Gemini's list of one of the first.
func readError(body []byte) *errorObject {
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil && len(list) == 1 {
		body = list[0]
	}
	var top struct {
		Error  json.RawMessage `json:"error"`
		Object string          `json:"object"`
	}
	if json.Unmarshal(body, &top) != nil {
		return nil
	}
	switch {
	case present(top.Error):
		return newErrorObject(top.Error)
	case top.Object == "error":
		return newErrorObject(body)
	}
	return nil
}

// mayBeError reports whether a body has the word that every error object has.
func mayBeError(body []byte) bool { return bytes.Contains(body, []byte(`error`)) }

// present reports whether a field is there and says something.
func present(raw json.RawMessage) bool {
	switch string(raw) {
	case "", "null", `""`, "{}", "[]":
		return false
	}
	return true
}

// newErrorObject reads the value of an "error" field: an object or a text.
func newErrorObject(raw json.RawMessage) *errorObject {
	var text string
	if json.Unmarshal(raw, &text) == nil {
		return &errorObject{message: text}
	}
	var o struct {
		Message string          `json:"message"`
		Type    string          `json:"type"`
		Code    json.RawMessage `json:"code"`            // a text or a status
		Prompt  int             `json:"n_prompt_tokens"` // llama.cpp
		Window  int             `json:"n_ctx"`
	}
	if json.Unmarshal(raw, &o) != nil || o.Message == "" && o.Type == "" {
		return &errorObject{message: string(raw)}
	}
	e := &errorObject{code: o.Type, message: o.Message, prompt: o.Prompt, window: o.Window}
	var status int
	if json.Unmarshal(o.Code, &text) == nil && text != "" {
		e.code = text
		status, _ = strconv.Atoi(text)
	} else {
		_ = json.Unmarshal(o.Code, &status) // not a number: no status
	}
	if status >= 400 && status <= 599 {
		e.status = status
	}
	return e
}

// status makes the typed error of an error object. The status it names counts before that of HTTP when that is a 2xx.
func (w *wire) status(status int, e *errorObject) *agents.StatusError {
	if status/100 == 2 {
		status = cmp.Or(e.status, statuses[e.code], status)
	}
	err := &agents.StatusError{Status: status, URL: w.base, Code: w.secrets.line(e.code), Message: w.secrets.line(e.message)}
	if errors.Is(err, agents.ErrContextLength) {
		err.Prompt = cmp.Or(e.prompt, find(promptSizes, e.message))
		err.Window = cmp.Or(e.window, find(windowSizes, e.message))
	}
	return err
}

// statuses are what errors in a stream would have been had they come before it: their types at Anthropic and codes at OpenAI. There they come with
// a status of 200.
var statuses = map[string]int{
	"rate_limit_error": http.StatusTooManyRequests, "rate_limit_exceeded": http.StatusTooManyRequests,
	"overloaded_error": agents.StatusOverloaded, "api_error": http.StatusInternalServerError, "server_error": http.StatusInternalServerError,
}

// promptSizes and windowSizes find the tokens of a prompt that is too long and of the context in what servers say: OpenAI, vLLM, llama.cpp,
// Anthropic, Gemini, Mistral and LM Studio.
var (
	promptSizes = regexp.MustCompile(`requested \d+ tokens \((\d+) in|requested (\d+) tokens|resulted in (\d+) tokens|messages have (\d+)|has (\d+) input tokens` +
		`|request \((\d+) tokens|too long: (\d+) tokens|token count \((\d+)\)|contains (?:at least )?(\d+)|context limit: (\d+)|the first (\d+) tokens`)
	windowSizes = regexp.MustCompile(`context length (?:is|of only) (\d+)|limit of (\d+) tokens|context size \((\d+)|tokens > (\d+) maximum|context limit: \d+ \+ \d+ > (\d+)|tokens allowed \((\d+)\)|(\d+) maximum context`)
)

// find returns the number that a pattern finds, or 0.
func find(pattern *regexp.Regexp, text string) int {
	match := pattern.FindStringSubmatch(text)
	if match == nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.Join(match[1:], "")) // one group has it; a number that is too long is none
	return n
}

// refusal makes the typed error of an answer whose status is not 2xx.
func (w *wire) refusal(resp *http.Response, body []byte) error {
	e := readError(body)
	if e == nil {
		e = &errorObject{message: string(body)}
	}
	if to, err := resp.Location(); err == nil && resp.StatusCode/100 == 3 {
		to.User, to.RawQuery, to.Fragment = nil, "", ""
		e.message = "it says to ask at " + to.String()
	}
	err := w.status(resp.StatusCode, e)
	now, bad := http.ParseTime(resp.Header.Get("Date"))
	if bad != nil {
		now = time.Now()
	}
	err.RetryAfter = retryAfter(resp.Header.Get("Retry-After"), now)
	if ms, bad := strconv.ParseFloat(resp.Header.Get("Retry-After-Ms"), 64); bad == nil && ms > 0 { // of OpenAI's servers, and more exact
		err.RetryAfter = time.Duration(min(ms, float64(maxRetryAfter.Milliseconds())) * float64(time.Millisecond))
	}
	return err
}

// maxRetryAfter bounds what a server may ask for.
const maxRetryAfter = 24 * time.Hour

// retryAfter reads the header in both of its forms, seconds and an HTTP date (RFC 9110, section 10.2.3). now is by the server's clock where it
// says, which need not be that of this machine.
// What cannot be read or is past is 0.
func retryAfter(header string, now time.Time) time.Duration {
	var wait time.Duration
	if seconds, err := strconv.ParseFloat(strings.TrimSpace(header), 64); err == nil {
		if seconds > 0 { // not NaN
			wait = time.Duration(min(seconds, maxRetryAfter.Seconds()) * float64(time.Second))
		}
	} else if at, err := http.ParseTime(header); err == nil {
		wait = at.Sub(now)
	}
	return min(max(wait, 0), maxRetryAfter)
}

// secrets are the texts that may appear in no error and no record: the key, the password, and what becomes of them on the way.
type secrets []string

// A secret shorter than leastSecret is not cut out of errors, one shorter than leastInBody not out of completions: stand-ins
// for a key such as "none" or "ollama" are words that a model may say.
const (
	leastSecret = 4
	leastInBody = 12
)

func secretsOf(key string, user *url.Userinfo) secrets {
	var s secrets
	add := func(secret string) {
		if len(secret) < leastSecret {
			return
		}
		inJSON, _ := json.Marshal(secret)
		s = append(s, secret, strings.Trim(string(inJSON), `"`), url.QueryEscape(secret), url.PathEscape(secret))
	}
	add(key)
	if user != nil {
		password, ok := user.Password()
		if !ok {
			add(user.Username()) // a token in place of a user
		}
		add(password)
		add(base64.StdEncoding.EncodeToString([]byte(user.Username() + ":" + password)))
	}
	return s
}

// hideIn cuts the secrets out of the body of a completion.
func (s secrets) hideIn(body []byte) []byte {
	for _, secret := range s.inBodies() {
		body = bytes.ReplaceAll(body, []byte(secret), []byte("[key]"))
	}
	return body
}

// inBodies returns the secrets that are cut out of completions.
func (s secrets) inBodies() []string {
	var long []string
	for _, secret := range s {
		if len(secret) >= leastInBody {
			long = append(long, secret)
		}
	}
	return long
}

// lineLimit is the most that an error repeats of what a server said, in runes.
const lineLimit = 300

// line makes what a server said fit for an error: without secrets and control characters, on one line, cut.
func (s secrets) line(text string) string {
	for _, secret := range s {
		text = strings.ReplaceAll(text, secret, "[key]")
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, text)
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > lineLimit {
		text = string(runes[:lineLimit]) + "…"
	}
	return text
}
