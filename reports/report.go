package reports

import (
	"encoding/json"
	"io"

	"cheaptalk/reports/failures"
	"cheaptalk/reports/measure"
	"cheaptalk/reports/sources"
	"cheaptalk/reports/stats"
)

// Report is the analysis of a run. It holds no NaN and no infinity, so it always marshals.
type Report struct {
	Name      string  `json:"name,omitempty"`
	Level     float64 `json:"level"`               // of every interval, 0.95 for example
	Simulated bool    `json:"simulated,omitempty"` // some debate had a simulated agent; Arm.Simulated says where
	Recorded  bool    `json:"recorded,omitempty"`  // see Options
	Overall   Section `json:"overall"`
	// Sets holds one section for each data set, sorted, when there are several; else it is empty.
	Sets []Section `json:"sets,omitempty"`
	// Sources compares where the confidence of replies comes from, in the arms in which it comes from several. It is empty when none does.
	Sources []sources.Fare `json:"confidence_sources,omitempty"`
	// Failures sorts what went wrong, the most frequent kind first. It is empty when nothing did.
	Failures []failures.Kind `json:"failures,omitempty"`
	// Assumptions says of each method of an interval in the report what it takes for granted.
	Assumptions map[stats.Method]string `json:"assumptions"`
	// Notes warn of what numbers do not say, in the order of the tables that they belong to.
	Notes []Note `json:"notes,omitempty"`
}

// Note is a warning that travels with the numbers that it is about.
type Note struct {
	About string `json:"about"`         // the table with the numbers: "accuracy", "comparisons", ...
	Arm   string `json:"arm,omitempty"` // the arm, where it is about one
	Text  string `json:"text"`
}

// Section is the analysis of some of the questions: all of them, or those of one data set.
type Section struct {
	Set       string `json:"set,omitempty"` // the data set; "" in Report.Overall
	Questions int    `json:"questions"`
	Arms      []Arm  `json:"arms"`
	// Comparisons holds every arm against the independent arm with the fewest agents, and every debating arm against the one
	// named "naive"; without either, every arm against the first. Options.Reference takes the place of all that. P values are Holm-adjusted over
	// all of them: they are one family.
	Comparisons []Comparison `json:"comparisons,omitempty"`
	// AllArms tests that all arms have one accuracy, on the cases that every one of them finished.
	AllArms *stats.Cochran `json:"all_arms,omitempty"`
}

// What is measured of one arm; see package measure.
type (
	Arm        = measure.Arm
	Round      = measure.Round
	Member     = measure.Member
	Revisions  = measure.Revisions
	BreakEven  = measure.BreakEven
	Confidence = measure.Confidence
	Baseline   = measure.Baseline
	SameJudge  = measure.SameJudge
	Cost       = measure.Cost
	Decision   = measure.Decision
)

// Comparison is one arm against another on the cases that both have: their primary verdicts, or the vote over round 0 for an
// arm without a judge.
type Comparison struct {
	Reference  string           `json:"reference"`
	Arm        string           `json:"arm"`
	Difference stats.Difference `json:"difference"` // Arm minus Reference
	Holm       float64          `json:"holm"`       // Difference.P adjusted for all comparisons of the section
	Decision   Decision         `json:"decision"`
}

// Find returns the arm of that name, or nil.
func (s *Section) Find(arm string) *Arm {
	for i := range s.Arms {
		if s.Arms[i].Name == arm {
			return &s.Arms[i]
		}
	}
	return nil
}

// Sections returns the overall section followed by those of the data sets.
func (r *Report) Sections() []*Section {
	sections := []*Section{&r.Overall}
	for i := range r.Sets {
		sections = append(sections, &r.Sets[i])
	}
	return sections
}

// WriteJSON writes the report as indented JSON, the same bytes for the same report.
func (r *Report) WriteJSON(w io.Writer) error {
	out := json.NewEncoder(w)
	out.SetIndent("", "  ")
	return out.Encode(r)
}
