// Package tui is the screen: a debate large, the experiment around it, live or replayed. It knows no run, store or model. An engine
// sends it a Snapshot at most twenty times a second and is told what the person wants by an Ask; both are in state.go.
package tui
