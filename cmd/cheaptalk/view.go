package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"cheaptalk/internal/web"
	"cheaptalk/internal/web/guard"
)

// viewCmd is "cheaptalk view".
type viewCmd struct {
	Ref     string `arg:"" name:"run" default:"last" help:"A run: its folder, its name, the beginning of it, or last."`
	Address string `placeholder:"HOST:PORT" default:"127.0.0.1:0" help:"Loopback address to serve at; port 0 takes a free one."`
	File    string `placeholder:"OUT.html" help:"Write one file that holds everything, and serve nothing."`
	LogDir  string `placeholder:"FOLDER" default:"${logdir}" help:"Folder of the runs."`
}

// Run serves the pages of a run until it is interrupted, or writes them to a file.
func (c *viewCmd) Run(e *env) (err error) {
	r, s, err := openRun(e.ctx, c.LogDir, c.Ref)
	if err != nil {
		return usage(err)
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	o := web.Options{Title: filepath.Base(r.Dir()), Name: s.Name, Arms: s.ArmNames()}
	if c.File != "" {
		if err := writeWhole(c.File, func(w io.Writer) error { return web.WriteFile(e.ctx, w, r, o) }); err != nil {
			if errors.Is(err, web.ErrTooMany) {
				return usage(fmt.Errorf("%w\n  cheaptalk view %s serves runs of any size, cheaptalk run --limit makes smaller ones", err, refIn(c.Ref, c.LogDir)))
			}
			return err
		}
		_, err = fmt.Fprintln(e.stdout, c.File)
		return err
	}
	l, err := guard.Listen(c.Address)
	if err != nil {
		return usage(err)
	}
	defer boundReading(r.Meta().Planned)()
	server, err := web.New(r, o)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	fmt.Fprintf(e.stdout, "http://%s/\n", l.Addr())
	fmt.Fprintln(e.stderr, "Ctrl-C ends it.")
	if err := server.Serve(e.ctx, l); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// writeWhole writes a file, which replaces one of the same name only when it is whole. What is no file, a pipe for example, is written to as it is.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Chmod(0o644), f.Close()); err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return os.Rename(f.Name(), path)
}
