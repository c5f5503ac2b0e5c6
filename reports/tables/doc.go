// Package tables makes tables of reports.
//
// [All] makes every table of a report that has something to show, [Accuracy] the first of them, which is what a run prints. What a number takes for granted is in the
// caption of its table, and what it must not be taken for in the notes below. Package grid lays them out.
package tables
