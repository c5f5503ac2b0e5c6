package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestHalfAFileReplacesNothing has the making of a file fail half way.
func TestHalfAFileReplacesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.html")
	for _, text := range []string{"first", "second"} {
		if err := writeWhole(path, func(w io.Writer) error { _, err := io.WriteString(w, text); return err }); err != nil {
			t.Fatal(err)
		}
	}
	broken := errors.New("broken")
	err := writeWhole(path, func(w io.Writer) error {
		_, err := io.WriteString(w, "half")
		return errors.Join(err, broken)
	})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	got, err := os.ReadFile(path)
	if err != nil || string(got) != "second" {
		t.Errorf("%q, %v", got, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
