// Package tables writes and reads the three tables that a run can be exported to: [Record], a row a debate; [Message], a row a turn;
// [Transition], a row for what happened to one agent between two of its replies.
//
// A table is a Go type whose fields are its columns, in order; docs/EXPORT.md says what each means, and a test holds it against the
// types. [Of] makes the rows of a debate, [Record.Debate] makes the debate of its rows again. rows.go has the tables, rebuild.go the
// way back, cells.go turns fields into cells; csv.go, parquet.go and write.go are the formats.
//
// # Nulls
//
// A text is never empty: where there is none, the cell is null. A number is null where its column is a pointer and nil. A list is never
// null, it may be empty. Null is an empty cell in CSV, null in Parquet and in JSON.
//
// # What the tables do not hold
//
// The requests and responses behind a reply (debate.Reply.Exchanges). All else of a record can be made again of its row in records and its
// rows in messages; transitions follow from the messages.
//
// # Bytes
//
// The same rows give the same bytes. Memory does not grow with the number of rows: Parquet files are written and read a group of rows
// after the other. A [Writer] and an iteration belong to one goroutine.
package tables
