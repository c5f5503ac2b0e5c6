package fetch

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"cheaptalk/datasets"
)

// State is what is on this machine of one split.
type State struct {
	Split   string
	Files   int     // that the split has
	Present int     // of them, right or wrong
	Wrong   []error // a [*ChecksumError], or a failure to read, for each file present that is not the published one
	Rows    int     // questions read; 0 unless every file is present and right
	// Err says why the questions of a complete split could not be read, or that there are not as many as published.
	Err error
}

// OK reports that the split is complete, as published and readable.
func (s State) OK() bool { return s.Present == s.Files && len(s.Wrong) == 0 && s.Err == nil }

// Verify looks at every file of the card in the data directory (see [datasets.Dir]) and returns the state of every split, in
// the order of the card. It downloads nothing.
func Verify(card datasets.Card, dir string) ([]State, error) {
	dir, err := datasets.Dir(dir)
	if err != nil {
		return nil, err
	}
	states := make([]State, 0, len(card.Splits))
	for _, split := range card.Splits {
		states = append(states, verify(card, split, dir))
	}
	return states, nil
}

func verify(card datasets.Card, split datasets.Split, dir string) State {
	s := State{Split: split.Name, Files: len(split.Files)}
	for _, file := range split.Files {
		if card.Embedded {
			s.Present++
			continue
		}
		name := filepath.Join(dir, filepath.FromSlash(file.Path))
		sum, err := checksum(name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		s.Present++
		if err != nil {
			s.Wrong = append(s.Wrong, err)
		} else if sum != file.SHA256 {
			s.Wrong = append(s.Wrong, &ChecksumError{File: name, Want: file.SHA256, Got: sum, Fix: "cheaptalk datasets fetch " + card.Name})
		}
	}
	if !s.OK() {
		return s
	}
	items, err := datasets.Load(card.Name, datasets.Options{Dir: dir, Split: split.Name, AnyFile: true})
	s.Rows, s.Err = len(items), err
	if err == nil && s.Rows != split.Rows {
		s.Err = fmt.Errorf("%s %s: %d questions, %d published", card.Name, split.Name, s.Rows, split.Rows)
	}
	return s
}
