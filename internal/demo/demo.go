// Package demo has a recording of real models that comes with the program: examples/three-small-models.yaml as it was held. README.md beside it says how, and
// what the recording may be used for. What the servers were sent and sent back is left out; nothing else is.
package demo

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"cheaptalk/examples"
	"cheaptalk/internal/exchange"
	"cheaptalk/internal/spec"
	"cheaptalk/internal/store"
)

// recording has whole records, as cheaptalk export writes them.
//
//go:embed recording.jsonl.gz
var recording []byte

// Title says what the recording is.
const Title = "three-small-models · a recording of real models"

// Unpack writes the recording and its experiment into a folder that is there, as files to import.
func Unpack(dir string) (paths []string, err error) {
	for _, file := range []struct {
		name string
		data []byte
	}{{"recording.jsonl.gz", recording}, {"three-small-models.yaml", examples.ThreeSmallModels}} {
		path := filepath.Join(dir, file.name)
		if err := os.WriteFile(path, file.data, 0o600); err != nil {
			return nil, fmt.Errorf("unpack the recording: %w", err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// Open opens the recording as a run. done closes it; it leaves nothing behind.
func Open(ctx context.Context) (run *store.Run, done func() error, err error) {
	dir, err := os.MkdirTemp("", "cheaptalk-demo-")
	if err != nil {
		return nil, nil, fmt.Errorf("unpack the recording: %w", err)
	}
	if run, err = imported(ctx, dir); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("open the recording: %w", err), os.RemoveAll(dir))
	}
	return run, func() error { return errors.Join(run.Close(), os.RemoveAll(dir)) }, nil
}

// imported makes a run of the recording in a folder, and opens it for reading.
func imported(ctx context.Context, dir string) (*store.Run, error) {
	paths, err := Unpack(dir)
	if err != nil {
		return nil, err
	}
	files, err := exchange.Sort(paths)
	if err != nil {
		return nil, err
	}
	s, err := spec.Load(files.Experiment)
	if err != nil {
		return nil, err
	}
	r, err := store.Create(dir, s.Name, store.Meta{Spec: string(examples.ThreeSmallModels), Seed: s.Seed, Imported: []string{filepath.Base(paths[0])}})
	if err != nil {
		return nil, err
	}
	planned, err := r.Fill(ctx, files.Batches)
	if err == nil {
		err = r.Update(func(m *store.Meta) { m.State, m.Planned = store.Finished, planned })
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return nil, err
	}
	return store.OpenReadOnly(r.Dir())
}
