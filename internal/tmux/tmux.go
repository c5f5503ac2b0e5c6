// Package tmux runs a program in a terminal of its own, types at it and reads its screen, so that a test or a script meets the program as a person does.
// It needs the program tmux; every Session has a server of its own, which no configuration of the person reaches.
package tmux

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// between is how long Wait leaves between two looks at the screen.
const between = 20 * time.Millisecond

// Session is a terminal with a program in it. It is made by Start and used by one goroutine at a time.
type Session struct {
	folder string
}

// Available returns an error that says what to install when there is no tmux.
func Available() error {
	if _, err := exec.LookPath("tmux"); err != nil {
		return errors.New("tmux is not installed\n  Debian: apt-get install tmux; macOS: brew install tmux")
	}
	return nil
}

// Start opens a terminal of width x height cells in which a shell runs the command line, with env ("NAME=value") added to the environment.
// After the program has ended its last screen stays, until Close.
func Start(ctx context.Context, width, height int, env []string, command string) (*Session, error) {
	if err := Available(); err != nil {
		return nil, err
	}
	folder, err := os.MkdirTemp("", "tmux")
	if err != nil {
		return nil, err
	}
	s := &Session{folder: folder}
	config := "set -g remain-on-exit on\nset -g status off\nset -g default-terminal xterm-256color\nset -s escape-time 0\n"
	if err := os.WriteFile(filepath.Join(folder, "config"), []byte(config), 0o600); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	args := []string{"new-session", "-d", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height)}
	args = append(args, "env", "-u", "TMUX", "COLORTERM=truecolor")
	args = append(append(args, env...), "sh", "-c", command)
	if _, err := s.do(ctx, args...); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Type presses keys, named as tmux does: "Enter", "Tab", "C-c", or the characters themselves.
func (s *Session) Type(ctx context.Context, keys ...string) error {
	_, err := s.do(ctx, append([]string{"send-keys", "--"}, keys...)...)
	return err
}

// Resize gives the terminal another size, in cells.
func (s *Session) Resize(ctx context.Context, width, height int) error {
	_, err := s.do(ctx, "resize-window", "-x", strconv.Itoa(width), "-y", strconv.Itoa(height))
	return err
}

// Screen returns the lines on the screen, without styles.
func (s *Session) Screen(ctx context.Context) (string, error) { return s.do(ctx, "capture-pane", "-p") }

// Styled returns the lines on the screen with the escape sequences of their styles.
func (s *Session) Styled(ctx context.Context) (string, error) {
	return s.do(ctx, "capture-pane", "-e", "-p")
}

// Wait looks at the screen until all of the words stand on it, and returns it. When ctx ends first, the error shows the screen.
func (s *Session) Wait(ctx context.Context, words ...string) (string, error) {
	return s.Until(ctx, strings.Join(words, "; "), func(screen string) bool {
		for _, w := range words {
			if !strings.Contains(screen, w) {
				return false
			}
		}
		return true
	})
}

// Until looks at the screen until it is as wanted; what says how that is.
func (s *Session) Until(ctx context.Context, what string, wanted func(screen string) bool) (string, error) {
	tick := time.NewTicker(between)
	defer tick.Stop()
	var screen string
	for {
		now, err := s.Screen(ctx)
		if err == nil {
			if screen = now; wanted(screen) {
				return screen, nil
			}
		} else if ctx.Err() == nil {
			return screen, err
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return screen, fmt.Errorf("waited for %q: %w\n%s", what, ctx.Err(), screen)
		}
	}
}

// Ended waits until the program has ended. When ctx ends first, the error shows the screen.
func (s *Session) Ended(ctx context.Context) error {
	_, err := s.Until(ctx, "the end of the program", func(string) bool {
		dead, err := s.do(ctx, "display-message", "-p", "#{pane_dead}")
		return err == nil && strings.TrimSpace(dead) == "1"
	})
	return err
}

// Close ends the program and its terminal.
func (s *Session) Close() error {
	if s == nil {
		return nil
	}
	s.do(context.Background(), "kill-server") // it may have ended by itself
	return os.RemoveAll(s.folder)
}

// do asks the server of the session.
func (s *Session) do(ctx context.Context, args ...string) (string, error) {
	args = append([]string{"-u", "-S", filepath.Join(s.folder, "socket"), "-f", filepath.Join(s.folder, "config")}, args...)
	out, err := exec.CommandContext(ctx, "tmux", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("tmux %s: %w: %s", strings.Join(args[5:], " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}
