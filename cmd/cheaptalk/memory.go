package main

import (
	"os"
	"runtime/debug"
)

// A run that takes more memory than heapBase and heapOfDebate for each debate in flight, in bytes, has garbage collected more often: thousands of
// debates that wait for their turn are stacks and prompts for the most part, and the heap need not grow to twice what they take.
const (
	heapBase     = 192 << 20
	heapOfDebate = 56 << 10
)

// A report takes readingHeap and readingOfDebate for each debate, in bytes: twice what it keeps. Beyond that, garbage of the
// records that pass is collected more often.
const (
	readingHeap     = 64 << 20
	readingOfDebate = 100
)

// simulatedGC is the garbage in percent of what is kept at which a run that asks nobody collects it. It keeps little and leaves much: at the
// usual 100 the collector took a fifth of its time.
const simulatedGC = 400

// boundMemory sets a soft limit on the memory of a run with so many debates at a time, lets one that asks nobody collect garbage less often
// below it, and returns what undoes that. Who sets GOGC has their way.
func boundMemory(workers int, simulated bool) (undo func()) {
	unlimit := softLimit(heapBase + int64(workers)*heapOfDebate)
	if !simulated || os.Getenv("GOGC") != "" {
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
