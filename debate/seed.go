package debate

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"strconv"
)

// DeriveSeed returns a seed that depends on a parent seed and a list of names and on nothing else.
// Distinct lists give unrelated seeds (SHA-256 of the length-prefixed names).
func DeriveSeed(seed uint64, names ...string) uint64 {
	b := binary.LittleEndian.AppendUint64(make([]byte, 0, 128), seed)
	for _, name := range names {
		b = binary.LittleEndian.AppendUint32(b, uint32(len(name)))
		b = append(b, name...)
	}
	sum := sha256.Sum256(b)
	return binary.LittleEndian.Uint64(sum[:])
}

// Seed returns the seed of a case under an experiment's seed. The arm is left out on purpose: all arms meet the same
// luck on the same question (common random numbers), so that they differ by what they do alone.
func (c Case) Seed(experiment uint64) uint64 {
	return DeriveSeed(experiment, c.Item, strconv.Itoa(c.Draw), strconv.Itoa(c.Repeat))
}

// NewRand returns a generator for one owner, seeded by [DeriveSeed].
func NewRand(seed uint64, names ...string) *rand.Rand {
	var source rand.PCG
	Reseed(&source, seed, names...)
	return rand.New(&source)
}

// Reseed sets a source to the state in which [NewRand] begins. It saves an owner of many generators the making of new ones.
func Reseed(source *rand.PCG, seed uint64, names ...string) {
	s := DeriveSeed(seed, names...)
	source.Seed(s, s^0x9e3779b97f4a7c15)
}
