// Package grid lays tables out: for terminals of any width, as Markdown, as LaTeX and as CSV.
//
// A [Table] is plain data; a [Builder] makes one, cell by cell. On a narrow terminal a table first shortens its heads, then its cells, then leaves out its least
// important columns and says which; it never wraps. CSV has everything: counts, rates and both ends of every interval.
package grid
