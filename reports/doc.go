// Package reports turns a stream of debate records into numbers that may be published: who was right before and after the
// debate, how often hearing each other helped or harmed, what it cost, and how sure all that is.
//
// [Analyze] reads the records once and returns a [Report], plain data that marshals to JSON. The subpackages take it from
// there: words says it in sentences, tables makes tables of it and grid lays these out, plots draws it. Below Analyze, compact is what is kept of a record, measure what is
// made of the rows of one arm, social how agents met the answers of others, verdicts what judges made of them, gather the pools in which all that is collected, and stats
// the statistics with their sources. Package transcript prints one debate, failures sorts what went wrong, paint has the colours.
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
// # How sure
//
// No number goes without what it takes for granted: rates and differences name the method of their interval, Report.Assumptions says what each method assumes, and
// Report.Notes warn of what numbers do not say. Tables print both below the numbers. A difference whose interval includes 0 is printed with a "~".
//
// # Memory
//
// A record is reduced to about eighty bytes as it streams by; texts are never kept. Arms are then measured side by side, on as many processors as there are; what comes
// out does not depend on that.
package reports
