package datasets

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
)

// RowError says that a row of a data set is not a question with a key. Its text has three lines: what, where and how much
// was read before.
type RowError struct {
	Set     string // the data set, or the base name of the file
	Path    string
	Line    int    // where the row begins, from 1; in a Parquet file the number of the row, from 1
	Row     string // the beginning of the row, fit for a terminal
	Problem string // `no "answer"` for example
	Before  int    // questions of the file read before it
}

func (e *RowError) Error() string {
	unit := "line"
	if filepath.Ext(e.Path) == ".parquet" {
		unit = "row"
	}
	return fmt.Sprintf("%s: %s %d is not a question\n  %s:%d   %s   (%s)\n  questions read before it: %d; none was asked",
		e.Set, unit, e.Line, e.Path, e.Line, e.Row, e.Problem, e.Before)
}

// MissingError says that a file of a known data set is not in the data directory. It is an [fs.ErrNotExist].
type MissingError struct {
	Set    string
	Looked []string // every path that was tried
}

func (e *MissingError) Error() string {
	return fmt.Sprintf("%s: its files are not on this machine\n  looked for %s\n  cheaptalk datasets fetch %s, or set CHEAPTALK_DATA to the directory that has them",
		e.Set, strings.Join(e.Looked, "\n         and "), e.Set)
}

// Unwrap returns [fs.ErrNotExist].
func (e *MissingError) Unwrap() error { return fs.ErrNotExist }
