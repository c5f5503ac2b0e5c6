package chat

import (
	"math"
	"math/rand/v2"
)

// Logprob is a token with its log-probability, as OpenAI and Ollama write it.
type Logprob struct {
	Token   string     `json:"token"`
	Logprob float64    `json:"logprob"`
	Bytes   []int      `json:"bytes"`
	Top     []struct{} `json:"top_logprobs"` // no other tokens are named
}

// logprobsLimit is the longest text that has log-probabilities, in bytes: they take thirty times its room.
const logprobsLimit = 1 << 20

// Logprobs returns the tokens of the text, of four characters each, when they were asked for. Their probabilities lie evenly between a half
// and one and come from the seed of the request, so that they say nothing about the answer, as the answer says nothing about the question.
func (c *Completion) Logprobs() []Logprob {
	if !c.Request.logprobs || len(c.Text) > logprobsLimit {
		return nil
	}
	rnd := rand.New(rand.NewPCG(c.Seed, c.Seed^0xd1342543de82ef95))
	tokens := []Logprob{} // an empty text has an empty list
	for rest := c.Text; rest != ""; {
		token, _ := Cut(rest, 1)
		rest = rest[len(token):]
		t := Logprob{Token: token, Logprob: math.Log(1 - rnd.Float64()/2), Top: []struct{}{}}
		for _, b := range []byte(token) {
			t.Bytes = append(t.Bytes, int(b))
		}
		tokens = append(tokens, t)
	}
	return tokens
}

// spread lays tokens beside the pieces of the text that they make up: each beside the piece in which it ends. It is nil without tokens.
func spread(tokens []Logprob, pieces []string) [][]Logprob {
	if tokens == nil {
		return nil
	}
	beside := make([][]Logprob, len(pieces))
	end, said := 0, 0
	for i, piece := range pieces {
		end += len(piece)
		beside[i] = []Logprob{}
		for len(tokens) > 0 && said+len(tokens[0].Token) <= end {
			said += len(tokens[0].Token)
			beside[i], tokens = append(beside[i], tokens[0]), tokens[1:]
		}
	}
	return beside
}
