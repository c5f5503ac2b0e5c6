// Package budget counts what an experiment costs, before and while it is run.
//
// [Rehearsal] estimates it beforehand: it holds some of the debates with stand-ins for the models, counts what they would be asked and
// extrapolates. [Ledger] counts what is bought while the experiment runs, and refuses the call that would pass a limit.
// Both are put around the models of an experiment, by plan.Means.Wrap, and know nothing of debates beyond package debate.
//
// What the server counted is the truth. Where it counts nothing a token is taken for every four bytes, and the account says so.
//
// There is no list of prices here: prices change, and a wrong one is worse than none. [Price] is what the user says it is.
package budget
