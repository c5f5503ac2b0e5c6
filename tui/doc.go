// Package tui is the contract between the screen and whoever drives it. It knows no run, store or model. An engine
// sends a [Snapshot] at most twenty times a second and is told what the person wants by an [Ask]; both are in state.go.
//
// Below it, from the bottom up: text makes words of anybody fit for a terminal, ink gives them styles and cells, canvas is a screen in the
// making, view draws a snapshot on it (view/debates one debate, view/runs the experiment around it), and screen is the Bubble Tea model with its
// keys. Start reading at screen.New.
package tui
