package cache

import (
	"testing"
)

// TestWhatOthersPutIsFoundSoon has two caches on one file, each of which knows by itself which keys are in it.
func TestWhatOthersPutIsFoundSoon(t *testing.T) {
	path := file(t)
	ours, theirs := open(t, path), open(t, path)
	has := func(c *Cache, i int, want bool) {
		t.Helper()
		if _, ok, err := c.Get(keyOf(i)); err != nil || ok != want {
			t.Errorf("entry %d: there %t, error %v", i, ok, err)
		}
	}
	put := func(c *Cache, i int) {
		t.Helper()
		if err := c.Put(keyOf(i), completion(i, 50)); err != nil {
			t.Fatal(err)
		}
	}
	later := func() { ours.known.at = ours.known.at.Add(-2 * lookEvery) } // as if that much time had passed
	has(ours, 1, false)
	put(ours, 1)
	has(ours, 1, true) // at once
	put(theirs, 2)
	put(ours, 3) // which comes after the other in the file
	later()
	has(ours, 2, true)
	has(ours, 3, true)

	// The numbers of entries that were deleted are given again.
	if _, err := theirs.Prune(t.Context(), Rules{All: true}); err != nil {
		t.Fatal(err)
	}
	put(theirs, 4)
	later()
	has(ours, 4, true)
	has(ours, 2, false)
}

func TestOfTooManyKeysEachIsLookedFor(t *testing.T) {
	c := open(t, file(t))
	c.known.most = 9
	for i := range 10 {
		if err := c.Put(keyOf(100+i), completion(i, 50)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 2 {
		if _, ok, err := c.Get(keyOf(i)); ok || err != nil {
			t.Errorf("an entry that was never put: there %t, error %v", ok, err)
		}
		if err := c.Put(keyOf(i), completion(i, 50)); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := c.Get(keyOf(i)); !ok || err != nil {
			t.Errorf("an entry that was put: there %t, error %v", ok, err)
		}
	}
	if !c.known.many || c.known.begins != nil {
		t.Errorf("%d keys are held in memory", len(c.known.begins))
	}
}
