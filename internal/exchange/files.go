package exchange

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"cheaptalk/internal/exchange/tables"
)

// Files are files to import, sorted by what is in them.
type Files struct {
	Experiment string            // an experiment file; "" when there is none
	Whole      []string          // whole records as JSON lines
	Tables     map[string]string // the file of each table, by its name
	Others     []string          // all others that begin as JSON does: recorded debates in some other format
}

// Sort looks into the files and says what they are. An error names the file.
func Sort(paths []string) (*Files, error) {
	f := &Files{Tables: map[string]string{}}
	for _, path := range paths {
		if err := f.sort(path); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	held := 0
	for _, some := range []bool{len(f.Whole) > 0, len(f.Tables) > 0, len(f.Others) > 0} {
		if some {
			held++
		}
	}
	names := strings.Join(slices.Concat(f.Whole, f.tables(), f.Others), ", ")
	switch {
	case held == 0:
		return nil, errors.New("there is no file with debates in it\n  give a file that cheaptalk export has written, or recorded debates")
	case held > 1:
		return nil, fmt.Errorf("%s: these are whole records, tables and recorded debates of other formats mixed\n  import one kind at a time", names)
	case len(f.Tables) > 0 && (f.Tables[Tables[0]] == "" || f.Tables[Tables[1]] == ""):
		return nil, fmt.Errorf("%s: debates are made of the tables records and messages together\n  give both files", names)
	case len(f.Others) > 0 && f.Experiment != "":
		return nil, fmt.Errorf("%s: recorded debates are imported without an experiment file\n  leave it out", f.Experiment)
	}
	return f, nil
}

func (f *Files) tables() []string {
	var paths []string
	for _, name := range Tables {
		if path := f.Tables[name]; path != "" {
			paths = append(paths, path)
		}
	}
	return paths
}

// sort finds out what one file is.
func (f *Files) sort(path string) error {
	if ext := strings.ToLower(filepath.Ext(path)); ext == ".yaml" || ext == ".yml" {
		if f.Experiment != "" {
			return fmt.Errorf("there is another experiment file, %s\n  give one", f.Experiment)
		}
		f.Experiment = path
		return nil
	}
	in, err := open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	start, err := in.Peek(4)
	if err != nil && err != io.EOF {
		return err
	}
	var columns []string
	switch {
	case string(start) == "PAR1":
		info, err := in.file.Stat()
		if err != nil {
			return err
		}
		if columns, err = tables.ParquetColumns(in.file, info.Size()); err != nil {
			return err
		}
	case len(start) > 0 && start[0] == 0x80:
		return errors.New("this looks like a Python pickle, which is not read: it is a program that would have to be run\n  write the debates as JSON")
	default:
		first, err := firstByte(in)
		if err != nil {
			return err
		}
		if first == '{' || first == '[' {
			return f.sortJSON(path, in)
		}
		if columns, err = tables.Header(in); err != nil {
			return err
		}
	}
	table := tables.Table(columns)
	if table == "" {
		return errors.New("its columns are of none of the tables records, messages and transitions\n  docs/EXPORT.md lists the columns")
	}
	if other := f.Tables[table]; other != "" {
		return fmt.Errorf("it is the table %s, and so is %s\n  give each table once", table, other)
	}
	f.Tables[table] = path
	return nil
}

// sortJSON finds out what a file of JSON is by the fields of its first line.
func (f *Files) sortJSON(path string, in *input) error {
	line, err := in.ReadBytes('\n')
	if err != nil && err != io.EOF {
		return err
	}
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(line, &fields) // what is no object of one line is another format's
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(name string) bool { _, ok := fields[name]; return !ok })
	}
	switch {
	case has("case", "seed"):
		f.Whole = append(f.Whole, path)
	case has("arm", "item", "seq"):
		return errors.New("this is a table as JSON lines, which is not read again\n  import records.jsonl, which has all that it has")
	case has("version", "eval") || bytes.HasPrefix(bytes.TrimSpace(line), []byte(`{"version":2,"status":`)):
		return errors.New("this is a log of inspect_ai, which does not hold all of a debate and is not read again\n  import records.jsonl of the same run")
	default:
		f.Others = append(f.Others, path)
	}
	return nil
}

// firstByte returns the first byte of the file that is no space, and 0 in a file without one. It takes nothing from it but those.
func firstByte(in *input) (byte, error) {
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		in.Discard(3)
	}
	for {
		b, err := in.ReadByte()
		switch {
		case err == io.EOF:
			return 0, errors.New("the file is empty")
		case err != nil:
			return 0, err
		case !bytes.Contains([]byte(" \t\r\n"), []byte{b}):
			return b, in.UnreadByte()
		}
	}
}

// input is a file open for reading, unzipped if it is gzipped.
type input struct {
	*bufio.Reader
	file *os.File
}

func open(path string) (*input, error) {
	file, err := os.Open(path)
	if err != nil {
		var p *os.PathError
		if errors.As(err, &p) {
			err = p.Err // the caller names the file
		}
		return nil, err
	}
	in := &input{Reader: bufio.NewReaderSize(file, 1<<16), file: file}
	if magic, _ := in.Peek(2); string(magic) == "\x1f\x8b" {
		unzipped, err := gzip.NewReader(in.Reader)
		if err != nil {
			return nil, errors.Join(err, file.Close())
		}
		in.Reader = bufio.NewReaderSize(unzipped, 1<<16)
	}
	return in, nil
}

// Close closes the file.
func (in *input) Close() error { return in.file.Close() }
