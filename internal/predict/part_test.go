package predict

import (
	"fmt"
	"maps"
	"slices"
	"testing"
)

func ids() []string {
	var list []string
	for _, set := range []string{"mmlu/astronomy", "gsm8k"} {
		for i := range 21 {
			list = append(list, fmt.Sprintf("%s/%d", set, i))
		}
	}
	return append(list, "gsm8k/3@2-agents", "gsm8k/3@3-agents", "gsm8k/4@2-agents")
}

func TestPartsShareNoQuestionAndLeaveNone(t *testing.T) {
	all := ids()
	seen := map[string]int{}
	for i := 1; i <= 3; i++ {
		of := Part{i, 3}.Of(all, 5)
		perSet := map[byte]int{}
		for id := range of {
			seen[id]++
			perSet[id[0]]++
		}
		if perSet['m'] != 7 || perSet['g'] < 7 {
			t.Errorf("part %d has %v of the sets", i, perSet)
		}
		for _, variants := range [][]string{{"gsm8k/3", "gsm8k/3@2-agents", "gsm8k/3@3-agents"}, {"gsm8k/4", "gsm8k/4@2-agents"}} {
			for _, v := range variants {
				if of[v] != of[variants[0]] {
					t.Errorf("part %d has one of %v alone", i, variants)
				}
			}
		}
	}
	for _, id := range all {
		if seen[id] != 1 {
			t.Errorf("%s is in %d parts", id, seen[id])
		}
	}
}

func TestPartsDependOnIDsAndSeedAlone(t *testing.T) {
	all := ids()
	of := Part{1, 2}.Of(all, 1)
	slices.Reverse(all)
	if again := (Part{1, 2}).Of(append(all, all...), 1); !maps.Equal(of, again) {
		t.Error("another order makes other parts")
	}
	if other := (Part{1, 2}).Of(all, 2); maps.Equal(of, other) {
		t.Error("another seed makes the same parts")
	}
	if whole := (Part{}).Of(all, 1); len(whole) != len(all) {
		t.Errorf("no part is %d of %d questions", len(whole), len(all))
	}
}

func TestPartIsReadAsWritten(t *testing.T) {
	for _, text := range []string{"", "1", "0/2", "3/2", "1/1", "a/b", "1/2/3", "-1/2"} {
		var p Part
		if err := p.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is read as %v", text, p)
		}
	}
	var p Part
	if err := p.UnmarshalText([]byte("2/3")); err != nil || p != (Part{2, 3}) || p.String() != "2/3" || (Part{}).String() != "" {
		t.Errorf("%v, %v", p, err)
	}
}
