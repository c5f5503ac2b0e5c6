package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"time"

	"cheaptalk/internal/cache"
)

// cacheCmd is "cheaptalk cache".
type cacheCmd struct {
	Show  cacheShowCmd  `cmd:"" default:"withargs" help:"Where the cache is, and how much is in it."`
	Prune cachePruneCmd `cmd:"" help:"Delete completions by age, by last use, or down to a size."`
}

// openCache opens the user's cache if there is one; else it is nil.
func openCache() (c *cache.Cache, path string, err error) {
	if path, err = cache.File(); err != nil {
		return nil, "", err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, path, nil
	}
	c, err = cache.Open(path)
	return c, path, err
}

// cacheShowCmd is "cheaptalk cache show".
type cacheShowCmd struct {
	JSON bool `name:"json" help:"Print it as JSON."`
}

// shownCache is the JSON of "cheaptalk cache".
type shownCache struct {
	Path    string    `json:"path"`
	Entries int       `json:"entries"`
	Bytes   int64     `json:"bytes"`
	Oldest  time.Time `json:"oldest,omitzero"`
	Newest  time.Time `json:"newest,omitzero"`
	Used    time.Time `json:"used,omitzero"`
}

// Run prints where the cache is and what is known of it.
func (c *cacheShowCmd) Run(e *env) (err error) {
	kept, path, err := openCache()
	if err != nil {
		return err
	}
	var info cache.Info
	if kept != nil {
		defer func() { err = errors.Join(err, kept.Close()) }()
		if info, err = kept.Info(e.ctx); err != nil {
			return err
		}
	}
	if c.JSON {
		return writeJSON(e.stdout, shownCache{path, info.Entries, info.Bytes, info.Oldest, info.Newest, info.Used}, "  ")
	}
	if kept == nil {
		_, err := fmt.Fprintf(e.stdout, "no completions in %s\n  runs with real models put them there, unless they are given --no-cache\n", clean(path))
		return err
	}
	fmt.Fprintf(e.stdout, "file       %s\nentries    %s\non disk    %s\n", clean(path), thousands(info.Entries), inBytes(info.Bytes))
	if info.Entries > 0 {
		const minute = "2006-01-02 15:04"
		fmt.Fprintf(e.stdout, "oldest     %s\nnewest     %s\nlast used  %s\n", info.Oldest.Format(minute), info.Newest.Format(minute), info.Used.Format(time.DateOnly))
	}
	_, err = fmt.Fprintln(e.stdout, "\ncheaptalk cache prune deletes by age, by last use, or down to a size")
	return err
}

// cachePruneCmd is "cheaptalk cache prune".
type cachePruneCmd struct {
	OlderThan age  `placeholder:"30d" help:"Completions made longer ago, in minutes (m), hours (h), days (d) or weeks (w)."`
	UnusedFor age  `placeholder:"30d" help:"Completions last used longer ago."`
	Keep      size `placeholder:"500MB" help:"Those used longest ago, until the file is about so large: kB, MB, GB, TB or KiB, MiB, GiB, TiB."`
	All       bool `help:"All of them."`
}

// Run deletes what any of the rules names and prints what was freed.
func (c *cachePruneCmd) Run(e *env) (err error) {
	rules := cache.Rules{OlderThan: time.Duration(c.OlderThan), UnusedFor: time.Duration(c.UnusedFor), Keep: int64(c.Keep), All: c.All}
	if rules == (cache.Rules{}) {
		return usage(errors.New("nothing says what to delete\n  give --older-than 30d, --unused-for 30d, --keep 500MB or --all"))
	}
	kept, path, err := openCache()
	if err != nil {
		return err
	}
	if kept == nil {
		_, err := fmt.Fprintf(e.stdout, "no completions in %s\n", clean(path))
		return err
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	pruned, err := kept.Prune(e.ctx, rules)
	if err == nil || pruned.Entries > 0 { // they are gone even if the file could not be made smaller
		fmt.Fprintf(e.stdout, "%s deleted, %s freed\n", plural(pruned.Entries, "completion"), inBytes(pruned.Bytes))
	}
	return err
}

// inBytes writes "4.1 kB", in powers of 1000.
func inBytes(n int64) string {
	if n < 1000 {
		return fmt.Sprintf("%d B", n)
	}
	x, unit := float64(n)/1000, 0
	for ; x >= 999.95 && unit < 3; unit++ {
		x /= 1000
	}
	return fmt.Sprintf("%.1f %s", x, []string{"kB", "MB", "GB", "TB"}[unit])
}

// age is a flag such as "30d". 0 is not set.
type age time.Duration

// UnmarshalText reads a whole number and a unit.
func (a *age) UnmarshalText(text []byte) error {
	s := string(text)
	number := strings.TrimRight(s, "mhdw")
	n, err := strconv.ParseInt(number, 10, 64)
	unit, known := map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}[s[len(number):]]
	if err != nil || !known || n <= 0 || n > math.MaxInt64/int64(unit) {
		return fmt.Errorf("%q is no time: give a whole number and m, h, d or w, such as 30d", s)
	}
	*a = age(time.Duration(n) * unit)
	return nil
}

// size is a flag such as "500MB", in bytes. 0 is not set.
type size int64

// UnmarshalText reads a number and a unit.
func (b *size) UnmarshalText(text []byte) error {
	s := string(text)
	number := strings.TrimRightFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	x, err := strconv.ParseFloat(number, 64)
	unit, known := map[string]float64{
		"B": 1, "kB": 1e3, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
	}[strings.TrimLeft(s[len(number):], " ")]
	if err != nil || !known || strings.ContainsAny(number, "eExXpP_+-infaINFA") || x*unit < 1 || x*unit >= math.MaxInt64 {
		return fmt.Errorf("%q is no size: give a number and kB, MB, GB, TB or KiB, MiB, GiB, TiB, such as 500MB; --all keeps nothing", s)
	}
	*b = size(x * unit)
	return nil
}
