package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
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
		var b bytes.Buffer
		err := web.WriteFile(e.ctx, &b, r, o)
		if errors.Is(err, web.ErrTooMany) {
			return usage(fmt.Errorf("%w\n  cheaptalk view %s serves runs of any size, cheaptalk run --limit makes smaller ones", err, refIn(c.Ref, c.LogDir)))
		}
		if err != nil {
			return err
		}
		if err := os.WriteFile(c.File, b.Bytes(), 0o644); err != nil {
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
