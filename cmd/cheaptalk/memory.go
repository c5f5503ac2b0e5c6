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

// A report takes readingHeap and readingOfDebate for each debate, in bytes: twice what it keeps. Beyond that, garbage of the
// records that pass is collected more often.
const (
	readingHeap     = 64 << 20
	readingOfDebate = 100
)

// A run that asks nobody keeps little and leaves much garbage: it is collected at simulatedGC percent of what is kept, since at the usual 100 it
// took a fifth of the time, and more often beyond simulatedHeap.
const (
	simulatedGC   = 400
	simulatedHeap = 192 << 20
)

// boundMemory sets a soft limit on the memory of a run with so many debates at a time, has one that asks nobody collect garbage less often
// below it, and returns what undoes that. Who sets GOGC or GOMEMLIMIT has their way.
func boundMemory(workers int, simulated bool) (undo func()) {
	if !simulated {
		return softLimit(heapBase + int64(workers)*heapOfDebate)
	}
	unlimit := softLimit(simulatedHeap + int64(workers)*heapOfDebate)
	if os.Getenv("GOGC") != "" {
		return unlimit
	}
	percent := debug.SetGCPercent(simulatedGC)
	return func() {
		debug.SetGCPercent(percent)
		unlimit()
	}
}

// boundReading sets a soft limit on the memory of a report on runs of so many debates, and returns what undoes that.
func boundReading(debates int) (undo func()) {
	return softLimit(readingHeap + int64(debates)*readingOfDebate)
}

// softLimit sets a soft limit on memory, in bytes, and returns what undoes that. Who sets GOMEMLIMIT has their way.
func softLimit(bytes int64) (undo func()) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return func() {}
	}
	limit := debug.SetMemoryLimit(bytes)
	return func() { debug.SetMemoryLimit(limit) }
}
