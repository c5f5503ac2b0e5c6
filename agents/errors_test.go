package agents

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestServersSayContextLengthInManyWays(t *testing.T) {
	check := func(want bool, e StatusError) {
		t.Helper()
		if got := errors.Is(fmt.Errorf("agent: %w", &e), ErrContextLength); got != want {
			t.Errorf("%+v: %t", e, got)
		}
	}
	check(true, StatusError{Status: 400, Code: "context_length_exceeded"})
	check(true, StatusError{Status: 400, Code: "exceed_context_size_error", Message: "the request exceeds the available context size, try increasing it"})
	check(true, StatusError{Status: 400, Code: "invalid_request_error", Message: "prompt is too long: 213462 tokens > 200000 maximum"})
	check(true, StatusError{Status: 400, Message: "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens"})
	check(true, StatusError{Status: 400, Message: "The input token count (2000000) exceeds the maximum number of tokens allowed"})
	check(false, StatusError{Status: 400, Message: "temperature must be at most 2"})
	check(false, StatusError{Status: 429, Message: "tokens a minute: context length 4096"})
	check(false, StatusError{Status: 401})
}

func TestErrorsSayWhereWhatAndWhatToDo(t *testing.T) {
	check := func(err error, want string) {
		t.Helper()
		if err.Error() != want {
			t.Errorf("got  %s\nwant %s", err, want)
		}
	}
	const url = "http://localhost:8080/v1"
	check(&StatusError{Status: 401, URL: url, Message: "no such key"}, url+": 401 Unauthorized: no such key (check the key)")
	check(&StatusError{Status: 404, URL: url}, url+": 404 Not Found (check the model's name and the URL)")
	const bare = "http://localhost:8080"
	check(&StatusError{Status: 404, URL: bare, Message: "Not Found"}, bare+": 404 Not Found: Not Found (check the URL, which ends in /v1 for most servers, and the model's name)")
	check(&StatusError{Status: 404, URL: bare, Message: `model "x" not found`}, bare+`: 404 Not Found: model "x" not found (check the model's name and the URL)`)
	check(&StatusError{Status: 503, URL: url, Message: "loading"}, url+": 503 Service Unavailable: loading")
	check(&StatusError{Status: 529, URL: url, Message: "busy"}, url+": 529 Overloaded: busy")
	check(&StatusError{Status: 520, URL: url, Message: "odd"}, url+": 520: odd")
	check(&TooLongError{URL: url, Limit: 3 << 20}, url+": the answer is longer than 3 MiB (set max_tokens)")
	check(&UnreachableError{URL: url, Err: &net.DNSError{Err: "no such host", Name: "localhos", IsNotFound: true}}, url+": lookup localhos: no such host (check the name of the host)")
	check(&StatusError{Status: 200, URL: url, Message: "no provider"}, url+": the server answered with an error: no provider")
	long := StatusError{Status: 400, URL: url, Code: "context_length_exceeded", Message: "too long for 4096", Prompt: 5000, Window: 4096}
	check(&long, url+": 400 Bad Request: too long for 4096: the prompt has 5000 tokens (use a shorter memory, or give the server a longer context)")
	long.Prompt, long.Window, long.About = 0, 0, 5100
	check(&long, url+": 400 Bad Request: too long for 4096: the prompt has about 5100 tokens (use a shorter memory, or give the server a longer context)")
	check(&UnreachableError{URL: url, Err: io.EOF}, url+": EOF (the server, or something before it, closed the connection)")
	reset := UnreachableError{URL: url, Err: os.NewSyscallError("wsarecv", syscall.Errno(10054))}
	if reset.Hint() != "the server, or something before it, closed the connection" {
		t.Errorf("of a reset on Windows: %s", reset.Hint())
	}
	check(&UnreachableError{URL: url, Err: syscall.ECONNREFUSED}, url+": connection refused (is the server running at this URL?)")
	if !errors.Is(&UnreachableError{Err: syscall.ECONNREFUSED}, syscall.ECONNREFUSED) {
		t.Error("the cause is lost")
	}
	if e := (&StatusError{Status: 400, Code: "context_length_exceeded"}); !strings.Contains(e.Error(), "shorter memory") {
		t.Error(e)
	}
}
