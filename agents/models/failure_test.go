package models

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// langchaingo turns statuses into words, and a 503 page into a syntax error.

func TestRefusalsKeepTheirStatus(t *testing.T) {
	for _, api := range apis {
		for status, answer := range map[int]string{
			400: `{"error":{"message":"bad","type":"invalid_request_error"}}`, 401: `{"error":"no"}`, 404: "404 page not found", 429: `{"error":{"message":"slow","code":"rate_limit"}}`,
			500: "", 503: "<html><body>busy</body></html>", 301: "",
		} {
			err := fails(t, api.api, status, answer)
			e, ok := errors.AsType[*agents.StatusError](err)
			if !ok || e.Status != status || !strings.HasPrefix(e.URL, "http://127.0.0.1") {
				t.Errorf("%s %d: %v", api.api, status, err)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		}
	}
}

func TestRetryAfterInBothForms(t *testing.T) {
	for _, api := range apis {
		s := serve(t, "{}")
		s.status = 429
		m := open(t, Config{API: api.api, URL: s.URL})
		retry := func(header string) time.Duration {
			t.Helper()
			s.retry = header
			_, err := m.Complete(t.Context(), request(agents.Sampling{}))
			e, ok := errors.AsType[*agents.StatusError](err)
			if !ok {
				t.Fatalf("%s: %v", api.api, err)
			}
			return e.RetryAfter
		}
		if got := retry("7"); got != 7*time.Second {
			t.Errorf("seconds: %v", got)
		}
		if got := retry(time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)); got < 59*time.Minute || got > time.Hour {
			t.Errorf("date: %v", got)
		}
	}
	now := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "0": 0, "-5": 0, "1.5": 1500 * time.Millisecond, "nan": 0, "inf": maxRetryAfter, "1e300": maxRetryAfter, "soon": 0,
		"Thu, 01 Jan 2026 12:00:30 GMT": 30 * time.Second, "Thu, 01 Jan 2026 11:00:00 GMT": 0, "Fri, 01 Jan 2126 11:00:00 GMT": maxRetryAfter,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %v, want %v", header, got, want)
		}
	}
}

// OpenAI's servers say it in milliseconds too, which is more exact.

func TestRetryAfterInMilliseconds(t *testing.T) {
	for header, want := range map[string]time.Duration{"1500": 1500 * time.Millisecond, "": 7 * time.Second, "soon": 7 * time.Second, "0": 7 * time.Second, "1e300": maxRetryAfter} {
		tr := roundTrip(func(r *http.Request) (*http.Response, error) {
			resp := respond(r, "{}")
			resp.StatusCode = 429
			resp.Header.Set("Retry-After", "7")
			resp.Header.Set("Retry-After-Ms", header)
			return resp, nil
		})
		_, err := open(t, Config{URL: "http://localhost/v1", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
		if e, ok := errors.AsType[*agents.StatusError](err); !ok || e.RetryAfter != want {
			t.Errorf("%q: %v", header, err)
		}
	}
}

// A date is one by the server's clock.

func TestRetryAfterIsByTheClockThatWroteIt(t *testing.T) {
	there := time.Date(2001, 1, 1, 12, 0, 0, 0, time.UTC)
	tr := roundTrip(func(r *http.Request) (*http.Response, error) {
		resp := respond(r, "{}")
		resp.StatusCode = 503
		resp.Header.Set("Date", there.Format(http.TimeFormat))
		resp.Header.Set("Retry-After", there.Add(20*time.Second).Format(http.TimeFormat))
		return resp, nil
	})
	_, err := open(t, Config{URL: "http://localhost/v1", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
	if e, ok := errors.AsType[*agents.StatusError](err); !ok || e.RetryAfter != 20*time.Second {
		t.Error(err)
	}
}

func TestARedirectSaysWhereTo(t *testing.T) {
	for _, api := range apis {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "https://me:planted-0123456789@example.org/v2?key=planted-0123456789#x", http.StatusTemporaryRedirect)
		}))
		_, err := open(t, Config{API: api.api, URL: s.URL}).Complete(t.Context(), request(agents.Sampling{}))
		want := s.URL + ": 307 Temporary Redirect: it says to ask at https://example.org/v2 (the URL moved: check it)"
		if err == nil || !strings.HasSuffix(err.Error(), want) || debate.FailureKind(err) != "moved" {
			t.Errorf("%s: %v, want %s", api.api, err, want)
		}
		s.Close()
	}
}

// An HTTP/2 stream that is reset in the middle of a body is no EOF, and passes as one does.

// TestADeadConnectionIsNoticed has the network swallow what is sent, from the second request on.

// swallowing is a connection that takes what is written to it, and sends it only while it is not dead.

func TestContextLengthIsToldApart(t *testing.T) {
	for name, c := range map[string]struct {
		api    API
		status int
		answer string
	}{
		"llama.cpp": {OpenAI, 400, `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9,"n_ctx":8}}`},
		"OpenAI":    {OpenAI, 400, `{"error":{"message":"Please reduce the length","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`},
		"vLLM":      {OpenAI, 400, `{"object":"error","message":"This model's maximum context length is 8 tokens.","type":"BadRequestError","code":400}`},
		"Anthropic": {Anthropic, 400, `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 213462 tokens > 200000 maximum"}}`},
		"Ollama":    {Ollama, 400, `{"error":"the input exceeds the context length"}`},
		"Gemini":    {OpenAI, 400, `[{"error":{"code":400,"message":"The input token count (9) exceeds the maximum number of tokens allowed (8).","status":"INVALID_ARGUMENT"}}]`},
	} {
		if err := fails(t, c.api, c.status, c.answer); !errors.Is(err, agents.ErrContextLength) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := fails(t, OpenAI, 400, `{"error":{"message":"bad temperature"}}`); errors.Is(err, agents.ErrContextLength) {
		t.Error(err)
	}
}

func TestAPromptThatIsTooLongIsMeasured(t *testing.T) {
	check := func(api API, body string, prompt, window int, says string) {
		t.Helper()
		err := fails(t, api, 400, body)
		e, ok := errors.AsType[*agents.StatusError](err)
		if !ok || !errors.Is(err, agents.ErrContextLength) || e.Prompt != prompt || e.Window != window || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %+v: %v, want %d, %d and %q", body, e, err, prompt, window, says)
		}
	}
	openAI := func(message string) string {
		return fmt.Sprintf(`{"error":{"message":%q,"code":"context_length_exceeded"}}`, message)
	}
	check(OpenAI, `{"error":{"code":400,"message":"the request exceeds the available context size, try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4476,"n_ctx":4096}}`,
		4476, 4096, "try increasing it: the prompt has 4476 tokens, the context has 4096 (use a shorter memory")
	check(OpenAI, openAI("request (4476 tokens) exceeds the available context size (4096 tokens), try increasing it"), 4476, 4096, "increasing it (use")
	check(OpenAI, openAI("This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens."), 9000, 8192, "9000 tokens. (use")
	check(OpenAI, openAI("This model's maximum context length is 16384 tokens. However, you requested 122946 tokens (112946 in the messages, 10000 in the completion)."), 112946, 16384, "(use")
	check(OpenAI, openAI("This model's maximum context length is 2048 tokens. However, your request has 3000 input tokens."), 3000, 2048, "(use")
	check(OpenAI, openAI("This model's maximum context length is 4096 tokens. However, you requested 500 output tokens and your prompt contains at least 3597 input tokens"), 3597, 4096, "(use")
	check(OpenAI, openAI("Input tokens exceed the configured limit of 272000 tokens. Your messages resulted in 300000 tokens."), 300000, 272000, "(use")
	check(OpenAI, openAI("The input token count (9000) exceeds the maximum number of tokens allowed (8000)."), 9000, 8000, "(use")
	check(OpenAI, openAI("Prompt contains 40000 tokens, too large for model with 32768 maximum context length"), 40000, 32768, "(use")
	check(OpenAI, openAI("Trying to keep the first 4476 tokens when context the overflows. However, the model is loaded with context length of only 4096 tokens"), 4476, 4096, "(use")
	check(OpenAI, openAI("This model's maximum context length is 8192 tokens."+strings.Repeat(" "+strings.Repeat("x", 99), 3)+" your messages resulted in 9000 tokens."), 9000, 8192, "…: the prompt has 9000 tokens (use")
	check(Anthropic, `{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 213462 tokens > 200000 maximum"}}`, 213462, 200000, "200000 maximum (use")
	check(Anthropic, `{"type":"error","error":{"type":"invalid_request_error","message":"input length and max_tokens exceed context limit: 190000 + 20000 > 200000, decrease them"}}`, 190000, 200000, "(use")
	// Without numbers: the chat of the tests has 20 bytes.
	check(Ollama, `{"error":"the input exceeds the context length"}`, 0, 0, "context length: the prompt has about 5 tokens (use")
	check(OpenAI, openAI("This model's maximum context length is 8 tokens."), 0, 8, "8 tokens.: the prompt has about 5 tokens (use")
	if err := fails(t, OpenAI, 400, `{"error":{"message":"has 12 input tokens"}}`); strings.Contains(err.Error(), "prompt has") {
		t.Error(err)
	}
}

// With a 200, langchaingo says "empty response".

func TestAnErrorInA200IsAnError(t *testing.T) {
	check := func(api API, answer string, status int, message string) {
		t.Helper()
		e, ok := errors.AsType[*agents.StatusError](fails(t, api, 200, answer))
		if !ok || e.Status != status || e.Message != message {
			t.Errorf("%s: %+v", answer, e)
		}
	}
	check(OpenAI, `{"error":{"message":"Rate limited upstream","code":429}}`, 429, "Rate limited upstream")
	check(OpenAI, `{"error":{"message":"No provider","code":"502"}}`, 502, "No provider")
	check(OpenAI, `{"error":{"message":"odd","code":7}}`, 200, "odd")
	check(OpenAI, `{"choices":[{"message":{"content":"par"},"finish_reason":"error","error":{"code":502,"message":"Upstream died"}}]}`, 502, "Upstream died")
	check(Anthropic, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`, 529, "Overloaded")
	check(Anthropic, `{"type":"error","error":{"type":"rate_limit_error","message":"Slow"}}`, 429, "Slow")
	check(Anthropic, `{"type":"error","error":{"type":"api_error","message":"Internal server error"}}`, 500, "Internal server error")
	check(OpenAI, `{"error":{"message":"The server had an error","type":"server_error","code":null}}`, 500, "The server had an error")
	check(OpenAI, `{"error":{"message":"Slow","type":"tokens","code":"rate_limit_exceeded"}}`, 429, "Slow")
	check(Ollama, `{"error":"model failed to load"}`, 200, "model failed to load")
}

func TestWhatIsNoCompletionIsAnErrorThatSaysSo(t *testing.T) {
	check := func(api API, answer, want string) {
		t.Helper()
		if err := fails(t, api, 200, answer); !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "http://127.0.0.1") {
			t.Errorf("%s: %v, want %q", answer, err, want)
		}
	}
	for _, api := range []API{OpenAI, Anthropic, Ollama} {
		check(api, "", "not JSON")
		check(api, "<!doctype html><title>Welcome</title>", "not JSON")
		check(api, `{"choices":[{"mess`, "not JSON")
		check(api, `{}`, "no reply")
		check(api, `{"object":"list","data":[]}`, "check the URL and the api")
		check(api, `[]`, "check the URL and the api")
		check(api, `"hi"`, "check the URL and the api")
	}
	check(OpenAI, `{"choices":[]}`, "no reply")
	check(OpenAI, `{"choices":[{"finish_reason":"stop"}]}`, "no reply")
	check(OpenAI, `{"choices":[{"message":{"content":"a"}}]}`, "finish reason")
	check(OpenAI, `{"choices":[{"message":{"content":"a"},"finish_reason":null}]}`, "finish reason")
	check(OpenAI, `{"choices":[{"message":{"content":7},"finish_reason":"stop"}]}`, "not a completion")
	check(Anthropic, `{"content":[{"type":"text","text":"a"}]}`, "finish reason")
	check(Ollama, `{"message":{"content":"a"},"done":true}`, "finish reason")
	check(Ollama, `{"message":{"content":"a"},"done":false,"done_reason":"stop"}`, "finish reason")
	check(Ollama, `{"message":{"content":"a"},"done":false}`+"\n"+`{"message":{"content":"b"},"done":true,"done_reason":"stop"}`, "not JSON")
}

// langchaingo makes new errors of these, and of Ollama's none.

func TestTheContextsErrorsCanBeTold(t *testing.T) {
	for _, api := range apis {
		for _, late := range []bool{false, true} {
			arrived := make(chan struct{}, 1)
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.ReadAll(r.Body)
				if late { // the headers and half a body are there
					w.Header().Set("Content-Length", fmt.Sprint(len(api.ok)))
					io.WriteString(w, api.ok[:len(api.ok)/2])
					w.(http.Flusher).Flush()
				}
				arrived <- struct{}{}
				<-r.Context().Done()
			}))
			m := open(t, Config{API: api.api, URL: s.URL})
			ctx, cancel := context.WithCancelCause(t.Context())
			go func() { <-arrived; cancel(errors.New("enough")) }()
			if _, err := m.Complete(ctx, request(agents.Sampling{})); !errors.Is(err, context.Canceled) {
				t.Errorf("%s late %t: %v", api.api, late, err)
			}
			deadline, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
			if _, err := m.Complete(deadline, request(agents.Sampling{})); !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s late %t: %v", api.api, late, err)
			}
			stop()
			s.Close()
		}
	}
}

// What its peers hear is in every prompt of the rest of a debate.

// readsFrom completes the short chat against a server that answers with that status, length and body, and returns the error.

// endless is a body of zeros that counts what is read of it.

// The transport's own timeouts are, to errors.Is, context.DeadlineExceeded.

func TestATimeoutToConnectIsNotTheCallersDeadline(t *testing.T) {
	timeout := &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	for _, cause := range []error{timeout, context.DeadlineExceeded} {
		tr := roundTrip(func(*http.Request) (*http.Response, error) { return nil, cause })
		for _, api := range apis {
			_, err := open(t, Config{API: api.api, URL: "http://localhost", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
			if _, ok := errors.AsType[*agents.UnreachableError](err); !ok || errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%s: %v", api.api, err)
			}
		}
	}
}

func TestKeysAreInNoErrorAndNoRecord(t *testing.T) {
	const key, user, password = `sk-planted"key/0123456789`, "planteduser", "planted:pass/word1"
	planted := []string{key, `sk-planted\"key/0123456789`, "sk-planted", password, "planted", base64.StdEncoding.EncodeToString([]byte(user + ":" + password))}
	leaks := func(what string, texts ...string) {
		t.Helper()
		for _, text := range texts {
			for _, secret := range planted {
				if strings.Contains(text, secret) {
					t.Errorf("%s holds %q: %s", what, secret, text)
				}
			}
		}
	}
	status, answer := 401, "" // of a server that echoes what it is told
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		fmt.Fprintf(w, answer, r.Header.Get("Authorization")+r.Header.Get("X-Api-Key"))
	}))
	defer s.Close()
	withUser, _ := url.Parse(s.URL)
	withUser.User = url.UserPassword(user, password)
	for _, c := range []Config{{URL: s.URL, Key: key}, {URL: withUser.String(), Key: key}, {URL: withUser.String()}} {
		for _, api := range apis {
			c.API = api.api
			m := open(t, c)
			for code, text := range map[int]string{401: `{"error":{"message":%q}}`, 500: `<p>%s</p>`, 400: strings.Repeat("x", lineLimit-8) + "%s", 200: `{"error":%q}`, 204: `nothing for %s`} {
				status, answer = code, text
				_, err := m.Complete(t.Context(), request(agents.Sampling{}))
				if err == nil {
					t.Fatalf("%s %d: no error", api.api, code)
				}
				leaks(fmt.Sprint(api.api, " ", code), err.Error(), fmt.Sprintf("%+v", err))
				if e, ok := errors.AsType[*agents.StatusError](err); ok {
					leaks("its fields", fmt.Sprintf("%#v", e))
				}
			}
			status, answer = 200, strings.ReplaceAll(strings.ReplaceAll(api.ok, "%", "%%"), `"It is (B)."`, "%q")
			got, err := m.Complete(t.Context(), request(agents.Sampling{}))
			if err != nil {
				t.Fatal(err)
			}
			leaks("completion", got.Text, fmt.Sprintf("%s %s %s", got.Exchange.Request, got.Exchange.Response, got.Exchange.URL))
			if got.Exchange.URL != s.URL {
				t.Errorf("url %s", got.Exchange.URL)
			}
		}
	}
	tr := roundTrip(func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("bad header %v", r.Header) })
	_, err := open(t, Config{URL: withUser.String(), Key: "sk-planted-0123456789", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
	leaks("transport", err.Error())
	for _, c := range []Config{
		{URL: "http://planteduser:planted@host:port%zz"}, {URL: "planted://planteduser:planted@host"}, {URL: "http://h/?key=planted"}, {Key: "sk-planted\nkey"},
	} {
		c.Name = "m"
		if _, err := Open(c); err == nil {
			t.Errorf("%+v opens", c)
		} else {
			leaks("Open", err.Error())
		}
	}
}

func TestAKeyThatIsAWordIsLeftInCompletions(t *testing.T) {
	s := serve(t, strings.Replace(openAIOK, "It is (B).", "none of these", 1))
	c, err := open(t, Config{URL: s.URL, Key: "none"}).Complete(t.Context(), request(agents.Sampling{}))
	if err != nil || c.Text != "none of these" {
		t.Errorf("%q %v", c.Text, err)
	}
}

func TestOpenNamesWhatIsMissing(t *testing.T) {
	check := func(c Config, want string) {
		t.Helper()
		if _, err := Open(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q", c, err, want)
		}
	}
	check(Config{}, "no name")
	check(Config{Name: "m", API: "gopher"}, `model "m": api "gopher" is not openai, anthropic or ollama`)
	check(Config{Name: "gpt-4o-mini"}, `model "gpt-4o-mini": no key: set OPENAI_API_KEY`)
	check(Config{Name: "c", API: Anthropic, URL: "https://api.anthropic.com/v1"}, "ANTHROPIC_API_KEY")
	check(Config{Name: "m", URL: "localhost:8080"}, "http://host:port")
	check(Config{Name: "m", URL: "http://"}, "http://host:port")
	check(Config{Name: "m", URL: "http://h/v1#x"}, "fragment")
	for _, c := range []Config{{Name: "m", URL: "http://localhost:8080/v1"}, {Name: "m", API: Ollama}, {Name: "m", API: Anthropic, URL: "http://gateway"}} {
		if _, err := Open(c); err != nil {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

// spare is how many connections calls in a row may open: net/http gives one up whose writer was not scheduled for 50 ms.
const spare = 4

// With Go's defaults, or a body that is not read to its end, each of these calls opens a connection.

func TestConnectionsAreUsedAgain(t *testing.T) {
	for _, api := range apis {
		opened := make(chan net.Conn, 1000)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			w.(http.Flusher).Flush() // chunked
			io.WriteString(w, api.ok)
		}))
		s.Config.ConnState = func(c net.Conn, state http.ConnState) {
			if state == http.StateNew {
				opened <- c
			}
		}
		s.Start()
		m := open(t, Config{API: api.api, URL: s.URL})
		call := func() {
			if _, err := m.Complete(t.Context(), request(agents.Sampling{})); err != nil {
				t.Error(err)
			}
		}
		for range 64 {
			call()
		}
		if n := len(opened); n > spare {
			t.Errorf("%s: %d connections for 64 calls in a row", api.api, n)
		}
		const workers, each = 16, 8
		done := make(chan struct{})
		for range workers {
			go func() {
				for range each {
					call()
				}
				done <- struct{}{}
			}()
		}
		for range workers {
			<-done
		}
		if n := len(opened); n > 2*workers {
			t.Errorf("%s: %d connections for %d calls by %d workers", api.api, n, workers*each, workers)
		}
		s.Close()
	}
}

func TestTookIsTheTimeOfTheCall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tr := roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(3 * time.Second) // of the bubble
			return respond(r, openAIOK), nil
		})
		c, err := open(t, Config{URL: "http://localhost/v1", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
		if err != nil || c.Exchange.Took != 3*time.Second {
			t.Errorf("took %v, %v", c.Exchange.Took, err)
		}
	})
}
