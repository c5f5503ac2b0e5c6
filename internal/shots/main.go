// Command shots takes the pictures of the screen for the documentation: it runs the program in a terminal, types what a person would, and
// has a browser draw what stands there.
//
//	go run ./internal/shots [-only NAME] FOLDER
//
// It needs go, tmux and Chromium, and a font with the signs of the screen (DejaVu Sans Mono). Recordings, simulated agents and seeds are fixed: the
// same program gives the same screens.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"cheaptalk/internal/tmux"
)

// patience is how long a scene may take.
const patience = 2 * time.Minute

func main() {
	only := flag.String("only", "", "take this one picture")
	flag.Parse()
	if err := run(flag.Arg(0), *only); err != nil {
		fmt.Fprintln(os.Stderr, "error: "+err.Error())
		os.Exit(1)
	}
}

// run takes the pictures.
func run(folder, only string) (err error) {
	if folder == "" {
		return errors.New("no folder for the pictures is given\n  go run ./internal/shots docs/images")
	}
	if err := tmux.Available(); err != nil {
		return err
	}
	browser, err := findBrowser()
	if err != nil {
		return err
	}
	scratch, err := os.MkdirTemp("", "screenshots")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(scratch)) }()
	program := filepath.Join(scratch, "cheaptalk")
	if out, err := exec.Command("go", "build", "-o", program, "./cmd/cheaptalk").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	for _, sc := range scenes {
		if only != "" && only != sc.name {
			continue
		}
		file := filepath.Join(folder, "screen-"+sc.name+".png")
		if err := sc.take(browser, program, scratch, file); err != nil {
			return fmt.Errorf("%s: %w", sc.name, err)
		}
		fmt.Println(file)
	}
	return nil
}

// findBrowser returns the path of Chromium.
func findBrowser() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium is installed\n  Debian: apt-get install chromium")
}

// take plays a scene and draws its last screen to a file.
func (sc scene) take(browser, program, scratch, file string) (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	s, err := tmux.Start(ctx, sc.width, sc.height, nil, fmt.Sprintf("cd %s && exec %s %s", scratch, program, sc.command))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	for _, st := range sc.steps {
		if len(st.keys) > 0 {
			if err := s.Type(ctx, st.keys...); err != nil {
				return err
			}
		}
		if _, err := s.Wait(ctx, st.wait...); err != nil {
			return err
		}
	}
	screen, err := s.Styled(ctx)
	if err != nil {
		return err
	}
	html := filepath.Join(scratch, sc.name+".html")
	if err := os.WriteFile(html, []byte(page(screen)), 0o600); err != nil {
		return err
	}
	return draw(ctx, browser, html, file, sc.width, sc.height)
}

// draw has the browser draw a page as large as so many cells are, and makes the picture small.
func draw(ctx context.Context, browser, html, file string, width, height int) error {
	size := fmt.Sprintf("--window-size=%d,%d", (width*843+99)/100+28, height*16+24)
	raw := strings.TrimSuffix(html, ".html") + ".png"
	c := exec.CommandContext(ctx, browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-device-scale-factor=1.5", size,
		"--screenshot="+raw, "file://"+html)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", browser, err, out)
	}
	return shrink(raw, file)
}
