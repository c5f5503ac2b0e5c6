package chat

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode/utf8"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

const (
	letterForm  = "put your answer in the form (X), where X is its letter. On the last, say how sure you are, in the form Confidence: NN%"
	numberForm  = `put your final answer, a single number, in the form \boxed{answer}.`
	fourChoices = "Why is the sky blue?\n\nA) paint\nB) scattering\nC) the sea\nD) none\n\n"
)

func ask(seed uint64, turns ...string) Request {
	r := Request{API: OpenAI, Model: "m", Seed: seed}
	for i, text := range turns {
		r.Messages = append(r.Messages, Message{[]string{"user", "assistant"}[i%2], text})
	}
	return r
}

// Each form is read back by the rule that reads real models.
func TestAnswersHaveTheFormThatIsAskedFor(t *testing.T) {
	letters := debate.Question{Kind: debate.Choice, Choices: []string{"paint", "scattering", "the sea", "none"}}
	number := debate.Question{Kind: debate.Number}
	for name, c := range map[string]struct {
		turns      []string
		question   debate.Question
		want       string // the answers that there are
		confidence bool
	}{
		"letter":          {[]string{fourChoices + letterForm}, letters, "A B C D", true},
		"letter later":    {[]string{fourChoices + letterForm, "(B)", "Agent 1: (C)\n" + letterForm}, letters, "A B C D", true},
		"letters in line": {[]string{"Which? A) x, B) y Answer in the form (X)"}, letters, "A B", false},
		"letter unasked":  {[]string{"Which?\nA) x\nB) y\nC) z"}, letters, "A B C", false},
		"number":          {[]string{"Ann has 3 apples and buys 4. " + numberForm}, number, "7 8 9 10", false},
		"number later":    {[]string{"Ann has 3 and 4. " + numberForm, "8", "Others say 99. " + numberForm}, number, "7 8 9 10", false},
		"nothing asked":   {[]string{"How many?"}, number, "0 1 2 3", false},
		"number of all":   {[]string{"9999999999999999999999 or 5? A) is a heading. " + numberForm}, number, "5 6 7 8", false},
	} {
		seen := map[string]bool{}
		for seed := range uint64(200) {
			text := Answer(ask(seed, c.turns...))
			got := extract.Read(c.question, text)
			if got.Strict == "" || got.Strict != got.Flexible {
				t.Fatalf("%s: %q is read as %+v", name, text, got)
			}
			if stated := strings.Contains(text, "\nConfidence: "); stated != c.confidence {
				t.Fatalf("%s: %q", name, text)
			}
			seen[string(got.Strict)] = true
		}
		for want := range strings.FieldsSeq(c.want) {
			if !seen[want] {
				t.Errorf("%s: never %s", name, want)
			}
			delete(seen, want)
		}
		if len(seen) > 0 {
			t.Errorf("%s: %v beside %s", name, seen, c.want)
		}
	}
}

// A group of such models must not know anything: 4000 answers, each choice within four standard errors of a quarter.
func TestAnswersAreEvenlySpread(t *testing.T) {
	const n = 4000
	counts := map[string]int{}
	for seed := range uint64(n) {
		text := Answer(ask(seed*0x9e3779b97f4a7c15, fourChoices+"in the form (X)"))
		counts[text[len(text)-3:]]++
	}
	for letter, got := range counts {
		if math.Abs(float64(got)-n/4) > 4*math.Sqrt(n*.25*.75) {
			t.Errorf("%s: %d of %d", letter, got, n)
		}
	}
}

func TestParseReadsTheThreeForms(t *testing.T) {
	check := func(api API, body, want string) {
		t.Helper()
		r, err := Parse(api, []byte(body))
		got := fmt.Sprint(err)
		if err == nil {
			got = fmt.Sprintf("%s|%s|%v|%d|%t", r.Model, r.System, r.Messages, r.MaxTokens, r.Stream)
		}
		if got != want {
			t.Errorf("%s %s:\n got %s\nwant %s", api, body, got, want)
		}
	}
	const hi = `"model":"m","messages":[{"role":"user","content":"hi"}]`
	check(OpenAI, `{`+hi+`}`, "m||[{user hi}]|0|false")
	check(OpenAI, `{`+hi+`,"max_completion_tokens":5,"stream":true}`, "m||[{user hi}]|5|true")
	check(OpenAI, `{"model":"m","messages":[{"role":"system","content":null},{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]}`, "m||[{system } {user a\nb}]|0|false")
	check(Anthropic, `{`+hi+`,"max_tokens":9,"system":"be brief"}`, "m|be brief|[{user hi}]|9|false")
	check(Anthropic, `{`+hi+`,"max_tokens":9,"system":[{"type":"text","text":"be"}]}`, "m|be|[{user hi}]|9|false")
	check(Anthropic, `{`+hi+`}`, "max_tokens is missing")
	check(Ollama, `{`+hi+`}`, "m||[{user hi}]|0|true")
	check(Ollama, `{`+hi+`,"stream":false,"options":{"num_predict":3}}`, "m||[{user hi}]|3|false")
	check(Ollama, `{`+hi+`,"stream":false,"options":{"num_predict":-1}}`, "m||[{user hi}]|0|false")
	check(OpenAI, `{"messages":[{"role":"user","content":"hi"}]}`, "model is missing")
	check(OpenAI, `{"model":"m","messages":[]}`, "messages are missing")
	check(OpenAI, `{"model":"m","messages":[{"content":"hi"}]}`, "messages[0] has no role")
	check(OpenAI, `{`+hi+`,"max_tokens":-1}`, "max_tokens -1 is negative")
	check(OpenAI, `{`+hi+`}{}`, "the body is not a chat request: invalid character '{' after top-level value")
}

func TestTokensAreCharactersByFour(t *testing.T) {
	for s, want := range map[string]int{"": 0, "a": 1, "abcd": 1, "abcde": 2, "日本語で": 1, "日本語です": 2, "\xff\xfe": 1} {
		if got := Tokens(s); got != want {
			t.Errorf("%q: %d, want %d", s, got, want)
		}
	}
	for _, c := range []struct {
		s    string
		most int
		want string
		cut  bool
	}{{"abcdefgh", 0, "abcdefgh", false}, {"abcdefgh", 2, "abcdefgh", false}, {"abcdefghi", 2, "abcdefgh", true}, {"日本語です", 1, "日本語で", true}, {"abc", math.MaxInt, "abc", false}} {
		if got, cut := Cut(c.s, c.most); got != c.want || cut != c.cut {
			t.Errorf("%q to %d: %q %t", c.s, c.most, got, cut)
		}
	}
}

func FuzzParse(f *testing.F) {
	for i, body := range []string{
		`{"model":"m","messages":[{"role":"user","content":"A) x B) y in the form (X). Confidence: NN%"}],"stream":true,"stream_options":{"include_usage":true}}`,
		`{"model":"m","system":[{"text":"s"}],"max_tokens":3,"messages":[{"role":"user","content":[{"type":"text","text":"\ud800 \\boxed 12"}]}]}`,
		`{"model":"m","messages":[{"role":"user","content":"99999999999999999999"}],"options":{"num_predict":-2}}`,
		`{"model":"m","messages":[{"role":"user","content":7}]}`, `{"model":"m","messages":[{"role":"user","content":[[]]}]}`, `[]`, `null`, ``, `{"messages":null`,
	} {
		f.Add(uint8(i), []byte(body))
	}
	f.Fuzz(func(t *testing.T, which uint8, body []byte) {
		api := []API{OpenAI, Anthropic, Ollama}[which%3]
		r, err := Parse(api, body)
		if err != nil {
			if !json.Valid(Refusal(api, 400, "invalid_request", err.Error())) {
				t.Errorf("the refusal of %q is not JSON", body)
			}
			return
		}
		if r.Model == "" || len(r.Messages) == 0 || r.MaxTokens < 0 || r.PromptTokens() < 0 {
			t.Fatalf("%q is read as %+v", body, r)
		}
		c := Completion{Request: &r, Text: Answer(r)}
		if c.Text != Answer(r) || !utf8.ValidString(c.Text) {
			t.Errorf("%q is answered %q and otherwise", body, c.Text)
		}
		c.Text, c.Cut = Cut(c.Text, r.MaxTokens)
		if r.MaxTokens > 0 && Tokens(c.Text) > r.MaxTokens {
			t.Errorf("%q is longer than %d tokens", c.Text, r.MaxTokens)
		}
		if !json.Valid(c.Whole()) || len(c.Frames()) == 0 {
			t.Errorf("%q is answered with %s", body, c.Whole())
		}
	})
}

// TestLogprobsAreOfTheTokensOfTheText lays the tokens of a reply beside its text, whole and in the pieces of a stream.
func TestLogprobsAreOfTheTokensOfTheText(t *testing.T) {
	for _, api := range []API{OpenAI, Ollama, Anthropic} {
		r, err := Parse(api, []byte(`{"model":"m","max_tokens":90,"logprobs":true,"messages":[{"role":"user","content":"hi"}]}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Seed = 7
		c := Completion{Request: &r, Text: strings.Repeat("Grün – (B) ", 30)}
		// read returns the tokens' text and the log-probabilities of a body or an event.
		read := func(body []byte) (text string, logprobs []float64) {
			type token struct {
				Token   string
				Logprob float64
				Bytes   []int
			}
			var o struct {
				Logprobs []token
				Choices  []struct{ Logprobs struct{ Content []token } }
			}
			if err := json.Unmarshal(body, &o); err != nil {
				t.Fatalf("%s: %v", body, err)
			}
			tokens := o.Logprobs
			for _, choice := range o.Choices {
				tokens = append(tokens, choice.Logprobs.Content...)
			}
			for _, k := range tokens {
				var raw []byte
				for _, b := range k.Bytes {
					raw = append(raw, byte(b))
				}
				if string(raw) != k.Token || k.Logprob < math.Log(.5) || k.Logprob > 0 {
					t.Errorf("%s: token %+v", api, k)
				}
				text += k.Token
				logprobs = append(logprobs, k.Logprob)
			}
			return text, logprobs
		}
		want := c.Text
		if api == Anthropic {
			want = "" // it has none
		}
		text, whole := read(c.Whole())
		if text != want || len(whole) != Tokens(want) {
			t.Errorf("%s: %d tokens of %q, want %d of %q", api, len(whole), text, Tokens(want), want)
		}
		var said string
		var streamed []float64
		for _, frame := range c.Frames() {
			body := strings.TrimPrefix(strings.TrimSpace(string(frame)), "data: ")
			if !strings.HasPrefix(body, "{") {
				continue // Anthropic's, and the end
			}
			part, logprobs := read([]byte(body))
			said, streamed = said+part, append(streamed, logprobs...)
		}
		if said != want || fmt.Sprint(streamed) != fmt.Sprint(whole) {
			t.Errorf("%s: streamed %q %v, whole %v", api, said, streamed, whole)
		}
		r.logprobs = false
		if text, _ := read(c.Whole()); text != "" {
			t.Errorf("%s: not asked for %q", api, text)
		}
	}
}
