package models

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

// streams are answers as each API streams them, event by event. They come to openAIOK and its like.
var streams = map[API][]string{
	OpenAI: {
		": ping\n\n",
		`data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"served-1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}` + "\n\n",
		`data: {"id":"1","model":"served-1","choices":[{"index":0,"delta":{"content":"It is"},"finish_reason":null}]}` + "\n\n",
		`data: {"id":"1","model":"served-1","choices":[{"index":0,"delta":{"content":" (B)."},"finish_reason":null}]}` + "\n\n",
		`data: {"id":"1","model":"served-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}` + "\n\n",
		`data: {"id":"1","model":"served-1","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":9,"prompt_tokens_details":{"cached_tokens":16},"completion_tokens_details":{"reasoning_tokens":4}}}` + "\n\n",
		"data: [DONE]\n\n",
	},
	Anthropic: {
		"event: message_start\n" + `data: {"type":"message_start","message":{"id":"1","type":"message","role":"assistant","model":"served-1","content":[],"stop_reason":null,"usage":{"input_tokens":4,"cache_read_input_tokens":10,"cache_creation_input_tokens":6,"output_tokens":1}}}` + "\n\n",
		"event: content_block_start\n" + `data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}` + "\n\n",
		"event: ping\n" + `data: {"type":"ping"}` + "\n\n",
		"event: content_block_delta\n" + `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"It is"}}` + "\n\n",
		"event: content_block_delta\n" + `data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" (B)."}}` + "\n\n",
		"event: content_block_stop\n" + `data: {"type":"content_block_stop","index":0}` + "\n\n",
		"event: message_delta\n" + `data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}` + "\n\n",
		"event: message_stop\n" + `data: {"type":"message_stop"}` + "\n\n",
	},
	Ollama: {
		`{"model":"served-1","message":{"role":"assistant","content":"It is"},"done":false}` + "\n",
		`{"model":"served-1","message":{"role":"assistant","content":" (B)."},"done":false}` + "\n",
		`{"model":"served-1","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":20,"eval_count":9}` + "\n",
	},
}

// mediaTypes are those of the streams.
var mediaTypes = map[API]string{OpenAI: "text/event-stream", Anthropic: "text/event-stream; charset=utf-8", Ollama: "application/x-ndjson"}

// streaming is a transport that answers with a stream of that body.
func streaming(api API, body string) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		resp := respond(r, body)
		resp.Header.Set("Content-Type", mediaTypes[api])
		return resp, nil
	}
}

// planted is a key that begins like no word of the streams.
const planted = "key-planted-0123456789"

// hears completes the short chat by a stream and returns the pieces said.
func hears(t testing.TB, api API, tr http.RoundTripper) (agents.Completion, []string, error) {
	t.Helper()
	var said []string
	req := request(agents.Sampling{})
	req.Say = func(s string) { said = append(said, s) }
	c, err := open(t, Config{API: api, URL: "http://localhost", Key: planted, Transport: tr}).Complete(t.Context(), req)
	return c, said, err
}

func TestStreamsAreAskedForOnlyToBeHeard(t *testing.T) {
	for _, api := range apis {
		s := serve(t, api.ok)
		m := open(t, Config{API: api.api, URL: s.URL})
		req := request(agents.Sampling{})
		if _, err := m.Complete(t.Context(), req); err != nil {
			t.Fatal(err)
		}
		plain := s.sent(t)
		req.Say = func(string) {}
		c, err := m.Complete(t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		heard := s.sent(t)
		if plain["stream"] == true || heard["stream"] != true || !bytes.Contains(c.Exchange.Request, []byte(`"stream":true`)) {
			t.Errorf("%s: %v and %v", api.api, plain, heard)
		}
		if api.api == OpenAI {
			same(t, "stream_options", heard["stream_options"], map[string]bool{"include_usage": true})
		}
		for _, fields := range []map[string]any{plain, heard} {
			delete(fields, "stream")
			delete(fields, "stream_options")
		}
		if !reflect.DeepEqual(plain, heard) {
			t.Errorf("%s: %v and %v", api.api, plain, heard)
		}
	}
}

// langchaingo returns half a reply without an error, no usage and no thinking.
func TestAStreamComesToTheSameCompletion(t *testing.T) {
	for _, api := range apis {
		plain, _ := completes(t, api.api, api.ok, agents.Sampling{})
		for name, body := range map[string]string{
			"LF": strings.Join(streams[api.api], ""), "CR LF": strings.ReplaceAll(strings.Join(streams[api.api], ""), "\n", "\r\n"),
		} {
			c, said, err := hears(t, api.api, streaming(api.api, body))
			if err != nil {
				t.Errorf("%s %s: %v", api.api, name, err)
				continue
			}
			if c.Text != plain.Text || c.Finish != plain.Finish || c.Usage != plain.Usage || c.Exchange.Served != "served-1" || c.Exchange.Usage != c.Usage {
				t.Errorf("%s %s: %+v, want %+v", api.api, name, c, plain)
			}
			if fmt.Sprintf("%q", said) != `["It is" " (B)."]` {
				t.Errorf("%s %s: said %q", api.api, name, said)
			}
			again, err := dialectFor(t, api.api).read(c.Exchange.Response)
			if err != nil || again.text != plain.Text || again.finish != plain.Finish {
				t.Errorf("%s: the stored body %s is read as %+v, %v", api.api, c.Exchange.Response, again, err)
			}
		}
	}
}

// langchaingo's reader of events ends at 64 KiB.
func TestLongPiecesArriveWhole(t *testing.T) {
	long := strings.Repeat("x", 1<<17)
	for _, api := range apis {
		body := strings.Replace(strings.Join(streams[api.api], ""), "It is", long, 1)
		if c, said, err := hears(t, api.api, streaming(api.api, body)); err != nil || c.Text != long+" (B)." || strings.Join(said, "") != c.Text {
			t.Errorf("%s: %d bytes, %v", api.api, len(c.Text), err)
		}
	}
}

func dialectFor(t *testing.T, api API) dialect {
	t.Helper()
	d, ok := dialectOf(api)
	if !ok {
		t.Fatal(api)
	}
	return d
}

// goroutine returns the number of the goroutine that calls it.
func goroutine() string {
	b := make([]byte, 64)
	return strings.Fields(string(b[:runtime.Stack(b, false)]))[1]
}

func TestPiecesAreSaidAsTheyComeByTheGoroutineThatAsked(t *testing.T) {
	for _, api := range apis {
		heard := make(chan string)
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			w.Header().Set("Content-Type", mediaTypes[api.api])
			for _, event := range streams[api.api] {
				io.WriteString(w, event)
				w.(http.Flusher).Flush()
				if strings.Contains(event, "It is") {
					<-heard // the rest is sent when the first piece is out
				}
			}
		}))
		req := request(agents.Sampling{})
		var by []string
		req.Say = func(text string) {
			by = append(by, goroutine())
			if text == "It is" {
				heard <- text
			}
		}
		_, err := open(t, Config{API: api.api, URL: s.URL}).Complete(t.Context(), req)
		if me := goroutine(); err != nil || fmt.Sprint(by) != fmt.Sprint([]string{me, me}) {
			t.Errorf("%s: %v, said by goroutines %v", api.api, err, by)
		}
		s.Close()
	}
}

// langchaingo takes each of these for a whole reply.
func TestAStreamThatBreaksOffIsAnError(t *testing.T) {
	for _, api := range apis {
		events := streams[api.api]
		for n := range events {
			cut := strings.Join(events[:n], "")
			if strings.Contains(cut, `"stop"`) || strings.Contains(cut, "end_turn") {
				break
			}
			for _, body := range []string{cut, cut + events[n][:len(events[n])/2]} {
				_, said, err := hears(t, api.api, streaming(api.api, body))
				if e, ok := errors.AsType[*agents.UnreadableError](err); !ok || !errors.Is(err, io.ErrUnexpectedEOF) || e.URL != "http://localhost" {
					t.Errorf("%s %q: %v", api.api, body, err)
				}
				if heard := strings.Contains(cut, "It is"); heard != (len(said) > 0) {
					t.Errorf("%s %q: said %q", api.api, body, said)
				}
			}
		}
		// The connection is closed within a chunk, by the server.
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", mediaTypes[api.api])
			io.WriteString(w, events[0]+events[1])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}))
		req := request(agents.Sampling{})
		req.Say = func(string) {}
		if _, err := open(t, Config{API: api.api, URL: s.URL}).Complete(t.Context(), req); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%s: %v", api.api, err)
		}
		s.Close()
	}
}

func TestAnErrorInAStreamIsTypedAsOutsideOfOne(t *testing.T) {
	for api, c := range map[API]struct{ event, message string }{
		OpenAI:    {`data: {"error":{"message":"Rate limited upstream","code":429}}` + "\n\n", "Rate limited upstream"},
		Anthropic: {"event: error\n" + `data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}` + "\n\n", "Overloaded"},
		Ollama:    {`{"error":"model runner died"}` + "\n", "model runner died"},
	} {
		for _, before := range []int{0, 2} { // at once, and in the middle
			_, _, err := hears(t, api, streaming(api, strings.Join(streams[api][:before], "")+c.event+strings.Join(streams[api][before:], "")))
			e, ok := errors.AsType[*agents.StatusError](err)
			if !ok || e.Message != c.message || api == OpenAI && e.Status != 429 || api == Anthropic && e.Code != "overloaded_error" {
				t.Errorf("%s: %v", api, err)
			}
		}
	}
	s := serve(t, `{"error":{"message":"slow","code":"rate_limit"}}`)
	s.status, s.retry = 429, "7"
	req := request(agents.Sampling{})
	req.Say = func(string) { t.Error("said") }
	_, err := open(t, Config{URL: s.URL}).Complete(t.Context(), req)
	if e, ok := errors.AsType[*agents.StatusError](err); !ok || e.Status != 429 || e.RetryAfter != 7*time.Second {
		t.Error(err)
	}
}

func TestBrokenJSONInAStreamIsUnreadable(t *testing.T) {
	for _, api := range apis {
		event := streams[api.api][1]
		body := streams[api.api][0] + strings.TrimSpace(event)[:len(event)/2] + "\n\n" + strings.Join(streams[api.api][2:], "")
		_, _, err := hears(t, api.api, streaming(api.api, body))
		if _, ok := errors.AsType[*agents.UnreadableError](err); !ok || errors.Is(err, io.ErrUnexpectedEOF) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %v", api.api, err)
		}
	}
}

func TestAStreamWithoutEndIsAnError(t *testing.T) {
	tr := roundTrip(func(r *http.Request) (*http.Response, error) {
		resp, _ := streaming(OpenAI, "")(r)
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(streams[OpenAI][0]), &endless{}))
		return resp, nil
	})
	if _, _, err := hears(t, OpenAI, tr); err == nil || !strings.Contains(err.Error(), "longer than 64 MiB") {
		t.Error(err)
	}
}

// A server that cannot stream answers as ever; a proxy answers with a page.
func TestAnAnswerInOnePieceIsReadAsOne(t *testing.T) {
	for _, api := range apis {
		for _, media := range []string{"application/json", ""} {
			tr := roundTrip(func(r *http.Request) (*http.Response, error) {
				resp := respond(r, strings.Replace(api.ok, "It is (B).", `<think>hm</think>It is (B).`, 1))
				resp.Header.Set("Content-Type", media)
				return resp, nil
			})
			c, said, err := hears(t, api.api, tr)
			if err != nil || fmt.Sprintf("%q", said) != `["It is (B)."]` || c.Usage.PromptTokens != 20 {
				t.Errorf("%s %s: %q %+v %v", api.api, media, said, c, err)
			}
		}
		tr := roundTrip(func(r *http.Request) (*http.Response, error) { return respond(r, "<html>\n"), nil })
		if _, _, err := hears(t, api.api, tr); err == nil || !strings.Contains(err.Error(), "not JSON") {
			t.Errorf("%s: %v", api.api, err)
		}
	}
}

func TestHiddenThinkingAndSecretsAreNotSaid(t *testing.T) {
	piece := map[API]func(field, text string) string{
		OpenAI: func(field, text string) string {
			name := map[string]string{"text": "content", "thinking": "reasoning_content"}[field]
			return fmt.Sprintf(`data: {"choices":[{"index":0,"delta":{%q:%q}}]}`+"\n\n", name, text)
		},
		Anthropic: func(field, text string) string {
			return fmt.Sprintf(`data: {"type":"content_block_delta","index":0,"delta":{"type":"%s_delta",%q:%q}}`+"\n\n", field, field, text)
		},
		Ollama: func(field, text string) string {
			name := map[string]string{"text": "content", "thinking": "thinking"}[field]
			return fmt.Sprintf(`{"message":{%q:%q},"done":false}`+"\n", name, text)
		},
	}
	for _, api := range apis {
		p := piece[api.api]
		body := p("thinking", "first") + p("text", "<thi") + p("text", "nk>second</th") + p("text", "ink>a key-planted-") + p("text", "0123456789 b")
		events := streams[api.api]
		for i := len(events) - 1; ; i-- {
			if strings.Contains(events[i], "(B)") {
				body += strings.Join(events[i+1:], "")
				break
			}
		}
		c, said, err := hears(t, api.api, streaming(api.api, body))
		if all := strings.Join(said, ""); err != nil || all != "a [key] b" {
			t.Errorf("%s: said %q, %v", api.api, said, err)
		}
		if strings.Contains(string(c.Exchange.Response), "planted") || c.Text != "<think>second</think>a [key] b" {
			t.Errorf("%s: %q in %s", api.api, c.Text, c.Exchange.Response)
		}
		if api.api != Anthropic && c.Thinking != "first" { // there a block is one or the other
			t.Errorf("%s: thinking %q", api.api, c.Thinking)
		}
	}
}

func TestTheContextEndsAStream(t *testing.T) {
	for _, api := range apis {
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			w.Header().Set("Content-Type", mediaTypes[api.api])
			io.WriteString(w, strings.Join(streams[api.api][:len(streams[api.api])/2+1], ""))
			w.(http.Flusher).Flush()
			<-r.Context().Done()
		}))
		ctx, cancel := context.WithCancel(t.Context())
		req := request(agents.Sampling{})
		req.Say = func(string) { cancel() }
		if _, err := open(t, Config{API: api.api, URL: s.URL}).Complete(ctx, req); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", api.api, err)
		}
		s.Close()
	}
}

func TestStreamsUseConnectionsAgain(t *testing.T) {
	for _, api := range apis {
		opened := make(chan net.Conn, 100)
		s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			io.ReadAll(r.Body)
			w.Header().Set("Content-Type", mediaTypes[api.api])
			for _, event := range streams[api.api] {
				io.WriteString(w, event)
				w.(http.Flusher).Flush()
			}
		}))
		s.Config.ConnState = func(c net.Conn, state http.ConnState) {
			if state == http.StateNew {
				opened <- c
			}
		}
		s.Start()
		m := open(t, Config{API: api.api, URL: s.URL})
		req := request(agents.Sampling{})
		req.Say = func(string) {}
		for range 20 {
			if _, err := m.Complete(t.Context(), req); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(opened); n > spare {
			t.Errorf("%s: %d connections for 20 streams in a row", api.api, n)
		}
		s.Close()
	}
}

// tied is a body whose reader ends with the context of its request, as net/http's do.
type tied struct {
	io.Reader
	ctx context.Context
}

func (b tied) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err == io.EOF { // there is no more, but the server does not end it
		<-b.ctx.Done()
		return n, b.ctx.Err()
	}
	return n, err
}

func (tied) Close() error { return nil }

func TestAServerThatDoesNotEndItsBodyIsNotWaitedFor(t *testing.T) {
	for _, api := range apis {
		synctest.Test(t, func(t *testing.T) {
			tr := roundTrip(func(r *http.Request) (*http.Response, error) {
				resp, _ := streaming(api.api, "")(r)
				resp.Body = tied{strings.NewReader(strings.Join(streams[api.api], "")), r.Context()}
				return resp, nil
			})
			c, _, err := hears(t, api.api, tr)
			if err != nil || c.Text != "It is (B)." || c.Exchange.Took > drainTime {
				t.Errorf("%s: %+v %v", api.api, c, err)
			}
		})
	}
}

func TestStreamedAndUnstreamedAsksShare(t *testing.T) {
	for _, api := range apis {
		var share Share
		asked := 0
		tr := roundTrip(func(r *http.Request) (*http.Response, error) {
			asked++
			return streaming(api.api, strings.Join(streams[api.api], ""))(r)
		})
		m := open(t, Config{API: api.api, URL: "http://localhost", Transport: tr, Share: &share})
		var said []string
		heard := request(agents.Sampling{})
		heard.Scope = "q/1"
		plain := heard
		heard.Say = func(s string) { said = append(said, s) }
		for i, req := range []agents.Request{heard, plain, heard} {
			c, err := m.Complete(t.Context(), req)
			if err != nil || c.Exchange.Shared != (i > 0) || c.Text != "It is (B)." {
				t.Errorf("%s: %+v %v", api.api, c, err)
			}
		}
		if asked != 1 || fmt.Sprintf("%q", said) != `["It is" " (B)." "It is (B)."]` {
			t.Errorf("%s: asked %d times, said %q", api.api, asked, said)
		}
	}
}

func TestWhatIsNotCountedIsEstimated(t *testing.T) {
	for api, answer := range map[API]string{
		OpenAI:    `{"choices":[{"message":{"content":"12345678","reasoning":"abc"},"finish_reason":"stop"}]}`,
		Anthropic: `{"content":[{"type":"text","text":"12345678"},{"type":"thinking","thinking":"abc"}],"stop_reason":"end_turn"}`,
		Ollama:    `{"message":{"content":"12345678","thinking":"abc"},"done":true,"done_reason":"stop"}`,
	} {
		c, _ := completes(t, api, answer, agents.Sampling{})
		// "be brief", "sky?", "blue", "why?" are 20 bytes; text and thinking are 11.
		if want := (debate.Usage{Calls: 1, PromptTokens: 5, CompletionTokens: 3, Estimated: 1}); c.Usage != want || c.Exchange.Usage != want {
			t.Errorf("%s: %+v", api, c.Usage)
		}
	}
	for _, usage := range []string{`{"prompt_tokens":7,"completion_tokens":0}`, `{"prompt_tokens":0,"completion_tokens":7}`} {
		c, _ := completes(t, OpenAI, `{"choices":[{"message":{"content":""},"finish_reason":"stop"}],"usage":`+usage+`}`, agents.Sampling{})
		if c.Usage.PromptTokens+c.Usage.CompletionTokens != 7 || c.Usage.Estimated != 0 {
			t.Errorf("%s: %+v", usage, c.Usage)
		}
	}
}
