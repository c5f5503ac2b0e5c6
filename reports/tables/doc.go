// Package tables lays reports out as tables: for terminals of any width, as Markdown and as CSV.
//
// A [Table] is plain data. [All] makes every table of a report that has something to show, [Accuracy] the first of them, which is
// what a run prints. On a narrow terminal a table first shortens its cells, then leaves out its least
// important columns and says which; it never wraps. CSV has everything: counts, rates and both ends of every interval.
package tables
