package rows

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"strings"
	"unicode/utf8"
)

// Format returns the format of a file by its name: ".jsonl", ".csv" or ".parquet", and whether it is compressed.
func Format(name string) (ext string, gz bool, ok bool) {
	name, gz = strings.CutSuffix(strings.ToLower(name), ".gz")
	ext = path.Ext(name)
	return ext, gz, ext == ".jsonl" || ext == ".csv" || ext == ".parquet" && !gz
}

// Read reads the rows of an open file whose name says its format (see [Format]). A row that is not a question has Err set;
// one that could not be taken apart may be the last, where it is not known where the next begins. The error of the sequence is one of reading the file, and ends it.
func Read(f fs.File, name string) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		read(f, name, func(r record, err error) bool {
			if err != nil {
				return yield(Row{}, err)
			}
			return yield(r.row(), nil)
		})
	}
}

// errNotUTF8 is of a row in another encoding.
var errNotUTF8 = errors.New("not UTF-8: save the file as UTF-8 text")

// record is one row of a file on its way to become a Row.
type record struct {
	fields fields
	line   int    // where it begins, from 1
	raw    string // as written
	bad    error  // set when the row could not be taken apart
}

func (r record) row() Row {
	var row Row
	err := r.bad
	switch {
	case !utf8.ValidString(r.raw):
		err = errNotUTF8
	case err != nil:
	default:
		row, err = r.fields.row()
	}
	if err != nil {
		row = Row{Err: err}
	}
	row.Line, row.Raw = r.line, r.raw
	return row
}

func read(f fs.File, name string, yield func(record, error) bool) {
	ext, gz, _ := Format(name)
	if ext == ".parquet" {
		fromParquet(f, yield)
		return
	}
	in := io.Reader(f)
	if gz {
		z, err := gzip.NewReader(f)
		if err != nil {
			yield(record{}, err)
			return
		}
		in = z
	}
	buffered := bufio.NewReaderSize(in, 1<<16)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" { // the byte order mark that spreadsheets write
		buffered.Discard(3)
	}
	if mark, _ := buffered.Peek(2); string(mark) == "\xff\xfe" || string(mark) == "\xfe\xff" { // that of UTF-16
		yield(record{line: 1, bad: errors.New("UTF-16: save the file as UTF-8 text")}, nil)
		return
	}
	if ext == ".csv" {
		fromCSV(buffered, yield)
		return
	}
	fromJSONL(buffered, yield)
}

// fromJSONL reads one JSON object a line. Lines end with "\n" alone and may be of any length; blank ones are skipped.
func fromJSONL(in *bufio.Reader, yield func(record, error) bool) {
	for line := 1; ; line++ {
		b, err := in.ReadBytes('\n')
		if err != nil && err != io.EOF {
			yield(record{}, err)
			return
		}
		if text := bytes.TrimSpace(b); len(text) > 0 {
			r := record{line: line, raw: string(text)}
			r.fields, r.bad = object(text)
			if !yield(r, nil) {
				return
			}
		}
		if err == io.EOF {
			return
		}
	}
}

// object reads one JSON object. Numbers stay as written.
func object(b []byte) (fields, error) {
	if b[0] != '{' {
		return nil, errors.New("not a JSON object: write one question a line")
	}
	if !json.Valid(b) {
		return nil, errors.New("not one whole JSON object")
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.UseNumber()
	f := fields{}
	if err := d.Decode(&f); err != nil {
		return nil, err
	}
	return f, nil
}
