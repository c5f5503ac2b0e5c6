// Package simulated has agents that answer by a small parametric model instead of a language model. They cost nothing, take
// about a microsecond a reply and are deterministic, so that an experiment can be rehearsed, a protocol tested and a claim
// about debate checked against a world whose rules are known. Every figure that they produce is a simulated figure.
//
// docs/MODEL.md explains the model: what each parameter rests on, where the key enters, what comes out in special cases that theory knows, and
// what it cannot tell. profile.go has the parameters and parameter.go a table of them, question.go what a question is to a
// simulated agent, mind.go and choice.go the equations, agent.go the agent, aggregator.go a simulated AggLM. Package profiles
// has the profiles that come with the program and reads those of users, package phrases the words of replies.
//
// # The model
//
// A question q has a difficulty d ~ N(0,1), a slope z ~ N(0,1) and an order of preference among its wrong answers, which all agents share.
// They come from the question's ID alone: they are properties of the question, the same in every draw, repeat, arm and
// experiment. With Φ the normal distribution function, an agent of accuracy A, consistency ρ, spread τ and loss δ on the task knows the answer with
//
//	p(d; δ) = Φ( (a - δ - √ρ_q d) / √(1-ρ_q) ),  a = Φ⁻¹( A / (1-u) ),  logit ρ_q = logit ρ + τ z
//
// where u is its rate of unreadable replies: the two-parameter normal-ogive model of item response theory (Lord and Novick 1968) with the
// discrimination √(ρ_q/(1-ρ_q)). Since d is standard normal, E p(d; 0) = A/(1-u): the accuracy of a single agent
// is A exactly, whatever ρ and τ. With τ = 0 the correctness of two agents of consistencies ρ and ρ' has the tetrachoric correlation √(ρρ')
// (the one-factor Gaussian model of Vasicek 1987).
//
// Its belief b puts p(d) on the key, the share κ of the rest on the question's most tempting wrong answer, and what is left
// evenly on the others. In round 0 it draws its answer from the belief with δ = 0. In a later round it
//
//  1. draws anew from its belief with the probability s, whatever it has heard, now with its loss δ: asked again, models
//     lose accuracy (Qu, Fu and Hu 2026, arXiv 2606.01637: 20.4 % harmful against 7.3 % beneficial revision when all peers
//     abstain). When it hears some answer and all that it hears are its own, η is added to the logit of s: models that were asked before six peers who
//     agreed with them let go of right answers more often than before peers who did not (the same, 27.6 % against 15.6 %);
//
//  2. otherwise chooses among the answers on the table, its own y and those it heard, and a new one, with P(k) ∝ exp U(k),
//
//     U(k) = π log( b(k) + n_k/m ) + w_own 1[k = y] + w_peer Σ_j c_j 1[k = heard_j] + w_first 1[k = heard_1] + v 1[k = key]
//     U(new) = log ν + π log Σ_{k off the table} b(k)
//
// a multinomial logit. A new answer is drawn from the belief among those off the table. v is the pull of the right answer's argument, in log-odds. n_k is
// how often the agent has said k or heard it in this turn and all before; with a finite m > 0 (and π > 0) all of these answers are on the table. c_j is 1
// as long as confidence is hidden; shown with the weight g_j in [0,1] it is c_j = 1 + ω (2 g_j - 1). With anonymity α, w_own is replaced by
// (1-α) w_own + α w_peer.
//
// The brief decides what counts: Revise is as above; Critique adds c_own to w_own and takes the part c_peer of w_peer away; Reflect hears nobody;
// Solve is a fresh round 0; an Aggregate without an own answer has no y. An agent that speaks for the first time after others
// forms an opinion first and weighs it like an own answer.
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
