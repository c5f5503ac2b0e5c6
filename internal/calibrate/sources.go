package calibrate

import (
	"slices"

	"cheaptalk/agents/simulated"
	"cheaptalk/internal/calibrate/figures"
	"cheaptalk/internal/calibrate/moments"
)

// wynnRounds is how often everyone revises in Wynn et al. 2025.
const wynnRounds = 2

// Wynn returns the problem of Wynn et al. 2025 and its rows.
func Wynn(s moments.Settings) (*moments.Problem, []figures.Row, error) {
	rows, anchors, err := figures.Wynn()
	if err != nil {
		return nil, nil, err
	}
	p, err := Votes(rows, anchors, figures.Wynn2025, wynnRounds, s)
	return p, rows, err
}

// Qu returns the problems of Qu, Fu and Hu 2026, one a model, in the order of the file, and what they are fitted to.
func Qu(s moments.Settings) ([]*moments.Problem, []figures.Reaction, error) {
	reactions, err := figures.Qu()
	if err != nil {
		return nil, nil, err
	}
	var ps []*moments.Problem
	var models []string
	for _, r := range reactions {
		if slices.Contains(models, r.Model) {
			continue
		}
		models = append(models, r.Model)
		p, err := Scripted(r.Model, reactions, figures.Qu2026, s)
		if err != nil {
			return nil, nil, err
		}
		ps = append(ps, p)
	}
	return ps, reactions, nil
}

// assumed returns the profile of a model with what is assumed and never fitted here: no published figure of these models was found for any of it.
// Stated confidence is set to say little, as that of language models does: it is nearly always high and tells right answers from
// wrong ones with an AUROC of .55 to .65 on the embedded questions. Xiong et al. 2024 (arXiv 2306.13063, abstract) find models overconfident when
// they put their confidence into words, and AUROCs of .522 and .605 for confidence from outside and from inside a model.
func assumed(model, source string) simulated.Profile {
	p := simulated.NewProfile(model + "@" + source)
	p.ConfidenceWeight = 0.5
	p.Overconfidence, p.Insight, p.Jitter, p.Unreadable = 0.92, 0.03, 0.13, 0.005
	switch model {
	case "gpt-4o-mini":
		p.Overconfidence, p.Insight, p.Jitter, p.Unreadable = 0.90, 0.04, 0.12, 0.002
	case "mistral-7b":
		p.Overconfidence, p.Insight, p.Jitter, p.Unreadable = 0.94, 0.02, 0.14, 0.010
	}
	return p
}
