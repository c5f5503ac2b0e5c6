package web_test

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"
)

// tab is a page of headless Chromium, driven over two pipes (--remote-debugging-pipe: messages of the DevTools protocol, each ended by a zero byte).
// It belongs to one test.
type tab struct {
	t        *testing.T
	to       *os.File
	from     *bufio.Reader
	session  string
	calls    int
	problems []string // what the console, the policies and the scripts complained of since the last visit
	requests []string // what was asked for since the last visit
	loaded   bool     // since the last visit
}

// newTab starts Chromium, or skips the test where none is installed.
func newTab(t *testing.T) *tab {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a process of Windows is not given pipes by number")
	}
	program := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			program = path
			break
		}
	}
	if program == "" {
		t.Skip("no Chromium is installed")
	}
	commandsOut, commandsIn, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	answersOut, answersIn, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "chromium")
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	c := exec.CommandContext(t.Context(), program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run", "--remote-debugging-pipe", "--user-data-dir="+profile)
	c.ExtraFiles, c.Stderr = []*os.File{commandsOut, answersIn}, &log // descriptors 3 and 4
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	commandsOut.Close()
	answersIn.Close()
	t.Cleanup(func() {
		commandsIn.Close() // it ends when its pipe does
		_ = c.Wait()       // it was killed with the test
		answersOut.Close()
		_ = os.RemoveAll(profile) // a child of it may still be writing
		if t.Failed() {
			t.Logf("Chromium: %.2000s", log.String())
		}
	})
	if err := answersOut.SetReadDeadline(time.Now().Add(3 * time.Minute)); err != nil {
		t.Fatal(err)
	}
	b := &tab{t: t, to: commandsIn, from: bufio.NewReader(answersOut)}
	var target struct{ TargetID string }
	b.do("Target.createTarget", map[string]any{"url": "about:blank"}, &target)
	var session struct{ SessionID string }
	b.do("Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session)
	b.session = session.SessionID
	for _, domain := range []string{"Page", "Runtime", "Log", "Network"} {
		b.do(domain+".enable", nil, nil)
	}
	return b
}

// do calls a method of the protocol, and reads its result into out, which may be nil.
func (b *tab) do(method string, params map[string]any, out any) {
	b.t.Helper()
	if err := b.try(method, params, out); err != nil {
		b.t.Fatalf("%s: %v", method, err)
	}
}

func (b *tab) try(method string, params map[string]any, out any) error {
	b.t.Helper()
	b.calls++
	call := map[string]any{"id": b.calls, "method": method}
	if params != nil {
		call["params"] = params
	}
	if b.session != "" {
		call["sessionId"] = b.session
	}
	text, err := json.Marshal(call)
	if err != nil {
		return err
	}
	if _, err := b.to.Write(append(text, 0)); err != nil {
		return err
	}
	for {
		m := b.next()
		if m.ID != b.calls {
			continue
		}
		if m.Error != nil {
			return fmt.Errorf("%s", m.Error)
		}
		if out == nil {
			return nil
		}
		return json.Unmarshal(m.Result, out)
	}
}

// message is an answer or, without an ID, an event.
type message struct {
	ID     int
	Method string
	Result json.RawMessage
	Error  json.RawMessage
	Params struct {
		Entry            struct{ Level, Text, URL string }
		ExceptionDetails struct {
			Text      string
			Exception struct{ Description string }
		}
		Args    []json.RawMessage
		Request struct{ URL string }
	}
}

// next reads one message, and notes what events tell.
func (b *tab) next() message {
	b.t.Helper()
	text, err := b.from.ReadBytes(0)
	if err != nil {
		b.t.Fatalf("Chromium says nothing more: %v", err)
	}
	var m message
	if err := json.Unmarshal(text[:len(text)-1], &m); err != nil {
		b.t.Fatalf("%v: %.200s", err, text)
	}
	switch p := &m.Params; m.Method {
	case "Log.entryAdded":
		b.problems = append(b.problems, p.Entry.Level+": "+p.Entry.Text+" "+p.Entry.URL)
	case "Runtime.exceptionThrown":
		b.problems = append(b.problems, p.ExceptionDetails.Text+" "+p.ExceptionDetails.Exception.Description)
	case "Runtime.consoleAPICalled":
		b.problems = append(b.problems, fmt.Sprintf("console: %.200s", p.Args))
	case "Network.requestWillBeSent":
		b.requests = append(b.requests, p.Request.URL)
	case "Page.loadEventFired":
		b.loaded = true
	}
	return m
}

// visit opens a page and waits until it is loaded. A step within the page that is open loads nothing.
func (b *tab) visit(address string) {
	b.t.Helper()
	b.problems, b.requests, b.loaded = nil, nil, false
	var began struct{ LoaderID string }
	b.do("Page.navigate", map[string]any{"url": address}, &began)
	for began.LoaderID != "" && !b.loaded {
		b.next()
	}
}

// eval evaluates JavaScript, waits for its promise, and returns its value: nil, a bool, a float64, a string, a slice or a map.
func (b *tab) eval(script string) any {
	b.t.Helper()
	v, err := b.tryEval(script)
	if err != nil {
		b.t.Fatalf("%s: %v", script, err)
	}
	return v
}

func (b *tab) tryEval(script string) (any, error) {
	b.t.Helper()
	var r struct {
		Result           struct{ Value any }
		ExceptionDetails json.RawMessage
	}
	err := b.try("Runtime.evaluate", map[string]any{"expression": script, "returnByValue": true, "awaitPromise": true}, &r)
	if err == nil && r.ExceptionDetails != nil {
		err = fmt.Errorf("%.500s", r.ExceptionDetails)
	}
	return r.Result.Value, err
}

// until waits until a condition in JavaScript holds, on this page or one that comes after it.
func (b *tab) until(condition string) {
	b.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); {
		script := "new Promise(done => { const end = Date.now() + 1000; const look = () => { let ok = false; try { ok = Boolean(" + condition + "); } catch {} ok || Date.now() > end ? done(ok) : setTimeout(look, 20); }; look(); })"
		if v, err := b.tryEval(script); err == nil && v == true { // the page may be left meanwhile
			return
		}
	}
	b.t.Fatalf("never: %s\nat %v", condition, b.eval("location.href"))
}

// press presses keys, each by its name in the protocol: "j", "ArrowRight", "Enter".
func (b *tab) press(keys ...string) {
	b.t.Helper()
	codes := map[string]int{"Tab": 9, "Enter": 13, "Escape": 27, "ArrowLeft": 37, "ArrowRight": 39}
	for _, key := range keys {
		down := map[string]any{"type": "keyDown", "key": key}
		if code, ok := codes[key]; ok {
			down["windowsVirtualKeyCode"], down["code"] = code, key
		}
		switch {
		case key == "Enter":
			down["text"] = "\r"
		case len(key) == 1:
			down["text"] = key
		}
		b.do("Input.dispatchKeyEvent", down, nil)
		b.do("Input.dispatchKeyEvent", map[string]any{"type": "keyUp", "key": key}, nil)
	}
}

// screen sets what the page is shown on.
func (b *tab) screen(width, height int, dark bool, media string) {
	b.t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	b.do("Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500}, nil)
	b.do("Emulation.setEmulatedMedia", map[string]any{"media": media, "features": []map[string]string{{"name": "prefers-color-scheme", "value": scheme}}}, nil)
}

// picture writes what is seen to a file.
func (b *tab) picture(name string) {
	b.t.Helper()
	var shot struct{ Data string }
	b.do("Page.captureScreenshot", nil, &shot)
	png, err := base64.StdEncoding.DecodeString(shot.Data)
	if err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(name, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// content fails the test if something was complained of since the last visit.
func (b *tab) content() {
	b.t.Helper()
	b.eval("1") // what was said before is read
	for _, p := range b.problems {
		b.t.Errorf("%v: %s", b.eval("location.href"), p)
	}
}
