// Package reports turns a stream of debate records into numbers that may be published: who was right before and after the
// debate, how often hearing each other helped or harmed, what it cost, and how sure all that is.
//
// [Analyze] reads the records once and returns a [Report], plain data that marshals to JSON. The subpackages take it from
// there: words says it in sentences, tables lays it out for terminals, Markdown and CSV, plots draws it. Package transcript prints
// one debate, failures sorts what went wrong, stats holds the statistics and their sources, compact what is kept of a record, paint the
// colours.
//
// # What is counted
//
// An answer is right, wrong or unreadable, and accuracy is right out of all three. A failed debate is none of them: it is
// counted beside, and BestCase and WorstCase say what accuracy would be had all failed ones been right or wrong. Where a vote
// is not among the verdicts it is the plurality with ties broken by the seed of the case ([debate.BreakTie]). Oracle and
// BestSingle are bounds, made from the key; no group could reach them knowingly.
//
// Arms are compared on the cases that both have. Questions are the units that were sampled, so that several debates, draws or
// agents of one question make one cluster. Everything is sorted by name, or in the order of Options.Arms.
//
// # Memory
//
// A record is reduced to about a dozen bytes a reply as it streams by; texts are never kept. Read package compact for how, then
// section.go and arm.go for what is made of it.
package reports
