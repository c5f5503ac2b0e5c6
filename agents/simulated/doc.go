// Package simulated has agents that answer by a small parametric model instead of a language model. They cost nothing, take
// a microsecond or two a reply and are deterministic, so that an experiment can be rehearsed, a protocol tested and a claim
// about debate checked against a world whose rules are known. Every figure that they produce is a simulated figure.
//
// The model was fitted to Wynn, Satija and Hadfield 2025 (arXiv 2509.05396v2, table 1); docs/SIMULATION.md has the fit, what
// each parameter rests on and what the model cannot tell. profile.go has the parameters, question.go what a question is to a
// simulated agent, mind.go the equations, agent.go the agent, text.go its words, aggregator.go a simulated AggLM.
//
// # The model
//
// A question q has a difficulty d ~ N(0,1) and an order of preference among its wrong answers, which all agents share. Both
// come from the question's ID alone: they are properties of the question, the same in every draw, repeat, arm and experiment.
// With Φ the normal distribution function, an agent of accuracy A, consistency ρ and loss δ on the task knows the answer with
//
//	p(d; δ) = Φ( (a - δ - √ρ d) / √(1-ρ) ),  a = Φ⁻¹( A / (1-u) )
//
// where u is its rate of unreadable replies. Since d is standard normal, E p(d; 0) = A/(1-u): the accuracy of a single agent
// is A exactly, whatever ρ. The correctness of two agents of consistencies ρ and ρ' has the tetrachoric correlation √(ρρ')
// (the one-factor Gaussian model of Vasicek 1987).
//
// Its belief puts p(d) on the key, the share κ of the rest on the question's most tempting wrong answer, and what is left
// evenly on the others. In round 0 it draws its answer from the belief with δ = 0. In a later round it
//
//  1. draws anew from its belief with the probability s, whatever it has heard, now with its loss δ: asked again, models
//     lose accuracy (Qu, Fu and Hu 2026, arXiv 2606.01637: 20.4 % harmful against 7.3 % beneficial revision when all peers
//     abstain);
//
//  2. otherwise chooses among the answers on the table, its own y and those it heard, with
//
//     P(k) ∝ exp( w_own 1[k = y] + w_peer Σ_j c_j 1[k = heard_j] + v 1[k = key] )
//
// v is the pull of the right answer's argument, in log-odds. c_j is 1 as long as confidence is hidden; shown with the weight
// g_j in [0,1] it is c_j = 1 + ω (2 g_j - 1). With two answers on the table this is the logistic curve that De Marzo et al.
// (2026, arXiv 2605.10721) fit to opinion adoption.
//
// The brief decides what counts: Revise is as above; Critique halves w_peer and adds 1 to w_own, which is an assumption (no
// published figure gives the size); Reflect hears nobody, so that only step 1 changes anything; Solve is a fresh round 0.
//
// With the stated confidence r, of an answer that is right (1) or wrong (0),
//
//	r = p + o (1-p) + γ (1[right] - p) + σ ε,  ε ~ N(0,1)
//
// rounded to 5 % and clamped to [5 %, 100 %]: o = γ = σ = 0 is perfectly calibrated.
//
// # Chance
//
// The draws of a reply depend on the seed of the case, the agent's label and the round, and on nothing else. Arms are paired:
// an agent has the same luck in round 2 of every protocol.
package simulated
