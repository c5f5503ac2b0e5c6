package main

import (
	"context"
	"os"
	"os/signal"
	"sync"
)

// interrupts decides what becomes of the signals that ask the process to end, SIGINT and SIGTERM. It is safe for concurrent use.
type interrupts struct {
	now func() // ends the command at once

	mu    sync.Mutex
	first func() // is called at the next signal in place of now; nil is nothing
}

// listen has signals end the command whose context it returns: the first one, unless the command is patient. Afterwards signals do what they do
// to any process, so that one more kills it whatever it is doing. stop ends the listening; it is to be called.
func listen(ctx context.Context, signals chan os.Signal) (_ context.Context, i *interrupts, stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	i = &interrupts{now: func() {
		cancel()
		signal.Stop(signals)
	}}
	over := make(chan struct{})
	var listener sync.WaitGroup
	listener.Go(func() {
		for {
			select {
			case <-signals:
				i.signal()
			case <-over:
				return
			}
		}
	})
	return ctx, i, func() {
		close(over)
		listener.Wait()
		cancel()
	}
}

// patient has the next signal call first, which must not block, and the one after it end the command. undo takes that back: when it
// returns, first is not running and will not be called.
func (i *interrupts) patient(first func()) (undo func()) {
	set := func(f func()) {
		i.mu.Lock()
		defer i.mu.Unlock()
		i.first = f
	}
	set(first)
	return func() { set(nil) }
}

// signal does what one signal is for.
func (i *interrupts) signal() {
	i.mu.Lock()
	defer i.mu.Unlock()
	if first := i.first; first != nil {
		i.first = nil
		first()
		return
	}
	i.now()
}
