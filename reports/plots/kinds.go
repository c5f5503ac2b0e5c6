package plots

import (
	"cheaptalk/reports"
	"cheaptalk/reports/plots/answers"
	"cheaptalk/reports/plots/figure"
	"cheaptalk/reports/plots/outcomes"
)

// Kind is a kind of plot.
type Kind struct {
	Name    string
	Shows   string // in a few words
	EachRun bool   // drawn with every run; see [Write]
	make    func(*reports.Report) (*figure.Figure, error)
}

// Kinds lists every kind of plot, in the order of help and guide.
func Kinds() []Kind {
	return []Kind{
		{"transitions", "what became of answers, a bar a round: held, corrected, corrupted", true, answers.Transitions},
		{"revision", "harmful and beneficial revision rate of each arm", true, answers.Revision},
		{"accuracy", "mean agent, vote and oracle over the rounds", true, outcomes.Accuracy},
		{"conformity", "right answers given up, by how many peers agreed", true, answers.Conformity},
		{"alluvial", "how answers flow from round to round: right, wrong, unreadable", false, answers.Alluvial},
		{"sway", "who turned whom, for better and for worse: a network of agents", false, answers.Sway},
		{"reliability", "stated confidence against accuracy, for each agent", false, outcomes.Reliability},
		{"frontier", "accuracy against calls and tokens, with the arms that no other beats", false, outcomes.Frontier},
		{"team", "accuracy against the size of the team", false, outcomes.Team},
		{"forest", "paired differences between arms, with intervals, ~ for noise", false, outcomes.Forest},
	}
}
