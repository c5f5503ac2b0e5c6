package rows

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/parquet-go/parquet-go"
)

// parquetRows is how many rows of a Parquet file are in memory at a time before they become questions.
const parquetRows = 256

// fromParquet reads the rows of a Parquet file. What the library panics on is an error: the file is damaged.
func fromParquet(f fs.File, yield func(record, error) bool) {
	yielding := false // a panic of the caller's is its own
	defer func() {
		if yielding {
			return
		}
		if p := recover(); p != nil {
			yield(record{}, fmt.Errorf("damaged Parquet file: %v", p))
		}
	}()
	in, ok := f.(io.ReaderAt)
	if !ok {
		yield(record{}, errors.New("a Parquet file must be seekable"))
		return
	}
	info, err := f.Stat()
	if err != nil {
		yield(record{}, err)
		return
	}
	if err := checkFooter(in, info.Size()); err != nil {
		yield(record{}, fmt.Errorf("damaged Parquet file: %w", err))
		return
	}
	file, err := parquet.OpenFile(in, info.Size())
	if err != nil {
		yield(record{}, fmt.Errorf("damaged Parquet file: %w", err))
		return
	}
	reader := parquet.NewGenericReader[any](file)
	defer reader.Close()
	rows := make([]any, parquetRows)
	for line := 1; ; {
		clear(rows)
		n, err := reader.Read(rows)
		for _, v := range rows[:n] {
			r := record{line: line}
			line++
			if object, ok := v.(map[string]any); ok {
				r.fields, r.raw = object, fmt.Sprint(object["question"])
			} else {
				r.bad = errors.New("not a record with named columns")
			}
			yielding = true
			if !yield(r, nil) {
				return
			}
			yielding = false
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			yield(record{}, fmt.Errorf("damaged Parquet file: %w", err))
			return
		}
	}
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
