package stream

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// formats are the three, with their frames.
var formats = map[string]struct {
	format Format
	frame  func(data string) string
}{
	"openai":    {OpenAI(), func(data string) string { return "data: " + data + "\n\n" }},
	"anthropic": {Anthropic(), func(data string) string { return "event: x\ndata: " + data + "\n\n" }},
	"ollama":    {Ollama(), func(data string) string { return data + "\n" }},
}

// read reads a stream of these events and returns its body and the pieces said.
func read(format string, events ...string) (body string, said []string, err error) {
	f := formats[format]
	var in strings.Builder
	for _, e := range events {
		in.WriteString(f.frame(e))
	}
	b, err := f.format.Read(strings.NewReader(in.String()), func(s string) { said = append(said, s) })
	return string(b), said, err
}

// comesTo reads a stream and compares its body, as JSON, and the pieces said.
func comesTo(t *testing.T, format, want, said string, events ...string) {
	t.Helper()
	got, pieces, err := read(format, events...)
	if err != nil {
		t.Errorf("%s %.200q: %v", format, events, err)
		return
	}
	var g, w any
	if json.Unmarshal([]byte(got), &g) != nil || json.Unmarshal([]byte(want), &w) != nil || !reflect.DeepEqual(g, w) {
		t.Errorf("%s\n got %s\nwant %s", format, got, want)
	}
	if s := strings.Join(pieces, "|"); s != said {
		t.Errorf("%s: said %q, want %q", format, s, said)
	}
}

// delta is a chunk of OpenAI's.
func delta(d string) string {
	return `{"id":"1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"delta":` + d + `,"finish_reason":null}],"usage":null}`
}

const (
	stop     = `{"id":"1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}`
	counted  = `{"id":"1","object":"chat.completion.chunk","created":7,"model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}`
	role     = `{"role":"assistant","content":""}`
	noUsage  = `"id":"1","object":"chat.completion","created":7,"model":"m"`
	envelope = noUsage + `,"usage":{"prompt_tokens":3,"completion_tokens":2}`
)

func TestOpenAIsPiecesComeToTheWhole(t *testing.T) {
	comesTo(t, "openai", `{`+envelope+`,"choices":[{"index":0,"message":{"role":"assistant","content":"It is (B)."},"finish_reason":"stop"}]}`, "It is| (B).",
		delta(role), delta(`{"content":"It is"}`), delta(`{"content":" (B)."}`), stop, counted, "[DONE]")
	comesTo(t, "openai", `{`+noUsage+`,"choices":[{"index":0,"message":{"role":"assistant","content":"b","reasoning_content":"ab","reasoning":"c"},"finish_reason":"stop"}]}`, "b",
		delta(`{"reasoning_content":"a"}`), delta(`{"reasoning_content":"b","content":null}`), delta(`{"reasoning":"c"}`), delta(`{"content":"b","tool_calls":[{"index":0}]}`), stop)
	comesTo(t, "openai", `{`+noUsage+`,"choices":[{"index":0,"message":{"role":"assistant","content":null,"refusal":"I will not."},"finish_reason":"stop"}]}`, "I will| not.",
		delta(`{"refusal":"I will"}`), delta(`{"refusal":" not."}`), stop)
	comesTo(t, "openai", `{`+noUsage+`,"choices":[{"index":0,"message":{"role":"assistant","content":""},"finish_reason":"stop"}]}`, "", stop, "[DONE]")
	// Mistral's thinking models.
	comesTo(t, "openai", `{`+noUsage+`,"choices":[{"index":0,"message":{"role":"assistant","content":[{"type":"thinking","thinking":[{"type":"text","text":"ab"}]},{"type":"text","text":"cd"}]},"finish_reason":"stop"}]}`, "c|d",
		delta(`{"content":[{"type":"thinking","thinking":[{"type":"text","text":"a"}]}]}`), delta(`{"content":[{"type":"thinking","thinking":[{"type":"text","text":"b"}]}]}`),
		delta(`{"content":[{"type":"text","text":"c"}]}`), delta(`{"content":"d"}`), stop)
	// The usage in the last chunk with a choice, more choices than one, Azure's first chunk, and what else a chunk may hold.
	comesTo(t, "openai", `{"id":"2","object":"chat.completion","model":"m","timings":{"n":1},"usage":{"prompt_tokens":1},"choices":[{"index":0,"message":{"role":"assistant","content":"a"},"finish_reason":"length","stop_reason":7}]}`, "a",
		`{"id":"","model":"","choices":[],"prompt_filter_results":[]}`, `{"id":"2","model":"m","choices":[{"index":1,"delta":{"content":"other"}},{"delta":{"content":"a"}}],"obfuscation":"x"}`,
		`{"choices":[{"index":0,"delta":{},"finish_reason":"length","stop_reason":7}],"usage":{"prompt_tokens":1},"timings":{"n":1}}`)
	comesTo(t, "openai", `{`+noUsage+`,"completion_probabilities":[{"content":"a"},{"content":"b"}],"choices":[{"index":0,"message":{"role":"assistant","content":"ab"},`+
		`"logprobs":{"content":[{"token":"a","logprob":-1},{"token":"b","logprob":-2}]},"finish_reason":"stop"}]}`, "a|b",
		`{"id":"1","created":7,"model":"m","completion_probabilities":[{"content":"a"}],"choices":[{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"token":"a","logprob":-1}],"refusal":null}}]}`,
		`{"completion_probabilities":[{"content":"b"}],"choices":[{"index":0,"delta":{"content":"b"},"logprobs":{"content":[{"token":"b","logprob":-2}]}}]}`, stop)
}

func TestAnthropicsPiecesComeToTheWhole(t *testing.T) {
	start := `{"type":"message_start","message":{"id":"1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":4,"cache_read_input_tokens":9,"output_tokens":1}}}`
	block := func(i int, b string) string {
		return fmt.Sprintf(`{"type":"content_block_start","index":%d,"content_block":%s}`, i, b)
	}
	delta := func(i int, d string) string {
		return fmt.Sprintf(`{"type":"content_block_delta","index":%d,"delta":%s}`, i, d)
	}
	const end, over = `{"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":9}}`, `{"type":"message_stop"}`
	const message = `"id":"1","type":"message","role":"assistant","model":"m","stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":4,"cache_read_input_tokens":9,"output_tokens":9}`
	comesTo(t, "anthropic", `{`+message+`,"content":[{"type":"thinking","thinking":"hm","signature":"s"},{"type":"redacted_thinking","data":"x"},{"type":"text","text":"It is (B)."},{"type":"tool_use","id":"t"}]}`, "It is| (B).",
		start, `{"type":"ping"}`, block(0, `{"type":"thinking","thinking":"","signature":""}`), delta(0, `{"type":"thinking_delta","thinking":"h"}`), delta(0, `{"type":"thinking_delta","thinking":"m"}`), delta(0, `{"type":"signature_delta","signature":"s"}`),
		block(1, `{"type":"redacted_thinking","data":"x"}`), block(2, `{"type":"text","text":""}`), delta(2, `{"type":"text_delta","text":"It is"}`), delta(2, `{"type":"text_delta","text":" (B)."}`), `{"type":"content_block_stop","index":2}`,
		block(3, `{"type":"tool_use","id":"t","input":{}}`), delta(3, `{"type":"input_json_delta","partial_json":"{"}`), `{"type":"new_kind_of_event"}`, end, over)
	comesTo(t, "anthropic", `{`+message+`,"content":[]}`, "", start, end, over)
	// Twice what is no piece of text, a piece without a beginning, one after the reason.
	comesTo(t, "anthropic", `{`+message+`,"content":[{"type":"text","text":"ab"},{"type":"text","text":"c"}]}`, "a|b|c",
		start, start, block(0, `{"type":"text","text":"a"}`), block(0, `{"type":"text","text":"a"}`), delta(0, `{"type":"text_delta","text":"b"}`), delta(5, `{"type":"text_delta","text":"c"}`), end, end, delta(0, `{"type":"text_delta","text":"late"}`), over, over)
}

func TestOllamasPiecesComeToTheWhole(t *testing.T) {
	line := func(text string) string {
		return `{"model":"m","created_at":"2025-01-01T00:00:00Z","message":{"role":"assistant","content":"` + text + `"},"done":false}`
	}
	const end = `{"model":"m","created_at":"2025-01-01T00:00:09Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","eval_count":9}`
	const top = `"model":"m","created_at":"2025-01-01T00:00:09Z","done":true,"done_reason":"stop","eval_count":9`
	comesTo(t, "ollama", `{`+top+`,"message":{"role":"assistant","content":"It is (B)."}}`, "It is| (B).", line("It is"), line(" (B)."), end, line("late"))
	comesTo(t, "ollama", `{`+top+`,"logprobs":[{"token":"a","logprob":-1}],"message":{"role":"assistant","content":"a","thinking":"hm"}}`, "a",
		`{"message":{"content":"","thinking":"h"},"done":false}`, `{"message":{"content":"","thinking":"m"},"done":false}`, `{"message":{"content":"a"},"logprobs":[{"token":"a","logprob":-1}],"done":false}`, end)
	comesTo(t, "ollama", `{`+top+`}`, "", strings.Replace(end, `"message":{"role":"assistant","content":""},`, "", 1)) // no reply: for the reader of bodies to say
}

// Half a reply is no reply, whatever the stream calls its end.
func TestWithoutAFinishReasonThereIsNoBody(t *testing.T) {
	for format, events := range map[string][][]string{
		"openai":    {{}, {"[DONE]"}, {delta(`{"content":"a"}`)}, {delta(`{"content":"a"}`), "[DONE]"}, {delta(`{"content":"a"}`), counted, "[DONE]"}, {stop[:20]}, {delta(`{}`), stop[:len(stop)-1]}},
		"anthropic": {{}, {`{"type":"message_stop"}`}, {`{"type":"message_start","message":{}}`, `{"type":"content_block_delta","index":0,"delta":{"text":"a"}}`}},
		"ollama":    {{}, {`{"message":{"content":"a"},"done":false}`}, {`{"message":{"content":"a"},"done":true`}},
	} {
		for _, e := range events {
			f := formats[format]
			in := ""
			for _, data := range e {
				in += f.frame(data)
			}
			in = strings.TrimRight(in, "\n") // cut where an event may be
			if body, err := f.format.Read(strings.NewReader(in), func(string) {}); !errors.Is(err, io.ErrUnexpectedEOF) {
				t.Errorf("%s %q: %s %v", format, in, body, err)
			}
		}
	}
}

func TestWhatIsNotJSONIsAnErrorAndNoEnd(t *testing.T) {
	for format, ok := range map[string]string{"openai": delta(`{"content":"a"}`), "anthropic": `{"type":"ping"}`, "ollama": `{"message":{"content":"a"},"done":false}`} {
		for _, bad := range []string{ok[:len(ok)/2] + "\n", "null x", "<html>", `[{"a":1}]`, `7`} {
			if body, _, err := read(format, ok, bad, ok); err == nil || errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "event") {
				t.Errorf("%s %q: %s %v", format, bad, body, err)
			}
		}
	}
	if _, _, err := read("openai", delta(`{"content":7}`)); err == nil || !strings.Contains(err.Error(), "neither text nor parts") {
		t.Error(err)
	}
}

func TestAnErrorOfTheReaderIsThatOfTheStream(t *testing.T) {
	broke := errors.New("connection reset")
	for format, f := range formats {
		in := io.MultiReader(strings.NewReader(f.frame(delta(`{"content":"a"}`))), iotest.ErrReader(broke))
		if _, err := f.format.Read(in, func(string) {}); !errors.Is(err, broke) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

func TestAnErrorInTheMiddleIsTheBody(t *testing.T) {
	check := func(format, want string, events ...string) {
		t.Helper()
		if body, _, err := read(format, events...); err != nil || body != want {
			t.Errorf("%s %q: %s %v, want %s", format, events, body, err, want)
		}
	}
	const failed = `{"error":{"message":"upstream died","code":502}}`
	check("openai", failed, delta(`{"content":"a"}`), failed, stop)
	check("openai", `{"object":"error","message":"died"}`, `{"object":"error","message":"died"}`)
	check("openai", `{"id":"1","error":{"message":"died"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}`,
		`{"id":"1","error":{"message":"died"},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}`)
	check("anthropic", `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`, `{"type":"ping"}`, `{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}`)
	check("ollama", `{"error":"model failed"}`, `{"message":{"content":"a"},"done":false}`, `{"error":"model failed"}`)
	for in, want := range map[string]string{
		"event: error\ndata: upstream died\n\n":            `{"error":"upstream died"}`,
		"error: {\"code\":500,\"message\":\"died\"}\n\n":   `{"error":{"code":500,"message":"died"}}`, // llama.cpp
		"event: error\ndata: {\"error\":{\"code\":7}}\n\n": `{"error":{"code":7}}`,
	} {
		if body, err := OpenAI().Read(strings.NewReader(in), func(string) {}); err != nil || string(body) != want {
			t.Errorf("%q: %s %v", in, body, err)
		}
	}
	// OpenRouter's, in the choice: the reader of bodies knows it.
	comesTo(t, "openai", `{"object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":""},"error":{"message":"died"}}]}`, "", `{"choices":[{"index":0,"delta":{},"error":{"message":"died"}}]}`)
}

// The package comment says what is recognised.
func TestWhatComesTwiceIsTakenOnceWhereItCanBeTold(t *testing.T) {
	twice := func(format, want string, events ...string) {
		t.Helper()
		if _, said, err := read(format, events...); err != nil || strings.Join(said, "|") != want {
			t.Errorf("%s: said %q, %v, want %q", format, said, err, want)
		}
	}
	chunk := func(nonce string) string {
		return `{"choices":[{"index":0,"delta":{"content":"ha"},"logprobs":{"content":[{"token":"ha","logprob":-0.0001}]}}],"obfuscation":"` + nonce + `"}`
	}
	twice("openai", "ha|ha", chunk("aB3dE6"), chunk("aB3dE6"), chunk("aB3dE7"), stop)
	twice("openai", "ha|ha", chunk("aB3dE6"), chunk("aB3dE7"), stop)
	twice("openai", "ha|ha", chunk("aB3"), chunk("aB3"), stop) // too few characters to tell
	twice("openai", "ha|ha|ha", delta(`{"content":"ha"}`), delta(`{"content":"ha"}`), delta(`{"content":"ha"}`), stop)
	twice("openai", "a", delta(role), delta(role), delta(`{"content":"a"}`), stop, stop, delta(`{"content":"late"}`), counted, counted, "[DONE]", "[DONE]")
	line := func(at string) string {
		return `{"created_at":"` + at + `","message":{"content":"ha"},"done":false}`
	}
	const end = `{"done":true,"done_reason":"stop"}`
	twice("ollama", "ha", line("2025-01-01T00:00:00.123456789Z"), line("2025-01-01T00:00:00.123456789Z"), end)
	twice("ollama", "ha|ha", line("2025-01-01T00:00:00.123456789Z"), line("2025-01-01T00:00:00.123456790Z"), end, end)
	twice("ollama", "ha|ha", line("2025-01-01T00:00:00.123Z"), line("2025-01-01T00:00:00.123Z"), end)
	twice("ollama", "ha|ha", line("2025-01-01T00:00:00Z"), line("2025-01-01T00:00:00Z"), end)
}

func TestAStreamIsToldByItsTypeOrItsBeginning(t *testing.T) {
	for _, c := range []struct {
		format, media, body string
		want                bool
	}{
		{"openai", "text/event-stream; charset=utf-8", "", true},
		{"openai", "application/json", `{"choices":[]}`, false},
		{"openai", "application/json", "data: {}\n\n", true},
		{"openai", "text/plain", "\r\n : ping\n\n", true},
		{"openai", "", "event:x", true},
		{"openai", "", "", false},
		{"openai", "no;type;", "dat", false},
		{"openai", "text/html", "<html>", false},
		{"anthropic", "", "event: message_start\n", true},
		{"ollama", "application/x-ndjson", "", true},
		{"ollama", "application/json; charset=utf-8", `{"message":{}}`, false},
		{"ollama", "text/plain", "\n{", true},
		{"ollama", "text/html", "<html>", false},
	} {
		if got := formats[c.format].format.Is(c.media, bufio.NewReader(iotest.OneByteReader(strings.NewReader(c.body)))); got != c.want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(uint8(0), []byte("data: "+delta(role)+"\n\ndata:"+delta(`{"content":"a"}`)+"\r\n\r\ndata: "+stop+"\n\ndata: [DONE]\n\n"))
	f.Add(uint8(0), []byte("data: {\"choices\":[{\"delta\":{\"content\":[{\"text\":\"a\"},{\"thinking\":[{\"text\":\"b\"}]}]},\"logprobs\":{\"content\":[{}]},\"finish_reason\":\"x\"}]}\n\n"))
	f.Add(uint8(1), []byte("event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"usage\":{}}}\n\ndata: {\"type\":\"content_block_delta\",\"index\":-9,\"delta\":{\"text\":\"a\"}}\n\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"}}\n\n"))
	f.Add(uint8(2), []byte(`{"message":{"content":"a"},"done":false}`+"\n"+`{"message":null,"done":true}`))
	f.Fuzz(func(t *testing.T, which uint8, in []byte) {
		format := []Format{OpenAI(), Anthropic(), Ollama()}[which%3]
		said := ""
		body, err := format.Read(strings.NewReader(string(in)), func(s string) { said += s })
		if (err == nil) != json.Valid(body) {
			t.Fatalf("%q comes to %q, %v", in, body, err)
		}
		slowly := ""
		again, slowErr := format.Read(iotest.OneByteReader(strings.NewReader(string(in))), func(s string) { slowly += s })
		if string(again) != string(body) || slowly != said || (slowErr == nil) != (err == nil) {
			t.Fatalf("%q comes to %s and %q, byte by byte to %s and %q", in, body, said, again, slowly)
		}
	})
}
