package tables

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"reflect"
	"strconv"

	"github.com/parquet-go/parquet-go"
)

// Format is a format of files.
type Format string

const (
	JSONL   Format = "jsonl"   // one JSON object a line
	CSV     Format = "csv"     // RFC 4180 with LF at the ends of lines, and a header
	Parquet Format = "parquet" // Apache Parquet, compressed with Zstandard
)

// Writer writes the rows of one table. Nothing is sure to be written before Close, which does not close the writer below.
type Writer[T Row] interface {
	Write(row T) error
	Close() error
}

// NewWriter returns a writer of rows in that format.
func NewWriter[T Row](w io.Writer, format Format) Writer[T] {
	columns := Columns[T]()
	switch format {
	case Parquet:
		return newParquetWriter[T](w)
	case CSV:
		c := &csvWriter[T]{columns: columns, cells: make([]string, len(columns)), w: csv.NewWriter(w)}
		for i, column := range columns {
			c.cells[i] = column.Name
		}
		c.err = c.w.Write(c.cells)
		return c
	}
	return &jsonWriter[T]{columns: columns, w: bufio.NewWriter(w)}
}

type csvWriter[T Row] struct {
	columns []Column
	cells   []string
	w       *csv.Writer
	err     error // of the header
}

func (c *csvWriter[T]) Write(row T) error {
	if c.err != nil {
		return c.err
	}
	v := reflect.ValueOf(row)
	for i, column := range c.columns {
		c.cells[i] = column.text(v)
	}
	return c.w.Write(c.cells)
}

func (c *csvWriter[T]) Close() error {
	if c.err != nil {
		return c.err
	}
	c.w.Flush()
	return c.w.Error()
}

type jsonWriter[T Row] struct {
	columns []Column
	line    []byte
	w       *bufio.Writer
}

func (j *jsonWriter[T]) Write(row T) error {
	v := reflect.ValueOf(row)
	b := append(j.line[:0], '{')
	for i, c := range j.columns {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(strconv.AppendQuote(b, c.Name), ':')
		var err error
		if b, err = c.appendJSON(b, v); err != nil {
			return fmt.Errorf("column %s: %w", c.Name, err)
		}
	}
	j.line = append(b, '}', '\n')
	_, err := j.w.Write(j.line)
	return err
}

func (j *jsonWriter[T]) Close() error { return j.w.Flush() }

// Limits of a group of rows in a Parquet file: what a writer or a reader has in memory at a time.
const (
	groupRows  = 20_000
	groupBytes = 8 << 20 // of texts
)

type parquetWriter[T Row] struct {
	w       *parquet.GenericWriter[T]
	columns []Column
	row     [1]T
	rows    int // in the group so far
	bytes   int
}

func newParquetWriter[T Row](w io.Writer) *parquetWriter[T] {
	// Subtle: bounds of long texts would put these into the footer, which readers hold in memory whole.
	return &parquetWriter[T]{columns: Columns[T](), w: parquet.NewGenericWriter[T](w,
		parquet.Compression(&parquet.Zstd), parquet.CreatedBy("cheaptalk", "1", ""), parquet.ColumnIndexSizeLimit(func([]string) int { return 16 }))}
}

func (p *parquetWriter[T]) Write(row T) error {
	p.row[0] = row
	if _, err := p.w.Write(p.row[:]); err != nil {
		return err
	}
	p.rows++
	v := reflect.ValueOf(row)
	for _, c := range p.columns {
		if f := v.FieldByIndex(c.index); f.Kind() == reflect.String {
			p.bytes += f.Len()
		}
	}
	if p.rows < groupRows && p.bytes < groupBytes {
		return nil
	}
	p.rows, p.bytes = 0, 0
	return p.w.Flush()
}

func (p *parquetWriter[T]) Close() error { return p.w.Close() }
