// Package predict says what a debate would do before anyone is asked: it holds the debates of fitted simulated agents under designs that they were
// not fitted to, other protocols, teams and rounds, and searches designs for the best accuracy at a cost.
//
// # What is predicted
//
// A [World] is the profiles, the simulated questions and the seed. A [Design] is a team, a protocol, a number of rounds and a judge. Its prediction
// is what [debate.Experiment] would record of these agents on these questions, to the last digit: protocols, judges, agents and seeds are the same,
// and only the room is another, one goroutine a debate without actors. A debate of five rounds begins with the same debate of four, so that all
// rounds and judges of one team under one protocol are read from one debate.
//
// # How sure it is
//
// A profile file has the covariance Σ of its parameters on their unconstrained scales. Each draw takes x ~ N(x̂, Σ) for every profile and holds all
// debates again, with the same questions and the same luck (common random numbers), so that draws differ by their parameters alone. With the accuracy
// m_r in the r-th of R draws and its standard error s_r over the questions, what is known of the accuracy is the mixture
//
//	1/R Σ_r N(m_r, s_r²)
//
// whose variance is that between the draws plus that of the simulation. The interval is that of its quantiles, made to include the value at x̂ where
// it would not. An agent that sits in a team twice has the same parameters in both seats; different profiles are drawn independently.
//
// # What is not predicted
//
// See [World.NotModelled]. No number is made where the model has no mechanism, or where nobody has fitted or assumed in the open how strong it is.
//
// # Where to start reading
//
// design.go has the nouns, world.go the debates and who holds them, draw.go the draws, estimate.go the intervals, held.go what is not modelled. Package
// sweep searches designs, package kept keeps predictions and holds them against runs.
//
// Nothing here depends on the number of workers.
package predict
