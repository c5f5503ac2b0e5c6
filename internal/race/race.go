// Package race tells tests whether they run under the race detector.
package race

import "testing"

// SkipPure skips a test of functions that share nothing between goroutines: under the race detector it would take ten times as long and
// find nothing. Such tests run without it, in CI too.
func SkipPure(t *testing.T) {
	t.Helper()
	if Enabled {
		t.Skip("pure functions on much data: run it without -race")
	}
}
