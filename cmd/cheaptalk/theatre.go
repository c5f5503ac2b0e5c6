package main

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	tea "charm.land/bubbletea/v2"

	"cheaptalk/tui"
	tuiscreen "cheaptalk/tui/screen"
)

// frames is how often a second the terminal is written to at most. An engine sends twenty snapshots a second; the rest is for keys.
const frames = 30

// theatre is the screen with the engine that plays on it.
type theatre struct {
	leave context.CancelFunc // takes the screen away
	all   sync.WaitGroup
	over  chan struct{} // closed when the screen is gone
	err   error         // why, if it failed
}

// newTheatre opens the screen on a terminal. ask is told what the person wants; play sends what is to be shown; both and the others run until
// the screen is gone. The screen begins with the debate or, where experiment says so, with the experiment around it.
func newTheatre(out io.Writer, experiment bool, ask func(tui.Ask), play func(context.Context, func(tui.Snapshot)), others ...func(context.Context)) *theatre {
	ctx, cancel := context.WithCancel(context.Background())
	t := &theatre{leave: cancel, over: make(chan struct{})}
	// Signals are the command's. Without its context, which ends with the screen, a program that failed to start would block who sends to it.
	program := tea.NewProgram(tuiscreen.New(ask, experiment), tea.WithContext(ctx), tea.WithInput(os.Stdin), tea.WithOutput(out), tea.WithFPS(frames), tea.WithoutSignalHandler())
	t.all.Go(func() {
		defer close(t.over)
		defer cancel()
		if _, err := program.Run(); err != nil && ctx.Err() == nil {
			t.err = err
		}
	})
	t.all.Go(func() { play(ctx, func(s tui.Snapshot) { program.Send(s) }) })
	for _, other := range others {
		t.all.Go(func() { other(ctx) })
	}
	return t
}

// close waits until the person leaves the screen, or takes it away when ctx ends. It returns why the screen failed, if it did.
func (t *theatre) close(ctx context.Context) error {
	select {
	case <-t.over:
	case <-ctx.Done():
		t.leave()
	}
	t.all.Wait()
	if errors.Is(t.err, tea.ErrInterrupted) {
		return nil
	}
	return t.err
}
