package main

import (
	"testing"
	"time"
)

func TestAgesAndSizesAreReadStrictly(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"90m": 90 * time.Minute, "12h": 12 * time.Hour, "30d": 720 * time.Hour, "2w": 336 * time.Hour,
		"": 0, "d": 0, "30": 0, "0d": 0, "-1d": 0, "1.5d": 0, "30 d": 0, "30dd": 0, "30D": 0, "3d2h": 0, "106752d": 0, "106751d": 106751 * 24 * time.Hour,
	} {
		var a age
		if err := a.UnmarshalText([]byte(text)); time.Duration(a) != want || (err == nil) != (want > 0) {
			t.Errorf("%q is %v, %v", text, time.Duration(a), err)
		}
	}
	for text, want := range map[string]int64{
		"500MB": 500e6, "1.5GB": 1.5e9, "10 kB": 10e3, "1KB": 1e3, "1TB": 1e12, "4KiB": 4096, "2MiB": 2 << 20, "1GiB": 1 << 30, "1TiB": 1 << 40, "7B": 7,
		"": 0, "MB": 0, "500": 0, "0MB": 0, "0.1B": 0, "-1MB": 0, "+1MB": 0, "1e3MB": 0, "0x10MB": 0, "infMB": 0, "nanMB": 0, "1mb": 0, "1M": 0, "1_0MB": 0, "99999999999TB": 0,
	} {
		var b size
		if err := b.UnmarshalText([]byte(text)); int64(b) != want || (err == nil) != (want > 0) {
			t.Errorf("%q is %d, %v", text, int64(b), err)
		}
	}
}

func TestInBytes(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 B", 999: "999 B", 1000: "1.0 kB", 999_949: "999.9 kB", 999_951: "1.0 MB", 5_240_000: "5.2 MB", 7e9: "7.0 GB", 3e15: "3000.0 TB",
	} {
		if got := inBytes(n); got != want {
			t.Errorf("%d is %q, want %q", n, got, want)
		}
	}
}
