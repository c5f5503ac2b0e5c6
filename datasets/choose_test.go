package datasets

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"cheaptalk/debate"
	"cheaptalk/internal/realdata"
)

// numbered returns n items of a set: set/0=1, set/1=2 and so on.
func numbered(set string, n int) []debate.Item {
	items := make([]debate.Item, n)
	for i := range items {
		items[i] = debate.Item{Question: debate.Question{ID: fmt.Sprintf("%s/%d", set, i), Text: "q", Kind: debate.Number}, Key: debate.Answer(fmt.Sprint(i + 1))}
	}
	return items
}

func idsOf(items []debate.Item) []string {
	var ids []string
	for _, item := range items {
		ids = append(ids, fmt.Sprintf("%d:%s", item.Draw, item.Question.ID))
	}
	return ids
}

func TestLimits(t *testing.T) {
	for text, want := range map[string]Limit{"20": {1, 20}, "10-20": {10, 20}, "1-1": {1, 1}, "5-5": {5, 5}} {
		var l Limit
		if err := l.UnmarshalText([]byte(text)); err != nil || l != want {
			t.Errorf("%s: %+v, %v", text, l, err)
		}
		var again Limit
		if b, err := l.MarshalText(); err != nil || again.UnmarshalText(b) != nil || again != l {
			t.Errorf("%s is written %s", text, b)
		}
	}
	for _, text := range []string{"", "0", "-5", "x", "20-10", "0-3", "3-", "1-2-3", "1.5"} {
		if err := new(Limit).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q is a limit", text)
		}
	}
	if s := (Limit{}).String(); s != "" {
		t.Errorf("the zero limit is written %q", s)
	}
}

func TestSelectionWithoutDrawsKeepsTheOrder(t *testing.T) {
	items := append(numbered("a", 5), numbered("b", 3)...)
	for _, c := range []struct {
		s    Selection
		want string
	}{
		{Selection{}, "0:a/0 0:a/1 0:a/2 0:a/3 0:a/4 0:b/0 0:b/1 0:b/2"},
		{Selection{Limit: Limit{1, 2}}, "0:a/0 0:a/1 0:b/0 0:b/1"},
		{Selection{Limit: Limit{1, 99}}, "0:a/0 0:a/1 0:a/2 0:a/3 0:a/4 0:b/0 0:b/1 0:b/2"},
		{Selection{Limit: Limit{2, 4}}, "0:a/1 0:a/2 0:a/3 0:b/1 0:b/2"},
		{Selection{IDs: []string{"b/1", "a/[12]"}}, "0:a/1 0:a/2 0:b/1"},
		{Selection{IDs: []string{"a/*"}, Limit: Limit{1, 1}}, "0:a/0"},
	} {
		got, err := c.s.Of(items)
		if err != nil || strings.Join(idsOf(got), " ") != c.want {
			t.Errorf("%+v: %v, %v, want %s", c.s, idsOf(got), err, c.want)
		}
	}
}

func TestSelectionRefusesWhatCannotBeMeant(t *testing.T) {
	items := numbered("a", 5)
	for _, c := range []struct {
		s    Selection
		want string
	}{
		{Selection{Limit: Limit{6, 9}}, "a has 5 questions: limit 6-9 leaves none"},
		{Selection{IDs: []string{"a/1", "a/5"}}, `no question has the ID "a/5"; those loaded go from "a/0" to "a/4"`},
		{Selection{IDs: []string{"a/["}}, `question ID "a/[": syntax error in pattern`},
		{Selection{Draws: 5}, "draws without a limit would all be the whole set: set a limit"},
		{Selection{Draws: 2, Limit: Limit{1, 5}}, "2 draws of 5 from the 5 questions of a would all be the whole set: set a smaller limit"},
		{Selection{Draws: 1, Limit: Limit{2, 3}}, "limit 2-3 is a range: a draw takes a number of questions"},
		{Selection{Draws: -1}, "-1 draws: want 0 or more"},
	} {
		if got, err := c.s.Of(items); err == nil || err.Error() != c.want {
			t.Errorf("%+v: %v, %v, want %s", c.s, idsOf(got), err, c.want)
		}
	}
}

func TestDrawsAreSeededSamplesOfEachSet(t *testing.T) {
	items := append(numbered("a", 50), numbered("b", 40)...)
	s := Selection{Limit: Limit{1, 10}, Draws: 5, Seed: 1}
	got, err := s.Of(items)
	if err != nil || len(got) != 100 {
		t.Fatalf("%d items, %v", len(got), err)
	}
	samples := map[string]bool{}
	for draw := range 5 {
		for half, set := range []string{"a", "b"} {
			part := got[draw*20+half*10:][:10]
			seen := map[string]bool{}
			for _, item := range part {
				if item.Draw != draw || item.Question.Set() != set || seen[item.Question.ID] {
					t.Errorf("draw %d of %s: %+v", draw, set, item)
				}
				seen[item.Question.ID] = true
			}
			samples[strings.Join(idsOf(part), " ")] = true
		}
	}
	if len(samples) != 10 {
		t.Errorf("%d different samples of 10", len(samples))
	}
	again, _ := s.Of(items)
	s.Seed = 2
	other, _ := s.Of(items)
	if !slices.Equal(idsOf(got), idsOf(again)) || slices.Equal(idsOf(got), idsOf(other)) {
		t.Error("the draws are not those of their seed")
	}
	alone, _ := Selection{Limit: Limit{1, 10}, Draws: 1, Seed: 1}.Of(items[50:])
	if !slices.Equal(idsOf(alone), idsOf(got[10:20])) {
		t.Error("the sample of one set depends on the others or on the number of draws")
	}
	for _, item := range items {
		if item.Draw != 0 {
			t.Fatal("the items that were given have changed")
		}
	}
}

func TestALargerSampleOnlyAdds(t *testing.T) {
	items := numbered("a", 30)
	all := idsOf(Sample(items, 99, 7))
	if len(all) != 30 || slices.Equal(all, idsOf(items)) {
		t.Fatalf("a sample of all is %v", all)
	}
	for n := range 31 {
		if got := idsOf(Sample(items, n, 7)); !slices.Equal(got, all[:n]) {
			t.Errorf("%d: %v is not the beginning of %v", n, got, all)
		}
	}
	if got := Sample(items, -1, 7); len(got) != 0 {
		t.Errorf("a negative sample: %v", got)
	}
}

// TestSampleIsFair draws 3 of 6 many times: every question is in half of the samples. 4,000 samples have a standard
// error of 0.8 points; the seeds are fixed, so the test does not flicker.
func TestSampleIsFair(t *testing.T) {
	const samples = 4000
	count := map[string]int{}
	for seed := range uint64(samples) {
		for _, id := range idsOf(Sample(numbered("a", 6), 3, seed)) {
			count[id]++
		}
	}
	for id, n := range count {
		if share := float64(n) / samples; share < 0.47 || share > 0.53 {
			t.Errorf("%s is in %.3f of the samples", id, share)
		}
	}
}

// TestSameSeedSameBytes pins the chance of this package: a change here changes every seeded experiment.
func TestSameSeedSameBytes(t *testing.T) {
	got, err := Selection{Limit: Limit{1, 5}, Draws: 2, Seed: 1}.Of(numbered("a", 100))
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	fmt.Fprintln(&b, strings.Join(idsOf(got), " "))
	for i := range 4 {
		item := ShuffleChoices(choiceItem(fmt.Sprint("s/", i), "A", "u", "v", "w", "x", "y"), 1)
		fmt.Fprintln(&b, item.Question.ID, item.Question.Choices, item.Key)
	}
	golden(t, "chance.txt", b.String())
}

func choiceItem(id string, key debate.Answer, choices ...string) debate.Item {
	return debate.Item{Question: debate.Question{ID: id, Text: "q", Choices: choices}, Key: key}
}

func TestShufflingMovesTheKeyByIndex(t *testing.T) {
	where := map[debate.Answer]int{}
	for seed := range uint64(400) {
		item := choiceItem("s/1", "B", "same", "same", "other", "more")
		got := ShuffleChoices(item, seed)
		if got.Question.Choices[got.Question.ChoiceIndex(got.Key)] != "same" {
			t.Fatalf("seed %d: key %s of %q", seed, got.Key, got.Question.Choices)
		}
		if !slices.Equal(item.Question.Choices, []string{"same", "same", "other", "more"}) {
			t.Fatal("the item that was given has changed")
		}
		if slices.Sort(got.Question.Choices); !slices.Equal(got.Question.Choices, []string{"more", "other", "same", "same"}) {
			t.Fatalf("seed %d: choices %q", seed, got.Question.Choices)
		}
		where[got.Key]++
	}
	// Of two identical choices the key is the second: by index it lands on each letter a quarter of the time,
	// with a standard error of 2.2 points. Mapped by text it would never be the later one.
	for _, letter := range []debate.Answer{"A", "B", "C", "D"} {
		if n := where[letter]; n < 70 || n > 130 {
			t.Errorf("the key lands on %s %d times of 400", letter, n)
		}
	}
}

func TestShufflingDependsOnSeedAndIDAlone(t *testing.T) {
	a, b := choiceItem("s/1", "A", "u", "v", "w", "x", "y", "z"), choiceItem("s/2", "A", "u", "v", "w", "x", "y", "z")
	drawn := a
	drawn.Draw = 3
	show := func(item debate.Item) string { return fmt.Sprint(item.Question.Choices, item.Key) }
	if show(ShuffleChoices(a, 1)) != show(ShuffleChoices(drawn, 1)) {
		t.Error("the draw changes the order")
	}
	if show(ShuffleChoices(a, 1)) == show(ShuffleChoices(b, 1)) || show(ShuffleChoices(a, 1)) == show(ShuffleChoices(a, 2)) {
		t.Error("another question or seed has the same order")
	}
}

func TestChoicesThatReferToOthersStay(t *testing.T) {
	for _, last := range []string{"All of the above", "none of these", "Both A and B", "A and C only", "(A) and (C)", "either A or B.", "All the above.",
		"All of the options given are correct", "Both of these", "Neither of the statements are correct; see the above", "Any 2 of the above values", "all of the below"} {
		item := choiceItem("s/1", "D", "u", "v", "w", last)
		for seed := range uint64(20) {
			if got := ShuffleChoices(item, seed); got.Key != "D" || !slices.Equal(got.Question.Choices, item.Question.Choices) {
				t.Errorf("%q: shuffled to %q", last, got.Question.Choices)
				break
			}
		}
	}
	for _, last := range []string{"vitamin A", "It rises above 3 °C", "All cells", "I and II", "Neither statement", "both sexes"} {
		moved := false
		for seed := range uint64(20) {
			moved = moved || ShuffleChoices(choiceItem("s/1", "D", "u", "v", "w", last), seed).Key != "D"
		}
		if !moved {
			t.Errorf("%q holds its question in place", last)
		}
	}
	if number := numbered("a", 1)[0]; fmt.Sprint(ShuffleChoices(number, 1)) != fmt.Sprint(number) {
		t.Error("a number is shuffled")
	}
}

func TestLoadShuffles(t *testing.T) {
	want := mustLoad(t, "sample-choices", Options{})
	for i, item := range want {
		want[i] = ShuffleChoices(item, 3)
	}
	if got := mustLoad(t, "sample-choices", Options{ShuffleChoices: true, Seed: 3}); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Error("Load does not shuffle as ShuffleChoices does")
	}
}

// TestRealKeysStayRight also holds the numbers in docs/DATASETS.md of questions that are not shuffled.
func TestRealKeysStayRight(t *testing.T) {
	dir := realdata.Path(t)
	for name, want := range map[string]int{"mmlu": 666, "csqa": 0} {
		stay := 0
		for _, item := range mustLoad(t, name, Options{Dir: dir}) {
			p, shuffled := item.Question, ShuffleChoices(item, 3)
			if s := shuffled.Question; p.Choices[p.ChoiceIndex(item.Key)] != s.Choices[s.ChoiceIndex(shuffled.Key)] {
				t.Fatalf("%s: another key", p.ID)
			}
			if slices.ContainsFunc(p.Choices, referring.MatchString) {
				stay++
			}
		}
		if stay != want {
			t.Errorf("%s: %d questions stay as they are, want %d", name, stay, want)
		}
	}
}
