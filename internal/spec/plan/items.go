package plan

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cheaptalk/agents/recorded"
	"cheaptalk/datasets"
	"cheaptalk/debate"
	"cheaptalk/internal/spec"
)

// readItems loads the questions of every data set and recording.
func (b *builder) readItems() error {
	s := b.spec
	for i, d := range s.Datasets {
		items, err := b.load(d, i)
		if err != nil {
			return err
		}
		limit, err := s.LimitOf(d)
		if err != nil {
			return err
		}
		selection := datasets.Selection{IDs: d.SampleIDs, Limit: limit, Draws: s.Draws, Seed: s.Seed}
		if items, err = selection.Of(items); err != nil {
			return s.At(err.Error(), "", "datasets", i)
		}
		if err := b.distinct(items, i); err != nil {
			return err
		}
		b.items = append(b.items, items...)
	}
	// Draw by draw, so that an interrupted run has whole draws.
	slices.SortStableFunc(b.items, func(x, y debate.Item) int { return cmp.Compare(x.Draw, y.Draw) })
	return nil
}

// distinct checks that no question of one data set is named like one of another: two files with one base name, for example.
func (b *builder) distinct(items []debate.Item, i int) error {
	if b.named == nil {
		b.named = map[string]int{}
	}
	for _, item := range items {
		key := item.Question.ID + " " + strconv.Itoa(item.Draw)
		if other, taken := b.named[key]; taken {
			return b.spec.At(fmt.Sprintf("question %s is also in data set %d", item.Question.ID, other+1),
				"rename one of the two files: questions are named after their file", "datasets", i)
		}
		b.named[key] = i
	}
	return nil
}

// load reads one data set or recording, and its worked examples.
func (b *builder) load(d spec.Dataset, i int) ([]debate.Item, error) {
	s := b.spec
	if d.Recording != "" {
		return b.record(d, i)
	}
	o := datasets.Options{Split: d.Split, Subjects: d.Subjects, ShuffleChoices: s.ShuffleChoices, Seed: s.Seed}
	name, _ := s.Source(d)
	items, err := datasets.Load(name, o)
	if row := (*datasets.RowError)(nil); errors.As(err, &row) && row.Path == name {
		return nil, fmt.Errorf("%w\n  cheaptalk datasets verify %s lists all that is wrong with it", err, name)
	} else if err != nil {
		return nil, b.placed(err, i)
	}
	if n := cmp.Or(d.NumFewshot, s.NumFewshot); n > 0 {
		shots, err := datasets.LoadShots(name, n, o)
		if err != nil {
			return nil, b.placed(err, i)
		}
		b.shots = append(b.shots, shots)
	}
	return items, nil
}

// placed adds the place in the experiment file to errors that name no place of their own.
func (b *builder) placed(err error, i int) error {
	var row *datasets.RowError
	var missing *datasets.MissingError
	if errors.As(err, &row) || errors.As(err, &missing) {
		return err
	}
	what, fix, _ := strings.Cut(err.Error(), "\n")
	if errors.Is(err, fs.ErrNotExist) {
		fix = "a path is relative to the folder that you are in"
		if at := (*spec.Error)(nil); errors.As(b.spec.At("", ""), &at) && at.File != "" {
			fix = "a path is relative to the folder of the experiment file"
		}
	}
	return b.spec.At(what, strings.TrimSpace(fix), "datasets", i)
}

// record reads one recording.
func (b *builder) record(d spec.Dataset, i int) ([]debate.Item, error) {
	path, looked := b.spec.Source(d)
	if path == "" {
		return nil, b.spec.At(fmt.Sprintf("the recording %s is not there", d.Recording),
			"looked for "+strings.Join(looked, " and ")+"; set CHEAPTALK_DATA to the folder that has it", "datasets", i)
	}
	rec, err := recorded.Open(path)
	if err != nil {
		return nil, err
	}
	rec.Rule = b.rule()
	for _, team := range slices.Sorted(maps.Keys(b.spec.Teams)) {
		for j, m := range b.spec.Teams[team] {
			if name, ok := strings.CutPrefix(m.Agent, spec.RecordedPrefix); ok {
				if err := rec.Check([]string{name}); err != nil {
					return nil, b.spec.At(err.Error(), "", "teams", team, j)
				}
			}
		}
	}
	set := rec.Items[0].Question.Set()
	if b.recordings[set] != nil {
		return nil, b.spec.At(fmt.Sprintf("two recordings name their questions %s/…", set), "keep one of the two; the other is for an experiment of its own", "datasets", i)
	}
	b.recordings[set] = rec
	if n := len(rec.Skipped); n > 0 {
		b.notes = append(b.notes, fmt.Sprintf("%s: %d rows were left out, the first: %s", d.Recording, n, rec.Skipped[0]))
	}
	for _, what := range rec.Left {
		b.notes = append(b.notes, d.Recording+": "+what)
	}
	return rec.Items, nil
}
