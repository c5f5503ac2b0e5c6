//go:build !linux && !darwin

package machine

// cpuModel returns "": the standard library has no way to ask.
func cpuModel() string { return "" }
