// Package plots draws reports. [Kinds] is the one table of what there is to draw; [Write] draws what belongs to every run.
//
// Figures are PNG at twice the size of a screen, SVG or PDF, and the same, byte for byte, for the same report. A figure is a grid of small panels with one
// scale, so that arms and data sets are compared by eye. Its caption has the number of observations, the method of the intervals and the source, and a run with
// simulated agents says so in its title. Colours are those of package paint, and never carry a meaning alone.
//
// Below, answers draws what became of answers and outcomes how right arms are; panels has what both share, and figure lays out and encodes.
package plots
