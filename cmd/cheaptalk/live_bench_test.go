package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"cheaptalk/internal/mockllm"
)

// BenchmarkLive measures the live path: the real command against `cheaptalk mock`, each a process of its own. Every run
// has 24,000 calls of 50 ms, but for the last, which holds 10,000 debates at once.
//
//	go test -run '^$' -bench Live -benchtime 1x ./cmd/cheaptalk
//
// The limit is what no client can pass: max(calls x latency / in flight, rounds x latency). raw/s is what a bare net/http client makes
// of the same number of requests in flight, to the same server, in the same benchmark.
func BenchmarkLive(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "cheaptalk")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	const calls, latency = 24_000, 50 * time.Millisecond
	for _, c := range []struct {
		name      string
		questions int // of 12 calls each: three agents, round 0 and three more
		inFlight  int
		flags     []string
	}{
		{"in-flight=64", calls / 12, 64, nil},
		{"in-flight=64/no-cache", calls / 12, 64, []string{"--no-cache"}},
		{"in-flight=512", calls / 12, 512, nil},
		{"in-flight=512/debates=10000", 10_000, 512, []string{"--workers", "10000"}},
	} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				dir := b.TempDir()
				server, url := startMock(b, binary, latency)
				raw := rawClient(b, url, calls/4, c.inFlight)
				before := mockStats(b, url)
				args := []string{"run", "--team", fmt.Sprintf("a@%s/v1,b@%s/v1,c@%s/v1", url, url, url), "--dataset", writeQuestions(b, dir, c.questions),
					"--protocol", "naive", "--rounds", "3", "--max-connections", strconv.Itoa((c.inFlight + 2) / 3),
					"--workers", strconv.Itoa(c.inFlight), "--no-plots", "--log-dir", filepath.Join(dir, "runs")}
				cmd := exec.Command(binary, append(args, c.flags...)...)
				cmd.Env = append(os.Environ(), "CHEAPTALK_CACHE="+filepath.Join(dir, "cache"))
				var out bytes.Buffer
				cmd.Stdout, cmd.Stderr = &out, &out
				start := time.Now()
				err := cmd.Run()
				took := time.Since(start)
				if err != nil {
					b.Fatalf("%v\n%s", err, out.Bytes())
				}
				after := mockStats(b, url)
				server()
				made := after.Requests - before.Requests
				if made != c.questions*12 {
					b.Errorf("%d calls, want %d", made, c.questions*12)
				}
				limit := max(time.Duration(made)*latency/time.Duration(c.inFlight), 4*latency)
				used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
				b.ReportMetric(float64(made)/took.Seconds(), "calls/s")
				b.ReportMetric(100*limit.Seconds()/took.Seconds(), "%limit")
				b.ReportMetric(raw, "raw/s")
				b.ReportMetric(used.Seconds()*1000/float64(made), "cpu-ms/call")
				b.ReportMetric(peakMB(cmd.ProcessState), "peak-MB")
				b.ReportMetric(float64(after.Connections-before.Connections)/float64(made), "conns/call")
				b.ReportMetric(0, "ns/op")
			}
		})
	}
}

// startMock starts `cheaptalk mock` and returns what stops it, and its URL.
func startMock(b *testing.B, binary string, latency time.Duration) (stop func(), url string) {
	cmd := exec.Command(binary, "mock", "--address", "127.0.0.1:0", "--latency", latency.String())
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	line := make([]byte, 4096)
	n, err := out.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(line[:n]), " at ")
	url, _, found := strings.Cut(rest, "/v1")
	if !found {
		b.Fatalf("no URL in %q", line[:n])
	}
	var drained sync.WaitGroup
	drained.Go(func() { io.Copy(io.Discard, out) })
	return func() {
		cmd.Process.Signal(os.Interrupt)
		drained.Wait()
		cmd.Wait()
	}, url
}

// mockStats asks the mock what it was asked.
func mockStats(b *testing.B, url string) mockllm.Stats {
	resp, err := http.Get(url + "/mock/stats")
	if err != nil {
		b.Fatal(err)
	}
	defer resp.Body.Close()
	var s mockllm.Stats
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		b.Fatal(err)
	}
	return s
}

// rawClient makes requests with net/http alone and returns how many a second.
func rawClient(b *testing.B, url string, requests, inFlight int) float64 {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: inFlight}}
	defer client.CloseIdleConnections()
	var left atomic.Int64
	left.Store(int64(requests))
	var workers sync.WaitGroup
	start := time.Now()
	for range inFlight {
		workers.Go(func() {
			for {
				n := left.Add(-1)
				if n < 0 {
					return
				}
				body := fmt.Sprintf(`{"model":"m","messages":[{"role":"user","content":"question %d %s"}]}`, n, strings.Repeat("why is the sky ", 60))
				resp, err := client.Post(url+"/v1/chat/completions", "application/json", strings.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				io.Copy(io.Discard, resp.Body)
				resp.Body.Close()
			}
		})
	}
	workers.Wait()
	return float64(requests) / time.Since(start).Seconds()
}

// writeQuestions writes a data set of n questions and returns its path.
func writeQuestions(b *testing.B, dir string, n int) string {
	var text bytes.Buffer
	for i := range n {
		fmt.Fprintf(&text, `{"id":"%d","question":"Question %d: which of these is it, and why is it none of the others?","choices":["the first","the second","the third","the fourth"],"answer":"B"}`+"\n", i, i)
	}
	file := filepath.Join(dir, "questions.jsonl")
	if err := os.WriteFile(file, text.Bytes(), 0o600); err != nil {
		b.Fatal(err)
	}
	return file
}
