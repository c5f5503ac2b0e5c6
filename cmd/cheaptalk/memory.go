package main

import (
	"os"
	"runtime/debug"
)

// A run that takes more memory than heapBase and heapOfDebate for each debate in flight, in bytes, has garbage collected more often: thousands of
// debates that wait for their turn are stacks and prompts for the most part, and the heap need not grow to twice what they take.
const (
	heapBase     = 256 << 20
	heapOfDebate = 56 << 10
)

// boundMemory sets a soft limit on the memory of a run with so many debates at a time, and returns what undoes that. Who sets GOMEMLIMIT has
// their way.
func boundMemory(workers int) (undo func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	limit := debug.SetMemoryLimit(heapBase + int64(workers)*heapOfDebate)
	return func() { debug.SetMemoryLimit(limit) }
}
