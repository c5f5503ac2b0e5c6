package tables

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"iter"
	"reflect"
	"unicode/utf8"
)

// Placed is a row with its place in a file.
type Placed[T Row] struct {
	Row  T
	Line int // where it begins, from 1; in Parquet, where there are no lines, its number from 1
}

// ReadCSV reads a table that a [Writer] wrote as CSV. Columns may be in any order; lines may end with CR LF. The error is the last that is
// yielded, with the line that it is of.
func ReadCSV[T Row](in io.Reader) iter.Seq2[Placed[T], error] {
	return func(yield func(Placed[T], error) bool) {
		cells := newCells(in)
		names, line, err := cells.next()
		if err == io.EOF {
			err = errors.New("the file is empty")
		}
		var order []int
		if err == nil {
			order, err = match[T](names)
		}
		columns := Columns[T]()
		for err == nil {
			var row Placed[T]
			var values []string
			if values, line, err = cells.next(); err != nil {
				break
			}
			row.Line = line
			if len(values) != len(order) {
				err = fmt.Errorf("%d cells under a header of %d", len(values), len(order))
				break
			}
			for i, cell := range values {
				c := columns[order[i]]
				if err = c.set(reflect.ValueOf(&row.Row).Elem(), cell); err != nil {
					err = fmt.Errorf("column %s: %w", c.Name, err)
					break
				}
			}
			if err == nil && !yield(row, nil) {
				return
			}
		}
		if err != io.EOF {
			yield(Placed[T]{Line: line}, err)
		}
	}
}

// Header returns the names in the first row of a CSV file.
func Header(in io.Reader) ([]string, error) {
	names, line, err := newCells(in).next()
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("line %d: %w", line, err)
	}
	return names, nil
}

// cells takes CSV apart as RFC 4180 has it, and strictly. Subtle: encoding/csv reads CR LF in a cell as LF, which would change texts.
type cells struct {
	in   *bufio.Reader
	line int // that begins with the next byte to be read
}

func newCells(in io.Reader) *cells {
	buffered := bufio.NewReaderSize(in, 1<<16)
	if mark, _ := buffered.Peek(3); string(mark) == "\xef\xbb\xbf" { // the byte order mark that spreadsheets write
		buffered.Discard(3)
	}
	return &cells{in: buffered, line: 1}
}

// next returns the cells of the next row and the line on which it begins. Empty lines are no rows. After the last one the error is io.EOF.
func (c *cells) next() (row []string, line int, err error) {
	for {
		line = c.line
		cell, end, err := c.cell()
		switch {
		case err == io.EOF && cell == "":
			return nil, line, io.EOF
		case err != nil && err != io.EOF:
			return nil, line, err
		case end == endLine && cell == "":
			continue
		}
		row = append(row, cell)
		for end == endComma {
			if cell, end, err = c.cell(); err != nil && err != io.EOF {
				return nil, line, err
			}
			row = append(row, cell)
		}
		for _, cell := range row {
			if !utf8.ValidString(cell) {
				return nil, line, errors.New("not UTF-8; save the file as UTF-8 text")
			}
		}
		return row, line, nil
	}
}

// end is what ended a cell.
type end uint8

const (
	endFile end = iota
	endComma
	endLine
)

// cell reads one cell and what ends it. The error is io.EOF at the end of the file.
func (c *cells) cell() (string, end, error) {
	var text []byte
	first, err := c.in.ReadByte()
	if err != nil {
		return "", endFile, err
	}
	if first == '"' {
		return c.quoted()
	}
	for b := first; ; {
		switch b {
		case ',':
			return string(text), endComma, nil
		case '\n':
			c.line++
			if n := len(text); n > 0 && text[n-1] == '\r' {
				text = text[:n-1]
			}
			return string(text), endLine, nil
		case '"':
			return "", endFile, errors.New("a stray quote: put the whole cell in quotes and double those inside it")
		}
		text = append(text, b)
		if b, err = c.in.ReadByte(); err != nil {
			return string(text), endFile, err
		}
	}
}

// quoted reads the rest of a cell after its opening quote.
func (c *cells) quoted() (string, end, error) {
	var text []byte
	for {
		part, err := c.in.ReadSlice('"')
		text = append(text, part...)
		for _, b := range part {
			if b == '\n' {
				c.line++
			}
		}
		if err == bufio.ErrBufferFull {
			continue
		}
		if err == io.EOF {
			return "", endFile, errors.New("a quote is opened and not closed")
		}
		if err != nil {
			return "", endFile, err
		}
		after, err := c.in.ReadByte()
		if err == nil && after == '"' {
			continue // a doubled quote stands for one, which text has
		}
		cell := string(text[:len(text)-1])
		if err == nil && after == '\r' {
			after, err = c.in.ReadByte()
			if err != nil || after != '\n' {
				return "", endFile, errors.New("a stray CR after a closing quote")
			}
		}
		switch {
		case err == io.EOF:
			return cell, endFile, nil
		case err != nil:
			return "", endFile, err
		case after == ',':
			return cell, endComma, nil
		case after == '\n':
			c.line++
			return cell, endLine, nil
		}
		return "", endFile, errors.New("something follows a closing quote: double the quotes inside a cell")
	}
}
