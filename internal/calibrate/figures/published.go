// Package figures reads published figures of debates, and has some that come with the program: wynn2025_table1.csv, wynn2025_figure4.csv,
// qu2026_revision.csv and qu2026_abstaining.csv, whose first lines cite the papers. The last one is not fitted to.
package figures

import (
	"embed"
	"fmt"
	"slices"
)

//go:embed *.csv
var files embed.FS

// Published figures that come with the program.
const (
	Wynn2025 = "wynn2025"
	Qu2026   = "qu2026"
)

// citations name the papers.
var citations = map[string][]string{
	Wynn2025: {
		`Wynn, Satija, Hadfield 2025, "Talk Isn't Always Cheap" (arXiv 2509.05396v2), table 1: single agents and five of the ten groups of three, 5 seeds of 100 questions of CommonsenseQA, MMLU and GSM8K each`,
		`the same, figure 4, read by eye: right answers left by the number of agreeing peers`,
	},
	Qu2026: {
		`Qu, Fu, Hu 2026, "Easier to Mislead Than to Correct" (arXiv 2606.01637): harmful and beneficial revision before six scripted peers without authority labels, by consensus type`,
	},
}

// Sources returns the citations of figures that come with the program.
func Sources(name string) []string { return slices.Clone(citations[name]) }

// Wynn returns the votes of Wynn et al. 2025 that profiles are fitted to, and what can be read off their figure 4.
func Wynn() ([]Row, []Anchor, error) {
	f, err := files.Open("wynn2025_table1.csv")
	if err != nil {
		return nil, nil, err
	}
	defer f.Close()
	rows, err := ReadTable("wynn2025_table1.csv", f)
	if err != nil {
		return nil, nil, err
	}
	anchors, err := readAnchors("wynn2025_figure4.csv")
	return rows, anchors, err
}

// Qu returns the reactions of Qu et al. 2026 that profiles are fitted to.
func Qu() ([]Reaction, error) { return readReactions("qu2026_revision.csv") }

// Anchor is how often copies of a model leave a right answer when so many of their peers agree with it.
type Anchor struct {
	Task, Model string
	Agreeing    int
	Rate        Figure
}

// readAnchors reads a file of anchors.
func readAnchors(name string) ([]Anchor, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sheet, err := readSheet(name, f, []string{"task", "model", "agreeing", "rate", "error"})
	if err != nil {
		return nil, err
	}
	var as []Anchor
	for sheet.next() {
		as = append(as, Anchor{sheet.text("task"), sheet.text("model"), sheet.count("agreeing", 0, MaxTeam), Figure{sheet.percent("rate"), sheet.positive("error")}})
	}
	return as, sheet.err
}

// PeerTypes are the consensus types of Qu et al. 2026: three of six peers right and three naming different wrong options, six right, six naming
// one wrong option.
var PeerTypes = []string{"mixed", "right", "wrong"}

// Reaction is how often a model revises before scripted peers, in percent of its right and wrong answers.
type Reaction struct {
	Model               string
	Peers               string // "mixed", "right" or "wrong": see PeerTypes
	Right, Wrong        int    // answers alone
	Harmful, Beneficial float64
}

// readReactions reads a file of reactions.
func readReactions(name string) ([]Reaction, error) {
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sheet, err := readSheet(name, f, []string{"model", "peers", "right", "wrong", "harmful", "beneficial"})
	if err != nil {
		return nil, err
	}
	var rs []Reaction
	for sheet.next() {
		r := Reaction{Model: sheet.text("model"), Peers: sheet.text("peers"), Right: sheet.count("right", 1, 1e9), Wrong: sheet.count("wrong", 1, 1e9),
			Harmful: sheet.percent("harmful"), Beneficial: sheet.percent("beneficial")}
		if !slices.Contains(PeerTypes, r.Peers) {
			sheet.fault("peers", fmt.Sprintf("is %q", r.Peers), "write mixed, right or wrong")
		}
		rs = append(rs, r)
	}
	return rs, sheet.err
}

// Abstention is how often models revise before six scripted peers of whom some name no answer, in percent of right and wrong answers of all models together.
type Abstention struct {
	Committed           int // peers who name an answer, half of them the right one, the others different wrong ones
	Right, Wrong        int // answers alone
	Harmful, Beneficial float64
}

// QuAbstaining returns the figures of Qu et al. 2026 that nothing is fitted to.
func QuAbstaining() ([]Abstention, error) {
	const name = "qu2026_abstaining.csv"
	f, err := files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	sheet, err := readSheet(name, f, []string{"committed", "right", "wrong", "harmful", "beneficial"})
	if err != nil {
		return nil, err
	}
	var as []Abstention
	for sheet.next() {
		as = append(as, Abstention{Committed: sheet.count("committed", 0, 6), Right: sheet.count("right", 1, 1e9), Wrong: sheet.count("wrong", 1, 1e9),
			Harmful: sheet.percent("harmful"), Beneficial: sheet.percent("beneficial")})
	}
	return as, sheet.err
}
