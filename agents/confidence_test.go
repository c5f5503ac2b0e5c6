package agents

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"cheaptalk/debate"
)

// tokens makes tokens of texts, each with its own probability: "B|0.5" is one.
func tokens(t *testing.T, written ...string) []Token {
	t.Helper()
	var all []Token
	for _, w := range written {
		text, p, ok := strings.Cut(w, "|0.")
		tok := Token{Text: text, Logprob: math.Log(1)}
		if ok {
			var n float64
			if _, err := fmt.Sscanf("0."+p, "%g", &n); err != nil {
				t.Fatal(err)
			}
			tok.Logprob = math.Log(n)
		}
		all = append(all, tok)
	}
	return all
}

func TestLogprobIsTheMeanProbabilityOfTheTokensOfTheAnswer(t *testing.T) {
	for _, c := range []struct {
		name string
		q    debate.Question
		text string
		made []Token
		want string // "–" when it is not stated
	}{
		{"one token", sky, "It is (B).", tokens(t, "It", " is", " (", "B|0.5", ").|0.1"), ".50"},
		{"a token that reaches beyond the answer", sky, "It is (B).", tokens(t, "It", " is", " (B).|0.25"), ".25"},
		{"a number of several tokens", apples, "So 3 + 4, the answer is 1,024.", tokens(t, "So 3|0.1", " + 4, the answer is", " 1|0.5", ",|0.75", "024|0.25", "."), ".50"},
		{"the answer in words", sky, "The answer is scattering.", tokens(t, "The answer is|0.1", " scat|0.5", "tering|0.7", "."), ".60"},
		{"tokens before and behind the text", sky, "(B)", tokens(t, "<s>|0.1", "(A)?|0.1", "</think>", "\n\n", "(|0.1", "B|0.8", ")", "<|im_end|>|0.1", "</s>|0.1"), ".80"},
		{"an end mark that has the letter", sky, "B", tokens(t, "B|0.8", "<|END_OF_TURN|>|0.1", "<B>|0.1"), ".80"},
		{"thinking in the text", sky, "<think>(B), I think.</think>\n (B) ", tokens(t, "<think>(|0.1", "B|0.1", "), I think.</think>", "\n (", "B|0.9", ") "), ".90"},
		{"text around thinking", sky, "It is<think>hm (A)</think> (B)", tokens(t, "It is", "<think>hm (A)</think>", " (", "B|0.7", ")"), ".70"},
		{"blanks as marks", sky, "It is (B)", tokens(t, "ĠIt", "Ġis", "Ġ(", "B|0.6", ")"), ".60"},
		{"a character in pieces", sky, "Voilà: (B)", tokens(t, "Voil\xc3", "\xa0: (", "B|0.6", ")"), ".60"},
		{"a character in unreadable pieces", sky, "Voilà: (B)", tokens(t, "Voil\ufffd", "\ufffd: (", "B|0.6", ")"), ".60"},
		{"an answer beyond ASCII", capital, "Answer: 北京", tokens(t, "Answer:", " \xe5\x8c|0.5", "\x97|0.5", "京|0.8"), ".60"},
		{"an answer beyond ASCII in unreadable pieces", capital, "Answer: 北京", tokens(t, "Answer:", " \ufffd|0.5", "\ufffd|0.5", "京|0.8"), "–"},
		{"tokens of another text", sky, "It is (B).", tokens(t, "It", " was", " (", "B|0.5", ")."), "–"},
		{"no tokens", sky, "It is (B).", nil, "–"},
		{"no answer", sky, "No idea.", tokens(t, "No", " idea."), "–"},
		{"an empty reply", sky, "", tokens(t, "<|im_end|>"), "–"},
		{"no number at all", sky, "(B)", []Token{{"(", 0}, {"B", math.NaN()}, {")", 0}}, "–"},
		{"an impossible token", sky, "(B)", []Token{{"(", 0}, {"B", math.Inf(-1)}, {")", 0}}, ".00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := capture{reply: Completion{Text: c.text, Tokens: c.made}}
			a := LLM{Model: &m, Prompts: mustPrompts(t, CheapTalk), Confidence: []ConfidenceSource{Logprob}}
			r, err := a.Reply(t.Context(), debate.Turn{Question: c.q})
			if err != nil {
				t.Fatal(err)
			}
			if !m.req.Logprobs {
				t.Error("the request asks for no log-probabilities")
			}
			if got := r.Sources.Logprob.String(); got != c.want || r.Confidence != r.Sources.Logprob {
				t.Errorf("logprob %s, want %s; confidence %s", got, c.want, r.Confidence)
			}
		})
	}
}

// drawn is a model whose n-th further answer is fixed. It is safe for concurrent use.
type drawn struct {
	mu      sync.Mutex
	asked   map[int]Request
	answers []any // a text or an error
}

func (*drawn) Name() string { return "drawn" }

func (d *drawn) Complete(_ context.Context, req Request) (Completion, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.asked == nil {
		d.asked = map[int]Request{}
	}
	d.asked[req.Again] = req
	if err, ok := d.answers[req.Again].(error); ok {
		return Completion{}, err
	}
	text := d.answers[req.Again].(string)
	return Completion{Text: text, Usage: debate.Usage{Calls: 1, CompletionTokens: req.Again},
		Exchange: debate.Exchange{Served: fmt.Sprint(req.Again)}}, nil
}

func TestSamplesIsTheShareThatAgrees(t *testing.T) {
	failed := &StatusError{Status: 500}
	for _, c := range []struct {
		name    string
		rule    debate.Rule
		answers []any
		want    string
		calls   int
	}{
		{"three of five", debate.Flexible, []any{"(B)", "(B)", "I say (B)", "(A)", "the answer is B", "no idea"}, ".60", 6},
		{"under the strict rule", debate.Strict, []any{"(B)", "(B)", "I say (B)", "(A)", "the answer is B, is it not?", "no idea"}, ".40", 6},
		{"hidden thinking is not the answer", debate.Flexible, []any{"(B)", "<think>(B)</think>(A)"}, ".00", 2},
		{"a failed sample does not count", debate.Flexible, []any{"(B)", "(B)", failed, "(A)", failed}, ".50", 3},
		{"none came", debate.Flexible, []any{"(B)", failed, failed}, "–", 1},
		{"no answer to agree with", debate.Flexible, []any{"no idea", "(B)"}, "–", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := drawn{answers: c.answers}
			a := LLM{Model: &m, Prompts: mustPrompts(t, CheapTalk), Rule: c.rule, Confidence: []ConfidenceSource{Samples, Stated}, Samples: len(c.answers) - 1}
			r, err := a.Reply(t.Context(), debate.Turn{Question: sky})
			if err != nil {
				t.Fatal(err)
			}
			if r.Sources.Samples.String() != c.want || r.Confidence != r.Sources.Samples || r.Usage.Calls != c.calls || len(r.Exchanges) != c.calls {
				t.Errorf("samples %v (want %s), confidence %v, %d calls, %d exchanges", r.Sources.Samples, c.want, r.Confidence, r.Usage.Calls, len(r.Exchanges))
			}
			if r.Text != c.answers[0] {
				t.Errorf("the reply is %q", r.Text)
			}
		})
	}
}

func TestSamplesAreTheSameRequestAgain(t *testing.T) {
	seed := int64(7)
	m := drawn{answers: []any{"(B)", "(B)", "(B)", "(B)", "(A)", "(B)"}}
	a := LLM{Model: &m, Prompts: mustPrompts(t, CheapTalk), Confidence: []ConfidenceSource{Stated, Logprob, Samples},
		Sampling: Sampling{Seed: &seed}, Scope: "s", Sample: 2, Stream: true}
	r, err := a.Reply(t.Context(), debate.Turn{Question: sky, Round: 1, Say: func(string) {}})
	if err != nil {
		t.Fatal(err)
	}
	if len(m.asked) != 1+DefaultSamples {
		t.Fatalf("%d asks", len(m.asked))
	}
	for n, req := range m.asked {
		if req.Again != n || *req.Sampling.Seed != seed+int64(n) || (req.Say != nil) != (n == 0) || req.Logprobs != (n == 0) ||
			req.Scope != "s" || req.Sample != 2 || req.Round != 1 || show(req) != show(m.asked[0]) {
			t.Errorf("ask %d: %+v", n, req)
		}
		if r.Exchanges[n].Served != fmt.Sprint(n) {
			t.Errorf("exchange %d is %+v", n, r.Exchanges[n])
		}
	}
	if r.Usage.CompletionTokens != 1+2+3+4+5 || r.Confidence.Stated || r.Sources.Samples != debate.Sure(.8) {
		t.Errorf("%+v", r)
	}
}

func TestSourcesStandSideBySide(t *testing.T) {
	m := capture{reply: Completion{Text: "(B)\nConfidence: 70%", Tokens: tokens(t, "(", "B|0.9", ")\nConfidence: 70%")}}
	for _, c := range []struct {
		ask  []ConfidenceSource
		want debate.Confidence
		all  debate.Sources
	}{
		{nil, debate.Sure(.7), debate.Sources{Stated: debate.Sure(.7)}},
		{[]ConfidenceSource{Stated, Logprob}, debate.Sure(.7), debate.Sources{Stated: debate.Sure(.7), Logprob: debate.Sure(.9)}},
		{[]ConfidenceSource{Logprob}, debate.Sure(.9), debate.Sources{Stated: debate.Sure(.7), Logprob: debate.Sure(.9)}},
		{[]ConfidenceSource{Samples, Logprob}, debate.Sure(1), debate.Sources{Stated: debate.Sure(.7), Logprob: debate.Sure(.9), Samples: debate.Sure(1)}},
	} {
		locked := ModelFunc(func(context.Context, Request) (Completion, error) { return m.reply, nil })
		a := LLM{Model: locked, Prompts: mustPrompts(t, CheapTalk), Confidence: c.ask}
		r, err := a.Reply(t.Context(), debate.Turn{Question: sky})
		if err != nil {
			t.Fatal(err)
		}
		same := func(a, b debate.Confidence) bool { return a.Stated == b.Stated && math.Abs(a.Value-b.Value) < 1e-12 }
		if !same(r.Confidence, c.want) || !same(r.Sources.Stated, c.all.Stated) || !same(r.Sources.Logprob, c.all.Logprob) || !same(r.Sources.Samples, c.all.Samples) {
			t.Errorf("%v: %v of %+v", c.ask, r.Confidence, r.Sources)
		}
	}
}

func TestASampleThatMayNotBeAskedEndsTheTurn(t *testing.T) {
	stop := fmt.Errorf("the budget is spent: %w", debate.ErrStopped)
	a := LLM{Model: &drawn{answers: []any{"(B)", "(B)", stop}}, Prompts: mustPrompts(t, CheapTalk), Confidence: []ConfidenceSource{Samples}, Samples: 2}
	if _, err := a.Reply(t.Context(), debate.Turn{Question: sky}); !errors.Is(err, debate.ErrStopped) {
		t.Errorf("got %v", err)
	}
}

func TestSamplesAreAskedAtTheSameTimeAndEndWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := ModelFunc(func(ctx context.Context, req Request) (Completion, error) {
			select {
			case <-time.After(time.Minute):
				return Completion{Text: "(B)"}, nil
			case <-ctx.Done():
				return Completion{}, ctx.Err()
			}
		})
		a := LLM{Model: slow, Prompts: mustPrompts(t, CheapTalk), Confidence: []ConfidenceSource{Samples}, Samples: 40}
		began := time.Now()
		if _, err := a.Reply(t.Context(), debate.Turn{Question: sky}); err != nil || time.Since(began) != 2*time.Minute {
			t.Errorf("took %v, %v", time.Since(began), err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
		defer cancel()
		if _, err := a.Reply(ctx, debate.Turn{Question: sky}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func FuzzTokensNeedNotBeThoseOfTheText(f *testing.F) {
	f.Add("The answer is (B).", "The answer", " is (B).")
	f.Add("<think>a</think> é (B)", "<think>a</think> \xc3", "\xa9 (B)</s>")
	f.Fuzz(func(t *testing.T, text, first, second string) {
		c := Completion{Text: text, Tokens: []Token{{first, -1}, {second, -2}}}
		for _, q := range []debate.Question{sky, apples, capital} {
			got := answerProbability(q, debate.Flexible, c)
			if got.Stated && (got.Value < math.Exp(-2)-1e-9 || got.Value > math.Exp(-1)+1e-9) {
				t.Errorf("%v", got)
			}
		}
	})
}

func TestAPanicOfTheModelInASampleIsASampleThatFailed(t *testing.T) {
	m := ModelFunc(func(_ context.Context, req Request) (Completion, error) {
		if req.Again == 1 {
			panic("an answer that nobody foresaw")
		}
		return Completion{Text: "(B)"}, nil
	})
	a := LLM{Model: m, Prompts: mustPrompts(t, CheapTalk), Confidence: []ConfidenceSource{Samples}, Samples: 2}
	r, err := a.Reply(t.Context(), debate.Turn{Question: sky})
	if err != nil || r.Confidence != debate.Sure(1) || len(r.Exchanges) != 2 {
		t.Errorf("%v, confidence %v of %d calls", err, r.Confidence, len(r.Exchanges))
	}
}
