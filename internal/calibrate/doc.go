// Package calibrate fits profiles of simulated agents to published figures: votes before and after debate, rates of revision.
//
// # Where to start reading
//
// moments/ has the method, simulated moments, and the search; figures/ the files of figures; stage/ debates without rooms. In this package votes.go says
// which parameters are fitted to votes of groups, scripted.go which to one agent before scripted peers, sources.go has the published figures,
// files.go writes profile files and report.go says how good a fit is.
package calibrate
