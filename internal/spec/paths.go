package spec

import (
	"os"
	"path/filepath"

	"cheaptalk/datasets"
)

// Absolute returns a copy of the spec whose paths do not depend on a folder.
func (s *Spec) Absolute() *Spec {
	c := *s
	c.Datasets = make([]Dataset, len(s.Datasets))
	for i, d := range s.Datasets {
		c.Datasets[i] = s.absolute(d)
	}
	c.Teams = s.absoluteTeams()
	return &c
}

// Source returns where a data set is read from: its name, or the path of its file. looked is where a recording was looked for,
// beside the experiment file and in the data directory; its path is "" when it is in neither.
func (s *Spec) Source(d Dataset) (path string, looked []string) {
	if d.Recording == "" {
		if isFile(d.Name) {
			return s.beside(d.Name), nil
		}
		return d.Name, nil
	}
	looked = []string{s.beside(d.Recording)}
	if dir, err := datasets.Dir(""); err == nil && !filepath.IsAbs(d.Recording) {
		looked = append(looked, filepath.Join(dir, d.Recording))
	}
	for _, at := range looked {
		if _, err := os.Stat(at); err == nil {
			return at, looked
		}
	}
	return "", looked
}

// beside returns a path relative to the experiment file's folder.
func (s *Spec) beside(path string) string {
	if filepath.IsAbs(path) || s.file.path == "" {
		return path
	}
	return filepath.Join(filepath.Dir(s.file.path), path)
}

// absolute returns a data set whose paths do not depend on a folder.
func (s *Spec) absolute(d Dataset) Dataset {
	source, _ := s.Source(d)
	abs, err := filepath.Abs(source)
	switch {
	case source == "" || err != nil:
	case d.Recording != "":
		d.Recording = abs
	case isFile(d.Name):
		d.Name = abs
	}
	return d
}

// isFile reports whether the name of a data set is the path of a file.
func isFile(name string) bool {
	_, known := datasets.Find(name)
	return !known && filepath.Ext(name) != ""
}
