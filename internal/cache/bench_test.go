package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
	"testing"
)

// keyOf returns the key of entry number i.
func keyOf(i int) string {
	sum := sha256.Sum256(fmt.Append(nil, i))
	return hex.EncodeToString(sum[:])
}

// completion returns an answer as a server of OpenAI's API writes it, with about so many words of text. The same i gives the same one.
func completion(i, words int) []byte {
	rng := rand.New(rand.NewPCG(1, uint64(i)))
	vocabulary := strings.Fields("the air scatters short waves of light more than long ones so that from everywhere but the Sun blue reaches the eye " +
		"while another view holds that water mirrors its colour which does not explain deserts and therefore we conclude")
	var text strings.Builder
	for range words {
		text.WriteString(vocabulary[rng.IntN(len(vocabulary))] + " ")
	}
	body, err := json.Marshal(map[string]any{
		"id": fmt.Sprintf("chatcmpl-%x", rng.Uint64()), "object": "chat.completion", "created": 1700000000 + i, "model": "qwen2.5-coder-0.5b",
		"choices": []any{map[string]any{"index": 0, "finish_reason": "stop", "message": map[string]any{"role": "assistant", "content": text.String()}}},
		"usage":   map[string]any{"prompt_tokens": rng.IntN(500), "completion_tokens": words, "total_tokens": 500 + words},
	})
	if err != nil {
		panic(err)
	}
	return body
}

// BenchmarkPut puts answers of 120 words, one after the other and from 64 goroutines.
func BenchmarkPut(b *testing.B) {
	bodies := make([][]byte, 1000)
	for i := range bodies {
		bodies[i] = completion(i, 120)
	}
	for _, goroutines := range []int{1, 64} {
		b.Run(fmt.Sprintf("goroutines=%d", goroutines), func(b *testing.B) {
			c, err := Open(filepath.Join(b.TempDir(), "completions.db"))
			if err != nil {
				b.Fatal(err)
			}
			defer c.Close()
			keys := make(chan int)
			go func() {
				for i := range b.N {
					keys <- i
				}
				close(keys)
			}()
			b.ReportAllocs()
			b.ResetTimer()
			done := make(chan error)
			for range goroutines {
				go func() {
					var err error
					for i := range keys {
						if err == nil {
							err = c.Put(keyOf(i), bodies[i%len(bodies)])
						}
					}
					done <- err
				}()
			}
			for range goroutines {
				if err := <-done; err != nil {
					b.Error(err)
				}
			}
		})
	}
}

// BenchmarkGet gets answers of 120 words out of 20,000.
func BenchmarkGet(b *testing.B) {
	c, err := Open(filepath.Join(b.TempDir(), "completions.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	const entries = 20_000
	for i := range entries {
		if err := c.Put(keyOf(i), completion(i, 120)); err != nil {
			b.Fatal(err)
		}
	}
	for _, found := range []bool{true, false} {
		b.Run(fmt.Sprintf("found=%t", found), func(b *testing.B) {
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				n := i * 7919 % entries
				if !found {
					n += entries
				}
				if _, ok, err := c.Get(keyOf(n)); ok != found || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
	}
}
