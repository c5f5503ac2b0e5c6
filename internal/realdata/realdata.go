// Package realdata finds, for tests, the repository and the real data that are not part of it.
package realdata

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the absolute path of a file or folder of the real data: below the folder that CHEAPTALK_DATA names, else below shared/data
// beside the repository. Without a name it is that folder. The test is skipped where it is absent. Call it before [testing.T.Chdir].
func Path(t testing.TB, name ...string) string {
	t.Helper()
	dir := os.Getenv("CHEAPTALK_DATA")
	if dir == "" {
		dir = filepath.Join(Repository(t), "..", "shared", "data")
	}
	path, err := filepath.Abs(filepath.Join(append([]string{dir}, name...)...))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("no real data: %v (set CHEAPTALK_DATA to their folder)", err)
	}
	return path
}

// Repository returns the folder of go.mod, at or above that of the test.
func Repository(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
