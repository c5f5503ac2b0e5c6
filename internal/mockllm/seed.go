package mockllm

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
)

// hash makes a seed of a seed and names: the first bytes of a SHA-256, in which each name has its length before it.
func hash(seed uint64, names ...string) uint64 {
	b := binary.LittleEndian.AppendUint64(nil, seed)
	for _, name := range names {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(name)))
		b = append(b, name...)
	}
	sum := sha256.Sum256(b)
	return binary.LittleEndian.Uint64(sum[:])
}

// newRand returns a generator for one purpose.
func newRand(seed uint64, names ...string) *rand.Rand {
	s := hash(seed, names...)
	return rand.New(rand.NewPCG(s, s^0x9e3779b97f4a7c15))
}
