package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestMockServesUntilInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, printed := io.Pipe()
	var errs bytes.Buffer
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, nil, []string{"mock", "--address", "127.0.0.1:0", "--fault", "500=0.5", "--fault", "429=0.5", "--latency", "uniform:0s-1ms", "--capacity", "2"}, printed, &errs)
		printed.Close()
	}()
	lines := bufio.NewScanner(out)
	var url string
	for lines.Scan() && !strings.Contains(lines.Text(), "curl ") {
		if _, rest, ok := strings.Cut(lines.Text(), "--team a@"); ok {
			url, _, _ = strings.Cut(rest, ",")
		}
	}
	resp, err := http.Post(url+"/chat/completions", "application/json", strings.NewReader(`{"model":"a","messages":[{"role":"user","content":"hi"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != 500 && resp.StatusCode != 429 {
		t.Errorf("status %d with no other rate than these two", resp.StatusCode)
	}
	interrupt()
	var rest strings.Builder
	for lines.Scan() {
		rest.WriteString(lines.Text() + "\n")
	}
	if got := <-code; got != exitDone || !strings.Contains(rest.String(), `model "a": 1`) {
		t.Errorf("exit code %d\n%s%s", got, rest.String(), errs.String())
	}
}

func TestMockRefusesWhatMakesNoSense(t *testing.T) {
	for want, args := range map[string][]string{
		"not an address of this machine": {"--address", "0.0.0.0:0"},
		"fault \"teapot\" is none of":    {"--fault", "teapot=0.1"},
		"--latency: latency \"soon\"":    {"--latency", "soon"},
	} {
		var out, errs bytes.Buffer
		if code := run(t.Context(), nil, append([]string{"mock"}, args...), &out, &errs); code != exitUsage || !strings.Contains(errs.String(), want) {
			t.Errorf("%v: exit code %d, %s", args, code, errs.String())
		}
	}
}
