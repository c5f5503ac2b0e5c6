// Package twin fits simulated agents to the transcripts of a run: twins of the agents that spoke in it. docs/TWINS.md says how to use them
// and what the numbers mean; docs/MODEL.md has the model.
//
// Read it in this order. Package steps takes from transcripts what was chosen from what. Package alone is the first stage: accuracy, consistency
// and concentration from the independent answers, with package difficulty for integrals over the difficulty of questions. Package belief has
// the probability of a choice: belief/history.go what was said so far tells of a question, belief/choice.go the equations and their
// derivatives. Here, problem.go is the likelihood of one agent's revisions, fit.go its maximum, spread.go how sure that is and what the data
// cannot tell apart, profile.go the profile of it. Package heldout scores twins on questions that they were not fitted to, beside five rules.
//
// # Method
//
// A revision chooses one of the answers on the table (the own one and those heard) or a new one. The twin gives k the probability
//
//	P(k) = E[ s b(k) + (1-s) exp U(k) / Σ exp U ]
//
// with the belief b, the utilities U and the probability s of answering anew of docs/MODEL.md, in whose logit η is added where all agree: a mixture with a multinomial logit (McFadden 1974,
// "Conditional logit analysis of qualitative choice behavior"). b depends on the question's difficulty d and on which wrong answer tempts, and
// neither is seen. The expectation is over both, given the independent answers of the debate and, from its second round on, what was chosen
// in earlier rounds. Leaving the earlier rounds out is simpler and wrong: it makes π come out far too small.
//
// The stages, and in the second the twins of several agents, are fitted one after the other. What earlier rounds say of the difficulty
// depends on the twins themselves; it is computed from those of the pass before, three passes in all.
//
// # Not fitted
//
// Anonymity and prior mass stay 0 (an agent that cannot tell its own answer, or that remembers earlier rounds, shows in the weights), the spread
// of discrimination stays 0, and stated confidence is not modelled: the twin reads shown confidence as a weight, not as a sign of difficulty.
//
// # Concurrency
//
// Everything that is returned is plain data and does not change, but for predictors, which belong to one goroutine each.
package twin
