package kept

import (
	"math"
	"slices"
	"strings"

	"cheaptalk/internal/predict"
)

// Measured is a number of a run with the interval of its sampling error at [predict.Level]. The zero Measured was not measured.
type Measured struct {
	N     int     `json:"n"`
	Value float64 `json:"value"`
	Low   float64 `json:"low"`
	High  float64 `json:"high"`
}

// Observed is an arm of a run. After, Change and Gain are by judge; a judge that is missing has not decided.
type Observed struct {
	Arm      string
	Team     []string // the names of the agents
	Protocol string
	Rounds   int

	Before, Single, Mean, Harmful, Beneficial Measured
	After, Change, Gain                       map[string]Measured
}

// Of returns the number that a quantity of [Checked] names, of a judge where one has a say; the zero Measured where there is none.
func (o *Observed) Of(quantity, judge string) Measured {
	for _, q := range (&Written{}).all() {
		if q.name == quantity {
			return q.observed(o, judge)
		}
	}
	return Measured{}
}

// Checked is one number of a prediction that was held against a run.
type Checked struct {
	Arm      string `json:"arm"`
	Judge    string `json:"judge,omitempty"` // "" where none has a say
	Quantity string `json:"quantity"`
	// Renamed says that the arm's agents have other names than the profiles: the arm is the only one of its protocol, rounds and team size.
	Renamed   bool             `json:"renamed,omitempty"`
	Predicted predict.Estimate `json:"predicted"`
	Observed  Measured         `json:"observed"`
	// Low and High are the interval that the observed number was to be in: the predicted one, widened by the sampling error of the run. Each arm is the root of
	// the sum of the squares of the two arms towards each other. Of debates that had begun it is the predicted one: their luck is in it.
	Low  float64 `json:"low"`
	High float64 `json:"high"`
	Hit  bool    `json:"hit"`
}

// Check holds a prediction against the arms of a run. Designs that no arm holds, and arms that nobody predicted, are left out.
func (f *File) Check(arms []Observed) []Checked {
	var out []Checked
	seen := map[[3]string]bool{} // what no judge has a say in is checked once
	for i := range f.Designs {
		d := &f.Designs[i]
		if d.NotModelled != "" {
			continue
		}
		matching, renamed := f.find(d, arms)
		for _, o := range matching {
			for _, q := range d.quantities() {
				judge := ""
				if q.judged {
					judge = d.Judge
				}
				r, name := q.observed(o, d.Judge), [3]string{o.Arm, q.name, judge}
				if r.N == 0 || seen[name] {
					continue
				}
				seen[name] = true
				p := q.predicted
				c := Checked{Arm: o.Arm, Judge: judge, Quantity: q.name, Renamed: renamed, Predicted: p, Observed: r,
					Low:  p.Value - math.Hypot(p.Value-p.Low, r.High-r.Value),
					High: p.Value + math.Hypot(p.High-p.Value, r.Value-r.Low)}
				if len(f.Begun) > 0 {
					c.Low, c.High = p.Low, p.High
				}
				c.Hit = c.Low <= r.Value && r.Value <= c.High
				out = append(out, c)
			}
		}
	}
	return out
}

// find returns the arms that hold a design: those of its protocol, rounds and agents by name, or, where no arm has these names, the only one of as
// many agents, if it is not of another design of the file as well.
func (f *File) find(d *Written, arms []Observed) (matching []*Observed, renamed bool) {
	var alike []*Observed
	for i := range arms {
		o := &arms[i]
		if o.Protocol != d.Protocol || o.Rounds != d.Rounds || len(o.Team) != len(d.Team) {
			continue
		}
		alike = append(alike, o)
		if slices.Equal(models(o.Team), models(d.Team)) {
			matching = append(matching, o)
		}
	}
	if len(matching) > 0 || len(alike) != 1 {
		return matching, false
	}
	for i := range f.Designs {
		o := &f.Designs[i]
		if o.Protocol == d.Protocol && o.Rounds == d.Rounds && len(o.Team) == len(d.Team) && !slices.Equal(models(o.Team), models(d.Team)) {
			return nil, false
		}
	}
	return alike, true
}

// plain maps what [profiles.File] names cannot hold to what they have instead.
var plain = strings.NewReplacer("/", "-", `\`, "-", ",", "-", ":", "-", " ", "-")

// Model returns the name of a model: without the number of a copy and without what a profile rests on.
func Model(name string) string {
	name, _, _ = strings.Cut(name, "@")
	name, _, _ = strings.Cut(name, "#")
	return plain.Replace(name)
}

// models returns the names of models, sorted.
func models(team []string) []string {
	names := make([]string, len(team))
	for i, name := range team {
		names[i] = Model(name)
	}
	slices.Sort(names)
	return names
}
