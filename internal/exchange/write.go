package exchange

import (
	"bufio"
	"io"

	"cheaptalk/debate"
	"cheaptalk/internal/exchange/jsontext"
	"cheaptalk/internal/exchange/tables"
)

// Tables are the names of the tables.
var Tables = []string{tables.Name[tables.Record](), tables.Name[tables.Message](), tables.Name[tables.Transition]()}

// Writer writes records in one format to one file. Close writes the rest; it does not close the file.
type Writer interface {
	Write(rec *debate.Record) error
	Close() error
}

// WholeRecords returns a writer of JSON lines, a whole record each.
func WholeRecords(w io.Writer) Writer { return &wholeRecords{w: bufio.NewWriter(w)} }

type wholeRecords struct{ w *bufio.Writer }

func (l *wholeRecords) Write(rec *debate.Record) error { return jsontext.Write(l.w, rec, "") }

func (l *wholeRecords) Close() error { return l.w.Flush() }

// Table returns a writer of the rows that records have in the table of that name, one of [Tables].
func Table(w io.Writer, name string, format tables.Format) Writer {
	switch name {
	case Tables[0]:
		return tableOf(w, format, func(row tables.Record, _ []tables.Message, _ []tables.Transition) []tables.Record {
			return []tables.Record{row}
		})
	case Tables[1]:
		return tableOf(w, format, func(_ tables.Record, rows []tables.Message, _ []tables.Transition) []tables.Message { return rows })
	}
	return tableOf(w, format, func(_ tables.Record, _ []tables.Message, rows []tables.Transition) []tables.Transition { return rows })
}

// table writes some rows of each record.
type table[T tables.Row] struct {
	tables.Writer[T]
	rows func(tables.Record, []tables.Message, []tables.Transition) []T
}

func tableOf[T tables.Row](w io.Writer, format tables.Format, rows func(tables.Record, []tables.Message, []tables.Transition) []T) Writer {
	return &table[T]{Writer: tables.NewWriter[T](w, format), rows: rows}
}

func (t *table[T]) Write(rec *debate.Record) error {
	record, messages, transitions, err := tables.Of(rec)
	if err != nil {
		return err
	}
	for _, row := range t.rows(record, messages, transitions) {
		if err := t.Writer.Write(row); err != nil {
			return err
		}
	}
	return nil
}
