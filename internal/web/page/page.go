// Package page makes the HTML of a run: plain data that says what a page shows, and the templates that show it.
//
// debate.go is one debate, pair.go two beside each other, list.go the list of debates, summary.go the report with its tables,
// text.go what is done to the words of others before they are shown. The templates are html/template's: whatever they are given is
// escaped for the place where it stands, and no value here has a type that would say otherwise, but for the style and script of a single file.
package page

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"strconv"
	"strings"

	"cheaptalk/debate"
)

//go:embed templates/*.html
var files embed.FS

// Templates are the pages of a run.
type Templates struct{ all *template.Template }

// Parse reads the templates.
func Parse() (*Templates, error) {
	all, err := template.New("").Funcs(template.FuncMap{"line": Line, "visible": Visible, "count": Count}).ParseFS(files, "templates/*.html")
	return &Templates{all}, err
}

// Write writes the page of a name with what it shows.
func (t *Templates) Write(w io.Writer, name string, what any) error {
	return t.all.ExecuteTemplate(w, name, what)
}

// Site is what every page of a run shows.
type Site struct {
	Title     string // of the run
	Here      string // which page it is: "summary", "debates", "debate", "pair" or "error"
	Heading   string // of the page
	Simulated bool
	Compact   bool
	// Progress is how far the run has come.
	Progress Progress
	// Live has the browser ask again how far the run has come.
	Live bool
}

// Progress is how far a run and its report have come.
type Progress struct {
	State   string `json:"state"`
	Done    int    `json:"done"`
	Failed  int    `json:"failed"`
	Planned int    `json:"planned"`
	Counted bool   `json:"counted"` // Done and Failed are known
	Report  int    `json:"report"`  // which report is shown, from 1; 0 while there is none
	Read    int    `json:"read"`    // records that the report in the making has read
	Over    bool   `json:"over"`    // nothing is going to change
}

// Percent returns the whole percentage of the planned debates that are done.
func (p Progress) Percent() int {
	if p.Planned <= 0 {
		return 0
	}
	return min(100*p.Done/p.Planned, 100)
}

// Words says how far a run has come, "running · 2 of 6 debates · 33 %" for example.
func (p Progress) Words() string {
	switch {
	case p.Counted && p.Planned > p.Done:
		return fmt.Sprintf("%s · %s of %s debates · %d %%", p.State, Count(p.Done), Count(p.Planned), p.Percent())
	case p.Counted:
		return fmt.Sprintf("%s · %s debates", p.State, Count(p.Done))
	case p.Planned > 0:
		return fmt.Sprintf("%s · %s debates planned", p.State, Count(p.Planned))
	}
	return p.State
}

// Failures says how many debates failed, "× 3 failed" for example, and nothing where none did.
func (p Progress) Failures() string {
	if p.Failed == 0 {
		return ""
	}
	return "× " + Count(p.Failed) + " failed"
}

// Count writes a number with commas.
func Count(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Mark is a sign, what it means in words, and the class that colours it.
type Mark struct{ Sign, Name, Class string }

// MarkOf returns the mark of a fate.
func MarkOf(f debate.Fate) Mark {
	return Mark{f.Sign(), f.String(), [...]string{"held", "corrected", "corrupted", "stuck", "moved", "unread"}[f]}
}

// failedMark is the mark of what has no fate.
var failedMark = Mark{"×", "failed", "failed"}

// Values writes a case as the query of an address.
func Values(c debate.Case) url.Values {
	v := url.Values{"item": {c.Item}, "arm": {c.Arm}}
	if c.Draw != 0 {
		v.Set("draw", strconv.Itoa(c.Draw))
	}
	if c.Repeat != 0 {
		v.Set("repeat", strconv.Itoa(c.Repeat))
	}
	return v
}

// placeOf names the draw and the repeat of a case, where they are not the first.
func placeOf(c debate.Case) string {
	var words []string
	if c.Draw > 0 {
		words = append(words, "draw "+strconv.Itoa(c.Draw))
	}
	if c.Repeat > 0 {
		words = append(words, "repeat "+strconv.Itoa(c.Repeat))
	}
	return strings.Join(words, " · ")
}
