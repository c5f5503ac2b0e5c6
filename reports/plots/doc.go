// Package plots draws reports: what became of answers round by round, how often revising harmed and helped, accuracy over
// the rounds, and how the number of agreeing peers moves those who are right.
//
// Every figure is written as SVG and as PNG at twice the size of print. The SVG is the same, byte for byte, for the same report.
// A figure is a grid of small panels with one scale, so that arms and data sets are compared by eye; its caption
// has the number of observations and the method of the intervals, and a run with simulated agents says so in its title.
package plots
