package debate_test

import (
	"fmt"
	"testing"

	"cheaptalk/debate"
)

// Seeds are part of every result: a change of these values makes all earlier experiments unrepeatable. They are the first
// 8 bytes, little-endian, of the SHA-256 of the parent seed (8 bytes, little-endian) and of each name behind its length
// (4 bytes, little-endian), computed with Python's hashlib.
func TestSeedsNeverChange(t *testing.T) {
	for _, tt := range []struct {
		seed  uint64
		names []string
		want  uint64
	}{
		{0, nil, 0x7a0b81a1f57055af},
		{1, []string{"a"}, 0xe5b0fd2aef40cdf8},
		{1, []string{"a", "b"}, 0x8a902ba57f2cd559},
		{1, []string{"ab", ""}, 0x48a3b35e5434cd64},
		{1<<64 - 1, []string{"gsm8k/17", "0", "0"}, 0x4352164e91202902},
	} {
		if got := debate.DeriveSeed(tt.seed, tt.names...); got != tt.want {
			t.Errorf("DeriveSeed(%d, %q) = %#x, want %#x", tt.seed, tt.names, got, tt.want)
		}
	}
	c := debate.Case{Arm: "naive", Item: "gsm8k/17", Draw: 2, Repeat: 1}
	if got, want := c.Seed(42), uint64(0x7e1969f59dede1c2); got != want {
		t.Errorf("the seed of %s is %#x, want %#x", c, got, want)
	}
	// math/rand/v2 promises that PCG gives the same numbers in every Go release.
	if got, want := debate.NewRand(42, "alice").Uint64(), uint64(0x3d0511e9a39fae70); got != want {
		t.Errorf("the first number of alice is %#x, want %#x", got, want)
	}
}

func TestSeedLeavesTheArmOut(t *testing.T) {
	a := debate.Case{Arm: "vote", Item: "gsm8k/17", Draw: 1, Repeat: 2}
	b := a
	b.Arm = "debate"
	if a.Seed(7) != b.Seed(7) {
		t.Error("two arms meet different luck on the same question")
	}
}

func TestSeedsAreDistinct(t *testing.T) {
	seen := map[uint64]string{}
	for _, experiment := range []uint64{0, 1} {
		for item := range 50 {
			for draw := range 12 {
				for repeat := range 12 {
					c := debate.Case{Item: fmt.Sprintf("set/%d", item), Draw: draw, Repeat: repeat}
					name := fmt.Sprint(experiment, c)
					if other, ok := seen[c.Seed(experiment)]; ok {
						t.Fatalf("%s and %s have the same seed", name, other)
					}
					seen[c.Seed(experiment)] = name
				}
			}
		}
	}
}
