// Package panels has what all plots of a report share: titles, captions, axes in percent, and the grid with a panel for each arm and data set.
package panels
