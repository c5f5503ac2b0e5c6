// Package exchange carries runs out of cheaptalk and back into it.
//
// [Writer] writes the records of a run to files: whole records as JSON lines, which hold everything; the three tables of package tables, as
// CSV, Parquet or JSON lines; and, by package inspect, logs of inspect_ai. [Sort] says what files are, and [Files.Records] makes records
// again of whole records or of the tables records and messages.
//
// # What is promised
//
// Whole records that are exported, imported and exported again are the same bytes. So are the tables. Nothing is lost silently: a field or
// a column that nothing here knows is an error, what follows from other columns is compared with them (see [Files.Records]), and the
// caller is told what a format does not hold.
//
// # Memory and concurrency
//
// Records are written and read one after the other. A Writer and an iteration belong to one goroutine.
package exchange
