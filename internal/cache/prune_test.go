package cache

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// fill puts ten entries: number i was made 100-10*i days ago and, if it is even, used last on the day that it was made, or else today.
func fill(t *testing.T, c *Cache) {
	t.Helper()
	today := time.Unix(1_700_000_000, 0)
	const day = 24 * time.Hour
	for i := range 10 {
		c.now = func() time.Time { return today.Add(-time.Duration(100-10*i) * day) }
		put(t, c, i, completion(i, 500))
	}
	c.now = func() time.Time { return today }
	for i := 1; i < 10; i += 2 {
		has(t, c, i, completion(i, 500))
	}
	put(t, c, 99, []byte("{}")) // notes the uses
	if _, err := c.writer.db.Exec(`DELETE FROM completions WHERE size < 10`); err != nil {
		t.Fatal(err)
	}
}

func TestPruneRules(t *testing.T) {
	const day = 24 * time.Hour
	for name, test := range map[string]struct {
		rules Rules
		left  []int
	}{
		"none":               {Rules{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"old":                {Rules{OlderThan: 65 * day}, []int{4, 5, 6, 7, 8, 9}},
		"as old":             {Rules{OlderThan: 70 * day}, []int{3, 4, 5, 6, 7, 8, 9}},
		"unused":             {Rules{UnusedFor: 25 * day}, []int{1, 3, 5, 7, 8, 9}},
		"old or unused":      {Rules{OlderThan: 65 * day, UnusedFor: 25 * day}, []int{5, 7, 8, 9}},
		"more than there is": {Rules{Keep: 1 << 40}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}},
		"nothing fits":       {Rules{Keep: 1}, nil},
		"all":                {Rules{All: true}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := open(t, file(t))
			fill(t, c)
			p, err := c.Prune(t.Context(), test.rules)
			if err != nil || p.Entries != 10-len(test.left) {
				t.Fatalf("%+v, %v", p, err)
			}
			for i := range 10 {
				if slices.Contains(test.left, i) {
					has(t, c, i, completion(i, 500))
				} else {
					has(t, c, i, nil)
				}
			}
		})
	}
}

// TestKeepIsABoundOnTheFile also holds that the entries used longest ago go first.
func TestKeepIsABoundOnTheFile(t *testing.T) {
	c := open(t, file(t))
	now := time.Unix(1_700_000_000, 0)
	c.now = func() time.Time { return now }
	const entries, keep = 500, 300_000
	for i := range entries {
		now = now.Add(time.Hour)
		put(t, c, i, completion(i, 200))
	}
	before, err := c.bytes()
	if err != nil {
		t.Fatal(err)
	}
	p, err := c.Prune(t.Context(), Rules{Keep: keep})
	if err != nil {
		t.Fatal(err)
	}
	info, err := c.Info(t.Context())
	if err != nil || info.Entries+p.Entries != entries || info.Bytes+p.Bytes != before {
		t.Fatalf("%+v of %d bytes left after %+v, %v", info, before, p, err)
	}
	if info.Bytes > keep*11/10 || info.Bytes < keep*8/10 {
		t.Errorf("%d bytes are left, of %d to keep", info.Bytes, keep)
	}
	has(t, c, p.Entries-1, nil)
	has(t, c, p.Entries, completion(p.Entries, 200))
}

func TestPruningSaysThatItIsBusy(t *testing.T) {
	path := file(t)
	c, other := open(t, path), open(t, path)
	fill(t, c)
	tx, err := other.writer.db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := c.writer.db.Exec(`PRAGMA busy_timeout=1`); err != nil {
		t.Fatal(err)
	}
	if p, err := c.Prune(t.Context(), Rules{All: true}); !errors.Is(err, ErrBusy) || p.Entries != 0 {
		t.Errorf("%+v, %v", p, err)
	}
	has(t, c, 1, completion(1, 500))
}

func TestOthersGoOnWhileItIsPruned(t *testing.T) {
	path := file(t)
	c, other := open(t, path), open(t, path)
	fill(t, c)
	if _, err := c.Prune(t.Context(), Rules{All: true}); err != nil {
		t.Fatal(err)
	}
	has(t, other, 1, nil)
	put(t, other, 1, completion(1, 100))
	has(t, c, 1, completion(1, 100))
	if info, err := c.Info(t.Context()); err != nil || info.Entries != 1 {
		t.Errorf("%+v, %v", info, err)
	}
}
