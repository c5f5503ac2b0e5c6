// Package runs finds the runs in a folder of them.
package runs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"cheaptalk/internal/store"
)

// stampEnd matches the time at the end of a folder's name, and the number that makes it unique.
var stampEnd = regexp.MustCompile(`-\d{4}-\d{2}-\d{2}-\d{4}(-\d+)?$`)

// Summary is what a list shows of a run.
type Summary struct {
	Dir       string
	Name      string
	Created   time.Time
	Planned   int
	Done      int // see [store.Run.Count]
	Failed    int
	State     store.State
	Simulated bool
	Imported  bool // see [store.Meta.Imported]
	// Err is why the run cannot be read; then only Dir and the Name that its folder tells are set.
	Err error
}

// List returns the runs in the folder root, the newest first and the unreadable ones last. It reads no record.
// A root that does not exist has no runs.
func List(ctx context.Context, root string) ([]Summary, error) {
	dirs, err := folders(root)
	if err != nil {
		return nil, err
	}
	list := make([]Summary, 0, len(dirs))
	for _, dir := range dirs {
		s, err := summarize(ctx, dir)
		if err != nil {
			if ctx.Err() != nil {
				return nil, context.Cause(ctx)
			}
			s = Summary{Dir: dir, Name: runName(dir), Err: err}
		}
		list = append(list, s)
	}
	slices.SortFunc(list, func(a, b Summary) int { return newestFirst(a.Created, a.Dir, b.Created, b.Dir) })
	return list, nil
}

// newestFirst compares two runs by when they were created and their folders.
func newestFirst(a time.Time, dirA string, b time.Time, dirB string) int {
	// Two of the same instant are told apart by the number behind the time: "-10" is after "-9".
	return cmp.Or(b.Compare(a), cmp.Compare(len(dirB), len(dirA)), cmp.Compare(dirB, dirA))
}

// Begun is a run that is not finished: interrupted, or being written by some process.
type Begun struct {
	Dir  string
	Meta store.Meta
}

// Unfinished returns the runs in the folder root that are not finished, the newest first. Those that cannot be read and those that were
// imported are left out, for they cannot be gone on with. A root that does not exist has no runs.
func Unfinished(ctx context.Context, root string) ([]Begun, error) {
	dirs, err := folders(root)
	if err != nil {
		return nil, err
	}
	var list []Begun
	for _, dir := range dirs {
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		r, err := store.OpenReadOnly(dir)
		if err != nil {
			continue
		}
		meta := r.Meta()
		if err := r.Close(); err != nil {
			return nil, err
		}
		if meta.State != store.Finished && len(meta.Imported) == 0 {
			list = append(list, Begun{Dir: dir, Meta: meta})
		}
	}
	slices.SortFunc(list, func(a, b Begun) int { return newestFirst(a.Meta.Created, a.Dir, b.Meta.Created, b.Dir) })
	return list, nil
}

func summarize(ctx context.Context, dir string) (Summary, error) {
	r, err := store.OpenReadOnly(dir)
	if err != nil {
		return Summary{}, err
	}
	defer r.Close()
	done, failed, err := r.Count(ctx)
	if err != nil {
		return Summary{}, err
	}
	m := r.Meta()
	return Summary{Dir: dir, Name: m.Name, Created: m.Created, Planned: m.Planned, Done: done, Failed: failed,
		State: m.State, Simulated: m.Simulated, Imported: len(m.Imported) > 0}, nil
}

// folders returns the folders in root that have a run in them, sorted by name.
func folders(root string) ([]string, error) {
	entries, err := os.ReadDir(root)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, e := range entries {
		dir := filepath.Join(root, e.Name())
		if store.IsRun(dir) == nil {
			dirs = append(dirs, dir)
		}
	}
	return dirs, nil
}

// runName returns the name of the run that its folder tells: without the time.
func runName(dir string) string { return stampEnd.ReplaceAllString(filepath.Base(dir), "") }

// Resolve returns the folder of the run that ref means: "last" is the newest run in root; else ref is the path of a folder,
// the name of a folder in root, the name of a run, or the beginning of one folder's name.
// The error of a ref that means none or several runs lists those it may have meant.
func Resolve(ctx context.Context, root, ref string) (string, error) {
	dirs, err := folders(root)
	if err != nil {
		return "", err
	}
	if ref == "last" {
		return newest(ctx, root, dirs)
	}
	if ref == "" {
		return "", fmt.Errorf("no run is named; say last, or one of: %s", names(dirs))
	}
	if i := slices.IndexFunc(dirs, func(dir string) bool { return filepath.Base(dir) == ref }); i >= 0 {
		return dirs[i], nil
	}
	if store.IsRun(ref) == nil {
		return ref, nil
	}
	if info, err := os.Stat(ref); err == nil && info.IsDir() && filepath.Base(ref) != ref {
		return "", store.IsRun(ref) // a path, and not of a run
	}
	for _, means := range []func(dir string) bool{
		func(dir string) bool { return runName(dir) == ref },
		func(dir string) bool { return strings.HasPrefix(filepath.Base(dir), ref) },
	} {
		var found []string
		for _, dir := range dirs {
			if means(dir) {
				found = append(found, dir)
			}
		}
		switch {
		case len(found) == 1:
			return found[0], nil
		case len(found) > 1:
			return "", fmt.Errorf("%q may be several runs; say which: %s", ref, names(found))
		}
	}
	if len(dirs) == 0 {
		return "", fmt.Errorf("no run %q: there are no runs in %s", ref, root)
	}
	return "", fmt.Errorf("no run %q in %s; there are: %s", ref, root, names(dirs))
}

// newest returns the run that was created last, among those that can be read.
func newest(ctx context.Context, root string, dirs []string) (string, error) {
	best, created := "", time.Time{}
	var errs []error
	for _, dir := range dirs {
		r, err := store.OpenReadOnly(dir)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		at := r.Meta().Created
		if err := r.Close(); err != nil {
			errs = append(errs, err)
			continue
		}
		if best == "" || newestFirst(at, dir, created, best) < 0 {
			best, created = dir, at
		}
	}
	if best == "" {
		return "", errors.Join(append([]error{fmt.Errorf("there are no runs in %s", root)}, errs...)...)
	}
	return best, nil
}

// names lists folders by name, the last ones of a long list only.
func names(dirs []string) string {
	const most = 10
	var list []string
	for _, dir := range dirs[max(len(dirs)-most, 0):] {
		list = append(list, filepath.Base(dir))
	}
	s := strings.Join(list, ", ")
	if len(dirs) > most {
		s = fmt.Sprintf("… %s (%d in all)", s, len(dirs))
	}
	return s
}
