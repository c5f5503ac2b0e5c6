package agents

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"cheaptalk/debate"
	"cheaptalk/debate/extract"
)

// ConfidenceSource is a way to learn how sure a model is of an answer.
type ConfidenceSource string

const (
	// Stated is what the reply says of itself: see [extract.ReadConfidence].
	Stated ConfidenceSource = "stated"
	// Logprob is the mean probability of the tokens of the answer: of those that overlap the letter, the number or the words that
	// [extract.Span] finds. It is not stated where the server gives no log-probabilities, or none that can be laid beside the text.
	Logprob ConfidenceSource = "logprob"
	// Samples is the share of further samples of the same request whose answer is that of the reply: the agreement behind
	// self-consistency (Wang et al. 2022, arXiv 2203.11171). A sample that cannot be read disagrees; one that failed does not count.
	Samples ConfidenceSource = "samples"
)

// ConfidenceSources lists every source.
var ConfidenceSources = [...]ConfidenceSource{Stated, Logprob, Samples}

// DefaultSamples is how many further samples [Samples] takes when the agent names no number.
const DefaultSamples = 5

// measure fills in how sure the model is of its reply, from every source that the agent asks. It adds what that costs to the reply.
// An error means that the reply must not be used, because the debate is to end.
func (a *LLM) measure(ctx context.Context, q debate.Question, req Request, c Completion, r *debate.Reply) error {
	r.Sources.Stated = extract.ReadConfidence(r.Text)
	if slices.Contains(a.Confidence, Logprob) {
		r.Sources.Logprob = answerProbability(q, a.Rule, c)
	}
	if slices.Contains(a.Confidence, Samples) && r.Answer != "" {
		if err := a.sample(ctx, q, req, r); err != nil {
			return err
		}
	}
	r.Confidence = r.Sources.Stated
	if len(a.Confidence) > 0 {
		switch a.Confidence[0] {
		case Logprob:
			r.Confidence = r.Sources.Logprob
		case Samples:
			r.Confidence = r.Sources.Samples
		}
	}
	return nil
}

// sample asks again, all samples at the same time, and sets the share that agrees with the reply.
func (a *LLM) sample(ctx context.Context, q debate.Question, req Request, r *debate.Reply) error {
	samples := make([]Completion, cmp.Or(a.Samples, DefaultSamples))
	errs := make([]error, len(samples))
	var asked sync.WaitGroup
	for i := range samples {
		asked.Go(func() { samples[i], errs[i] = ask(ctx, a.Model, again(req, i+1)) })
	}
	asked.Wait()

	came, agree := 0, 0
	for i, c := range samples {
		if err := errs[i]; err != nil {
			if ctx.Err() != nil || errors.Is(err, debate.ErrStopped) {
				return err
			}
			continue
		}
		came++
		text, _ := SplitThinking(c.Text)
		if extract.Read(q, text).By(a.Rule) == r.Answer {
			agree++
		}
		r.Usage = r.Usage.Add(c.Usage)
		r.Exchanges = append(r.Exchanges, c.Exchange)
	}
	if came > 0 {
		r.Sources.Samples = debate.Sure(float64(agree) / float64(came))
	}
	return nil
}

// ask asks the model and turns a panic of it, which the room catches in an agent's own goroutine alone, into an error.
func ask(ctx context.Context, m Model, req Request) (c Completion, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return m.Complete(ctx, req)
}

// again returns the n-th further ask of a request, n from 1. A seed moves on with n: the same one would give the same sample.
func again(req Request, n int) Request {
	req.Again, req.Logprobs, req.Say = n, false, nil
	if req.Sampling.Seed != nil {
		seed := *req.Sampling.Seed + int64(n)
		req.Sampling.Seed = &seed
	}
	return req
}

// answerProbability returns the mean probability of the tokens of a completion that overlap its answer.
func answerProbability(q debate.Question, rule debate.Rule, c Completion) debate.Confidence {
	pieces, _ := splitThinking(c.Text)
	said, _ := SplitThinking(c.Text)
	start, end, ok := extract.Span(q, said, rule)
	if !ok {
		return debate.Confidence{}
	}
	tokens := tokensOf(c, inText(pieces, start), inText(pieces, end-1)+1)
	if len(tokens) == 0 {
		return debate.Confidence{}
	}
	sum := 0.0
	for _, t := range tokens {
		sum += math.Exp(t.Logprob)
	}
	return debate.Sure(sum / float64(len(tokens)))
}

// tokensOf returns the tokens that overlap text[start:end] of a completion, or none if the tokens are not those of the text.
//
// White space is left out of account, for servers trim it. Where the rest differs, plain ASCII must still agree: tokens may hold parts of
// characters, or a character of their own for a blank. Marks before and behind the text, and hidden thinking before it, are passed over.
func tokensOf(c Completion, start, end int) []Token {
	tokens, text := c.Tokens, strings.TrimSpace(c.Text)
	for len(tokens) > 0 {
		mark := strings.TrimSpace(tokens[len(tokens)-1].Text)
		if !strings.HasPrefix(mark, "<") || !strings.HasSuffix(mark, ">") || strings.HasSuffix(text, mark) {
			break
		}
		tokens = tokens[:len(tokens)-1] // "<|im_end|>"
	}
	for _, counts := range []func(b byte) bool{
		func(b byte) bool { return b > ' ' },
		func(b byte) bool { return b > ' ' && b < 0x7f },
	} {
		if found := overlap(tokens, c.Text, start, end, counts); len(found) > 0 {
			return found
		}
	}
	return nil
}

// overlap returns the tokens that hold the bytes of text[start:end] that count, or none if the bytes of the text that count do not stand
// together in the tokens. The text is the last thing in them.
func overlap(tokens []Token, text string, start, end int, counts func(b byte) bool) []Token {
	var made []byte // the bytes of the tokens that count
	var of []int    // the token of each
	for i, t := range tokens {
		for _, b := range []byte(t.Text) {
			if counts(b) {
				made, of = append(made, b), append(of, i)
			}
		}
	}
	var said []byte // the bytes of the text that count
	first, last := -1, -1
	for i := range len(text) {
		if !counts(text[i]) {
			continue
		}
		if start <= i && i < end {
			if first < 0 {
				first = len(said)
			}
			last = len(said)
		}
		said = append(said, text[i])
	}
	at := bytes.LastIndex(made, said)
	if at < 0 || first < 0 {
		return nil
	}
	return tokens[of[at+first] : of[at+last]+1]
}
