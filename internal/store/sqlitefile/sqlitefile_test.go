package sqlitefile

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestLockHasOneOwner(t *testing.T) {
	file := filepath.Join(t.TempDir(), "x.lock")
	held := func(want bool) {
		t.Helper()
		if got := Held(t.Context(), file); got != want {
			t.Errorf("Held = %t, want %t", got, want)
		}
	}
	held(false) // there is no file
	lock, err := Acquire(file)
	if err != nil {
		t.Fatal(err)
	}
	held(true)
	if _, err := Acquire(file); !errors.Is(err, ErrLocked) {
		t.Errorf("a second owner: %v", err)
	}
	held(true) // the refusal took nothing from the owner
	lock.Release()
	held(false)
	if lock, err = Acquire(file); err != nil {
		t.Fatal(err)
	}
	lock.Release()
}

func TestExplain(t *testing.T) {
	if err := Explain("x.db", nil); err != nil {
		t.Errorf("nothing became %v", err)
	}
	other := errors.New("other")
	if err := Explain("x.db", other); !errors.Is(err, other) || err.Error() != "x.db: other" {
		t.Errorf("%v", err)
	}
	missing := filepath.Join(t.TempDir(), "no", "x.db")
	db, err := Connect(missing, "rw", time.Second)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := Explain(missing, db.Ping()); !errors.Is(err, ErrReadOnly) || !strings.HasPrefix(err.Error(), missing+": ") {
		t.Errorf("%v", err)
	}
}
