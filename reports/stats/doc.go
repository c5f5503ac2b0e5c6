// Package stats holds the statistics that the tables and plots of reports rest on: intervals for a rate and for the difference
// of two paired rates, exact paired tests with their effect size, tests of equivalence and of several treatments at once, Holm's correction, the size of a study that would settle a
// question, the votes that a panel is worth, and the calibration of stated confidence. Package resample has what draws questions anew. It knows nothing of debates.
//
// # Clusters
//
// [Proportion] and [Paired] are fed clusters: a cluster is a question, its units are the debates (or the agents' replies) about
// it. Units of one question are alike, so that many of them say less than as many questions would. Where every cluster
// has one unit, a rate has Wilson's interval and a difference Newcombe's with the exact McNemar test; where some have more,
// both keep that form at the effective sample size, and say so in their Method. One road for both cases has no interval of
// width zero: five questions answered rightly are not a certainty.
//
// No function returns NaN or an infinity, whatever its counts: without data an interval is the whole range.
package stats
