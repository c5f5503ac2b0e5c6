package tables

import (
	"encoding/binary"
	"fmt"
	"io"
	"iter"
	"reflect"
	"strings"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go"
)

// batch is how many rows of a Parquet file are made at a time.
const batch = 64

// ReadParquet reads a table that a [Writer] wrote as Parquet, or another program with the same columns. Columns may be in any order. The
// error is the last that is yielded, with the row that it is of or comes after.
func ReadParquet[T Row](in io.ReaderAt, size int64) iter.Seq2[Placed[T], error] {
	return func(yield func(Placed[T], error) bool) {
		row := Placed[T]{}
		yielding := false // a panic of the caller's is its own
		defer func() {
			if yielding {
				return
			}
			if p := recover(); p != nil {
				yield(Placed[T]{Line: row.Line}, fmt.Errorf("damaged Parquet file: %v", p))
			}
		}()
		err := readParquet(in, size, func(next T, err error) bool {
			row = Placed[T]{Row: next, Line: row.Line + 1}
			yielding = true
			on := yield(row, err)
			yielding = false
			return on && err == nil
		})
		if err != nil {
			yielding = true
			yield(Placed[T]{Line: row.Line}, err)
		}
	}
}

// readParquet calls yield with every row, and with an error where it cannot be one, until yield returns false.
func readParquet[T Row](in io.ReaderAt, size int64, yield func(T, error) bool) error {
	file, err := openParquet(in, size)
	if err != nil {
		return err
	}
	if err := checkSchema[T](file.Schema()); err != nil {
		return err
	}
	reader := parquet.NewGenericReader[T](file)
	defer reader.Close()
	columns := Columns[T]()
	rows := make([]T, batch)
	for {
		clear(rows)
		n, err := reader.Read(rows)
		for i := range rows[:n] {
			if !yield(rows[i], checkCells(columns, reflect.ValueOf(&rows[i]).Elem())) {
				return nil
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return fmt.Errorf("damaged Parquet file: %w", err)
		}
	}
}

// checkCells returns an error when a text of a row is not UTF-8. It makes empty lists nil, as they are everywhere else.
func checkCells(columns []Column, row reflect.Value) error {
	for _, c := range columns {
		switch v := row.FieldByIndex(c.index); v.Kind() {
		case reflect.String:
			if !utf8.ValidString(v.String()) {
				return fmt.Errorf("column %s: not UTF-8; write it as UTF-8 text", c.Name)
			}
		case reflect.Slice:
			if v.Len() == 0 {
				v.SetZero()
			}
		}
	}
	return nil
}

// ParquetColumns returns the names of the columns of a Parquet file.
func ParquetColumns(in io.ReaderAt, size int64) (names []string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("damaged Parquet file: %v", p)
		}
	}()
	file, err := openParquet(in, size)
	if err != nil {
		return nil, err
	}
	for _, f := range file.Schema().Fields() {
		names = append(names, f.Name())
	}
	return names, nil
}

func openParquet(in io.ReaderAt, size int64) (*parquet.File, error) {
	if err := checkFooter(in, size); err != nil {
		return nil, fmt.Errorf("damaged Parquet file: %w", err)
	}
	file, err := parquet.OpenFile(in, size, parquet.SkipBloomFilters(true))
	if err != nil {
		return nil, fmt.Errorf("damaged Parquet file: %w", err)
	}
	return file, nil
}

// checkFooter makes sure that the footer is no longer than the file. The library believes the length that it finds there
// and would take up to 4 GiB of memory for the footer of a damaged file.
func checkFooter(in io.ReaderAt, size int64) error {
	var tail [8]byte // the length of the footer and "PAR1"
	if size < int64(len(tail)) {
		return io.ErrUnexpectedEOF
	}
	if _, err := in.ReadAt(tail[:], size-int64(len(tail))); err != nil {
		return err
	}
	if n := int64(binary.LittleEndian.Uint32(tail[:])); n > size-int64(len(tail)) {
		return fmt.Errorf("a footer of %d bytes in a file of %d", n, size)
	}
	return nil
}

// checkSchema makes sure that a file has the columns of the table, each of its type: the library would leave out a column that it does
// not know and make up one that is not there.
func checkSchema[T Row](schema *parquet.Schema) error {
	var names []string
	for _, f := range schema.Fields() {
		names = append(names, f.Name())
	}
	if _, err := match[T](names); err != nil {
		return err
	}
	for _, c := range Columns[T]() {
		if got := typeOf(schema, c.Name); got != c.Type {
			return fmt.Errorf("column %s holds %s, not %s; write it as it was exported", c.Name, got, c.Type)
		}
	}
	return nil
}

// typeOf names the type of a column as [Column.Type] does, where it is one of these.
func typeOf(schema *parquet.Schema, column string) string {
	var leaves []string
	for _, path := range schema.Columns() {
		if path[0] != column {
			continue
		}
		leaf, _ := schema.Lookup(path...)
		name := strings.ToLower(leaf.Node.Type().String())
		switch leaf.Node.Type().Kind() {
		case parquet.Boolean:
			name = "true or false"
		case parquet.Int64, parquet.Int32:
			name = "integer"
		case parquet.Double:
			name = "number"
		case parquet.ByteArray:
			name = "text"
		}
		if len(path) > 1 {
			name = "list of " + name + "s"
		}
		leaves = append(leaves, name)
	}
	return strings.Join(leaves, " and ")
}
