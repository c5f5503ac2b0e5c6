package main

import (
	"fmt"

	"cheaptalk/internal/mockllm"
)

// mockCmd is "cheaptalk mock".
type mockCmd struct {
	Address           string                    `default:"127.0.0.1:8099" help:"Where to listen, on this machine alone; port 0 takes a free one."`
	Seed              uint64                    `default:"1" help:"Where replies, latencies and faults come from."`
	Latency           string                    `placeholder:"50ms" help:"How long a reply takes: 50ms, uniform:10ms-90ms, exp:50ms or lognormal:50ms,0.5 (median and sigma)."`
	Capacity          int                       `placeholder:"N" help:"Requests served at once; others wait."`
	Queue             int                       `placeholder:"N" help:"Requests that may wait, -1 for none; one more gets a 503."`
	RequestsPerMinute int                       `placeholder:"N" help:"Requests beyond this rate get a 429."`
	TokensPerMinute   int                       `placeholder:"N" help:"The same for tokens, of four characters each."`
	Context           int                       `placeholder:"N" help:"Prompts longer than so many tokens get a 400."`
	Fault             map[mockllm.Fault]float64 `placeholder:"NAME=RATE" help:"How often something goes wrong, from 0 to 1; as often as you like: 429, 500, 502, 503, context-length, error-200, hang, reset, cut, drip, duplicate, bad-json, bad-utf8, no-choices, empty, controls, huge."`
}

// Run serves until it is interrupted and prints what it was asked.
func (c *mockCmd) Run(e *env) error {
	latency, err := mockllm.ParseLatency(c.Latency)
	if err != nil {
		return usage(fmt.Errorf("--latency: %w", err))
	}
	config := mockllm.Config{
		Address: c.Address, Seed: c.Seed, Latency: latency, Capacity: c.Capacity, Queue: c.Queue,
		RequestsPerMinute: c.RequestsPerMinute, TokensPerMinute: c.TokensPerMinute, Context: c.Context, Faults: c.Fault,
	}
	server, err := mockllm.Start(config)
	if err != nil {
		return usage(err)
	}
	url := server.URL()
	fmt.Fprintf(e.stdout, "A mock of OpenAI's and Anthropic's API at %s/v1 and of Ollama's at %s, for any model, until interrupted.\n", url, url)
	fmt.Fprintf(e.stdout, "  cheaptalk run --team a@%s/v1,b@%s/v1,c@%s/v1\n", url, url, url)
	fmt.Fprintf(e.stdout, "  curl %s/mock/stats\n", url)
	<-e.ctx.Done()
	err = server.Close()
	fmt.Fprint(e.stdout, server.Stats())
	return err
}
