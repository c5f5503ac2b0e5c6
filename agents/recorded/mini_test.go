package recorded_test

import (
	"path/filepath"
	"testing"

	"cheaptalk/agents/recorded"
	"cheaptalk/debate"
	"cheaptalk/internal/race"
	"cheaptalk/internal/realdata"
)

func mini(t *testing.T) *recorded.Recording {
	t.Helper()
	return open(t, filepath.Join(realdata.Repository(t), "examples", "recorded", "dylan-mini.jsonl"))
}

func TestShippedDebatesShowWhatTheyWereChosenFor(t *testing.T) {
	rec := mini(t)
	if len(rec.Items) != 12 || rec.Licence != "MIT" || rec.Source != "SALT-NLP/DyLAN" || len(rec.Skipped) > 0 {
		t.Fatalf("%d items of %s under %s, left out: %v", len(rec.Items), rec.Source, rec.Licence, rec.Skipped)
	}
	questions := map[string]bool{}
	var fates debate.Matrix
	for _, item := range rec.Items {
		question, _ := debate.Variant(item.Question.ID)
		questions[question] = true
		tr := replay(t, rec, item)
		if tr.LastRound() < 1 {
			t.Errorf("%s has one round", item.Question.ID)
		}
		for _, transition := range debate.Transitions(tr, item.Key) {
			fates.Add(transition)
		}
	}
	if len(questions) != 11 {
		t.Errorf("%d questions, want 11: one of them is debated by two teams", len(questions))
	}
	for _, fate := range debate.Fates {
		t.Logf("%2d %s", fates.Of(fate), fate)
		if fates.Of(fate) == 0 {
			t.Errorf("no agent %s", fate)
		}
	}
}

func TestShippedDebatesAreTheRealOnes(t *testing.T) {
	race.SkipPure(t)
	t.Parallel()
	real := openReal(t, dylanFile)
	items := map[string]debate.Item{}
	for _, item := range real.Items {
		items[item.Question.ID] = item
	}
	rec := mini(t)
	for _, item := range rec.Items {
		check(t, item.Question.ID, item, items[item.Question.ID])
		check(t, item.Question.ID, replay(t, rec, item), replay(t, real, items[item.Question.ID]))
	}
}
