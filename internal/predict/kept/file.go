// Package kept keeps predictions in files, and holds them against runs that are made later.
package kept

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"

	yaml "go.yaml.in/yaml/v4"

	"cheaptalk/debate"
	"cheaptalk/internal/predict"
)

// File is a prediction that is kept, so that a run that is made later can be held against it. It has no date: the same command writes the same bytes.
type File struct {
	MadeBy    string    `json:"made_by" yaml:"made_by"`
	Dataset   string    `json:"dataset,omitzero" yaml:"dataset,omitempty"` // "" where Begun says which debates are meant
	Choices   int       `json:"choices" yaml:"choices"`                    // of a question; 0 for numbers
	Questions int       `json:"questions" yaml:"questions"`
	Draws     int       `json:"draws" yaml:"draws"`
	Seed      uint64    `json:"seed" yaml:"seed"`
	Level     float64   `json:"level" yaml:"level"`
	Profiles  []Source  `json:"profiles" yaml:"profiles"`
	Begun     []Begun   `json:"begun,omitempty" yaml:"begun,omitempty"` // the debates that the prediction is of, where it is of debates that had begun
	Designs   []Written `json:"designs" yaml:"designs"`
}

// Begun is a debate that had begun when its rest was predicted.
type Begun struct {
	Item    string          `json:"item" yaml:"item"`
	Draw    int             `json:"draw,omitzero" yaml:"draw,omitempty"`
	Repeat  int             `json:"repeat,omitzero" yaml:"repeat,omitempty"`
	Answers []debate.Answer `json:"answers" yaml:"answers,flow"` // the independent answers in the order of the team, "" for one that could not be read
}

// Source is a profile that a prediction rests on.
type Source struct {
	Name       string `json:"name" yaml:"name"`
	SHA256     string `json:"sha256" yaml:"sha256"`         // of the profile file in its canonical form
	Covariance bool   `json:"covariance" yaml:"covariance"` // whether what is not known of its parameters is in the intervals
}

// Written is a design with what is predicted of it.
type Written struct {
	Team        []string `json:"team" yaml:"team,flow"` // the names of profiles
	Protocol    string   `json:"protocol" yaml:"protocol"`
	Rounds      int      `json:"rounds" yaml:"rounds"`
	Judge       string   `json:"judge" yaml:"judge"`
	Calls       int      `json:"calls" yaml:"calls"`
	NotModelled string   `json:"not_modelled,omitzero" yaml:"not_modelled,omitempty"`

	Before     predict.Estimate `json:"before,omitzero" yaml:"before,omitempty,flow"`
	After      predict.Estimate `json:"after,omitzero" yaml:"after,omitempty,flow"`
	Change     predict.Estimate `json:"change,omitzero" yaml:"change,omitempty,flow"`
	Single     predict.Estimate `json:"agent_before,omitzero" yaml:"agent_before,omitempty,flow"`
	Mean       predict.Estimate `json:"agent_after,omitzero" yaml:"agent_after,omitempty,flow"`
	Harmful    predict.Estimate `json:"harmful,omitzero" yaml:"harmful,omitempty,flow"`
	Beneficial predict.Estimate `json:"beneficial,omitzero" yaml:"beneficial,omitempty,flow"`
	Gain       predict.Estimate `json:"gain_over_vote,omitzero" yaml:"gain_over_vote,omitempty,flow"` // over the vote at as many calls
}

// New returns predictions of a world as a file; command is the one that made them.
func New(w *predict.World, command string, predictions []predict.Prediction) *File {
	q := w.Items[0].Question
	f := &File{MadeBy: command, Dataset: q.Set(), Choices: len(q.Choices), Questions: len(w.Items), Draws: w.Draws, Seed: w.Seed, Level: predict.Level}
	for _, a := range w.Agents {
		f.Profiles = append(f.Profiles, Source{
			Name: a.File.Profile.Name, SHA256: fmt.Sprintf("%x", sha256.Sum256([]byte(a.File.String()))), Covariance: len(a.File.Covariance.Of) > 0,
		})
	}
	for i := range predictions {
		p := &predictions[i]
		d := Written{
			Protocol: p.Protocol, Rounds: p.Rounds, Judge: p.Judge, Calls: p.Calls(), NotModelled: p.NotModelled,
			Before: rounded(p.Before), After: rounded(p.After), Change: rounded(p.Change), Single: rounded(p.Single), Mean: rounded(p.Mean),
			Harmful: rounded(p.Harmful), Beneficial: rounded(p.Beneficial), Gain: rounded(p.Gain.Estimate),
		}
		for _, a := range p.Team {
			d.Team = append(d.Team, w.Agents[a].File.Profile.Name)
		}
		f.Designs = append(f.Designs, d)
	}
	return f
}

// NewContinued is New for the rest of debates that have begun.
func NewContinued(w *predict.World, command string, begun []predict.Begun, predictions []predict.Prediction) *File {
	of := *w
	of.Items = []debate.Item{begun[0].Item}
	f := New(&of, command, predictions)
	f.Dataset, f.Choices, f.Questions = "", 0, len(begun)
	for i := range begun {
		b := Begun{Item: begun[i].Item.Question.ID, Draw: begun[i].Item.Draw, Repeat: begun[i].Repeat}
		for _, m := range begun[i].First {
			b.Answers = append(b.Answers, m.Answer)
		}
		f.Begun = append(f.Begun, b)
	}
	return f
}

// rounded returns the estimate with four decimals, its interval rounded outwards.
func rounded(e predict.Estimate) predict.Estimate {
	if e.IsZero() {
		return e
	}
	const digits = 1e4 // and + 0 makes -0 a plain 0
	return predict.Estimate{N: e.N, Value: math.Round(e.Value*digits)/digits + 0, Low: math.Floor(e.Low*digits)/digits + 0, High: math.Ceil(e.High*digits)/digits + 0}
}

// String returns the file as YAML.
func (f *File) String() string {
	b, err := yaml.Dump(f, yaml.WithIndent(2))
	if err != nil { // no field of File can fail to be written
		return "# " + err.Error() + "\n"
	}
	return string(b)
}

// fileLimit is the greatest size of a file that is read, in bytes.
const fileLimit = 16 << 20

// Read reads a prediction that [File.String] has written.
func Read(path string) (*File, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no prediction %s; cheaptalk predict --write writes one: %w", path, fs.ErrNotExist)
	case err != nil:
		return nil, fmt.Errorf("read prediction: %w", err)
	case info.IsDir() || info.Size() > fileLimit:
		return nil, fmt.Errorf("%s is no prediction: it is a folder or larger than %d bytes", path, fileLimit)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read prediction: %w", err)
	}
	return Parse(path, data)
}

// Parse reads a prediction that [File.String] has written; path is for errors.
func Parse(path string, data []byte) (*File, error) {
	f := &File{}
	if err := yaml.Load(data, f, yaml.WithKnownFields(), yaml.WithUniqueKeys()); err != nil {
		return nil, fmt.Errorf("%s is no prediction: %w; cheaptalk predict --write writes one", path, err)
	}
	return f, f.check(path)
}

// check refuses what cannot be held against a run.
func (f *File) check(path string) error {
	if f.Dataset == "" && len(f.Begun) == 0 || len(f.Designs) == 0 {
		return fmt.Errorf("%s is no prediction: it has no dataset or no designs; cheaptalk predict --write writes one", path)
	}
	if !(f.Level > 0 && f.Level < 1) {
		return fmt.Errorf("%s: level: %v is not between 0 and 1", path, f.Level)
	}
	for i := range f.Designs {
		for _, q := range f.Designs[i].quantities() {
			if e := q.predicted; !(e.Low <= e.Value && e.Value <= e.High) || math.Abs(e.Low) > 1 || math.Abs(e.High) > 1 {
				return fmt.Errorf("%s: designs: %d: %s: %v is not in [%v, %v], or that is no interval of a rate", path, i+1, q.name, e.Value, e.Low, e.High)
			}
		}
	}
	return nil
}

// quantity is one predicted number of a design, and where it is in what was observed.
type quantity struct {
	name      string
	judged    bool // it depends on the judge
	predicted predict.Estimate
	observed  func(o *Observed, judge string) Measured
}

// all lists what can be predicted of a design, in the order of tables.
func (w *Written) all() []quantity {
	return []quantity{
		{"vote before", false, w.Before, func(o *Observed, _ string) Measured { return o.Before }},
		{"after", true, w.After, func(o *Observed, judge string) Measured { return o.After[judge] }},
		{"change", true, w.Change, func(o *Observed, judge string) Measured { return o.Change[judge] }},
		{"over the vote", true, w.Gain, func(o *Observed, judge string) Measured { return o.Gain[judge] }},
		{"agent before", false, w.Single, func(o *Observed, _ string) Measured { return o.Single }},
		{"agent after", false, w.Mean, func(o *Observed, _ string) Measured { return o.Mean }},
		{"harmful", false, w.Harmful, func(o *Observed, _ string) Measured { return o.Harmful }},
		{"beneficial", false, w.Beneficial, func(o *Observed, _ string) Measured { return o.Beneficial }},
	}
}

// quantities lists what is predicted of a design.
func (w *Written) quantities() []quantity {
	return slices.DeleteFunc(w.all(), func(q quantity) bool { return q.predicted.IsZero() })
}
