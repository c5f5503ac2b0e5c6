//go:build !linux

package main

import "os"

// peakMB returns 0 where the units of rusage are not those of Linux.
func peakMB(*os.ProcessState) float64 { return 0 }
