package simulated

// Profiles returns the presets. Accuracies are published (Wynn et al. 2025, arXiv 2509.05396v2, table 1, single agents); those of
// Choice and Number are assumptions. Consistency, Concentration, Loss, Pull, OwnWeight, PeerWeight and Redraw are fitted to the
// same table; the rest is assumed. docs/SIMULATION.md has the fit.
func Profiles() []Profile {
	choice := func(accuracy, consistency, loss float64) Ability {
		return Ability{Accuracy: accuracy, Consistency: consistency, Concentration: 0.83, Loss: loss, Pull: 0.01}
	}
	number := func(accuracy, consistency, loss float64) Ability {
		return Ability{Accuracy: accuracy, Consistency: consistency, Concentration: 0.09, Loss: loss, Pull: 0.40}
	}
	return []Profile{
		{
			Name:      "gpt-4o-mini",
			Abilities: map[string]Ability{"csqa": choice(0.748, 0.979, 0.28), "mmlu": choice(0.826, 0.979, 0.28), "gsm8k": number(0.932, 0.917, -0.01)},
			Choice:    choice(0.787, 0.979, 0.28), Number: number(0.932, 0.917, -0.01),
			OwnWeight: 3.10, PeerWeight: 0.50, ConfidenceWeight: 0.5, Redraw: 0.12,
			Overconfidence: 0.40, Insight: 0.20, Jitter: 0.06, Unreadable: 0.002,
		},
		{
			Name:      "llama-3.1-8b",
			Abilities: map[string]Ability{"csqa": choice(0.570, 0.624, 0.16), "mmlu": choice(0.556, 0.624, 0.16), "gsm8k": number(0.764, 0.284, -0.21)},
			Choice:    choice(0.563, 0.624, 0.16), Number: number(0.764, 0.284, -0.21),
			OwnWeight: 1.66, PeerWeight: 0.18, ConfidenceWeight: 0.5, Redraw: 0.15,
			Overconfidence: 0.50, Insight: 0.15, Jitter: 0.08, Unreadable: 0.005,
		},
		{
			Name:      "mistral-7b",
			Abilities: map[string]Ability{"csqa": choice(0.416, 0.593, 0.48), "mmlu": choice(0.340, 0.593, 0.48), "gsm8k": number(0.342, 0.258, -0.20)},
			Choice:    choice(0.378, 0.593, 0.48), Number: number(0.342, 0.258, -0.20),
			OwnWeight: 3.05, PeerWeight: 0.36, ConfidenceWeight: 0.5, Redraw: 0.13,
			Overconfidence: 0.65, Insight: 0.10, Jitter: 0.10, Unreadable: 0.010,
		},
	}
}
