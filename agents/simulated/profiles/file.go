// Package profiles reads and writes files of simulated agents' profiles, and has those that come with the program.
//
// A profile file is YAML. It holds a value for each parameter, how sure it is and where it comes from:
//
//	name: mistral-7b@wynn2025          # the model, "@", what the values rest on
//	made_by: cheaptalk calibrate ...   # the command that wrote it
//	sources:                           # citations, or the run with its data sets and numbers of questions
//	  - 'Wynn, Satija, Hadfield 2025 (arXiv 2509.05396v2), table 1'
//	parameters:                        # by the names of simulated.Parameters; what is left out is at its default
//	  own_weight: 3.05
//	  csqa.accuracy: 0.416
//	standard_errors:                   # of the fitted ones, in the units of the parameter
//	  own_weight: 0.4
//	covariance:                        # of the fitted ones, on the unconstrained scale of simulated.Transform
//	  of: [own_weight, csqa.accuracy]
//	  rows:
//	    - [0.16, 0.01]
//	    - [0.01, 0.02]
//	warnings:                          # what a user must know: parameters that the data cannot tell apart, for example
//	  - ...
//
// Nothing in a file is taken on trust: unknown fields and parameters, values out of range and a covariance that cannot be one are refused.
package profiles

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strings"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/agents/simulated"
)

// File is a profile with what is known of it.
type File struct {
	// Profile holds the parameters and the name, "mistral-7b@wynn2025".
	Profile simulated.Profile
	MadeBy  string   // the command that made it
	Sources []string // what it rests on, with arXiv ids or the run, its data sets and their sizes
	// StandardErrors are by the names of parameters, in their units. A parameter that is not fitted has none.
	StandardErrors map[string]float64
	Covariance     Covariance
	Warnings       []string
}

// Covariance is that of parameters on their unconstrained scale: of the logarithm of a peer weight, not of the weight. The zero Covariance is
// of no parameter.
type Covariance struct {
	Of   []string    `yaml:"of,flow"`   // the names of the parameters
	Rows [][]float64 `yaml:"rows,flow"` // len(Of) rows of len(Of) entries, symmetric
}

// text is a file as it is written.
type text struct {
	Name           string      `yaml:"name"`
	MadeBy         string      `yaml:"made_by,omitempty"`
	Sources        []string    `yaml:"sources,omitempty"`
	Parameters     yaml.Node   `yaml:"parameters"`
	StandardErrors yaml.Node   `yaml:"standard_errors,omitempty"`
	Covariance     *Covariance `yaml:"covariance,omitempty"`
	Warnings       []string    `yaml:"warnings,omitempty"`
}

// limit is the greatest size of a file that is read, in bytes.
const limit = 1 << 20

// Load reads a profile file.
func Load(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no profile file %s: %w", path, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("read profile file: %w", err)
	case info.IsDir() || info.Size() > limit:
		return nil, fmt.Errorf("%s is no profile file: it is a folder or larger than %d bytes", path, limit)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read profile file: %w", err)
	}
	return Parse(path, data)
}

// MarshalYAML returns what is written of the file: every parameter, in the order of the table.
func (f *File) MarshalYAML() (any, error) {
	t := &text{Name: f.Profile.Name, MadeBy: f.MadeBy, Sources: f.Sources, Warnings: f.Warnings}
	t.Parameters.Kind, t.StandardErrors.Kind = yaml.MappingNode, yaml.MappingNode
	for _, par := range simulated.Parameters(&f.Profile) {
		put(&t.Parameters, par.Name, par.Get(&f.Profile))
		if se, ok := f.StandardErrors[par.Name]; ok {
			put(&t.StandardErrors, par.Name, se)
		}
	}
	if len(t.StandardErrors.Content) == 0 {
		t.StandardErrors = yaml.Node{}
	}
	if len(f.Covariance.Of) > 0 {
		t.Covariance = &f.Covariance
	}
	return t, nil
}

// String returns the file as YAML, in one canonical form.
func (f *File) String() string {
	b, err := yaml.Dump(f, yaml.WithIndent(2))
	if err != nil { // no field of text can fail to be written
		return "# " + err.Error() + "\n"
	}
	return string(b)
}

// put adds an entry to a mapping.
func put(m *yaml.Node, name string, v float64) {
	var value yaml.Node
	value.SetString(fmt.Sprint(v))
	value.Tag = "!!float"
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		value.Tag = "!!int"
	}
	m.Content = append(m.Content, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, &value)
}

// Write writes the file to a path that has none yet, or replaces the one that is there.
func (f *File) Write(path string) error {
	if err := os.WriteFile(path, []byte(f.String()), 0o644); err != nil {
		return fmt.Errorf("write profile file: %w", err)
	}
	return nil
}

// IsPath reports whether a name of a profile is the path of a file: it ends as one, or has a slash in it.
func IsPath(name string) bool { return IsFile(name) || strings.ContainsAny(name, `/\`) }

// IsFile reports whether a name ends as that of a profile file: in .yaml or .yml.
func IsFile(name string) bool {
	return strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml")
}
