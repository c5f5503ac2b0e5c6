package models

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"cheaptalk/agents"
	"cheaptalk/debate"
)

func TestABodyWithoutEndIsAnError(t *testing.T) {
	for _, api := range apis {
		body := &endless{}
		err := readsFrom(t, api.api, 200, -1, body)
		if e, ok := errors.AsType[*agents.TooLongError](err); !ok || e.Limit != 16<<20 || !strings.Contains(err.Error(), "longer than 16 MiB (set max_tokens)") {
			t.Errorf("%s: %v", api.api, err)
		}
		if body.read > 32<<20 {
			t.Errorf("%s: %d bytes were read", api.api, body.read)
		}
		body = &endless{}
		if e, ok := errors.AsType[*agents.TooLongError](readsFrom(t, api.api, 200, 16<<20+1, body)); !ok || body.read > 0 {
			t.Errorf("%s, which says how long it is: %v after %d bytes", api.api, e, body.read)
		}
	}
}

func TestARefusalWithoutEndIsARefusal(t *testing.T) {
	for _, api := range apis {
		body := &endless{}
		err := readsFrom(t, api.api, 503, -1, body)
		if e, ok := errors.AsType[*agents.StatusError](err); !ok || e.Status != 503 || body.read > 4<<20 {
			t.Errorf("%s: %v after %d bytes", api.api, err, body.read)
		}
	}
}

func TestATextWithoutEndIsAnError(t *testing.T) {
	for _, api := range apis {
		for what, as := range map[string]string{"said": "%s", "thought": "<think>%s</think>"} {
			text := fmt.Sprintf(as, strings.Repeat("again ", 700_000)) + "It is (B)."
			err := fails(t, api.api, 200, strings.Replace(api.ok, "It is (B).", text, 1))
			if e, ok := errors.AsType[*agents.TooLongError](err); !ok || e.Limit != 4<<20 || debate.FailureKind(err) != "reply too long" {
				t.Errorf("%s %s: %.200v", api.api, what, err)
			}
		}
	}
}

func readsFrom(t *testing.T, api API, status int, length int64, body io.Reader) error {
	t.Helper()
	tr := roundTrip(func(r *http.Request) (*http.Response, error) {
		resp := respond(r, "")
		resp.StatusCode, resp.ContentLength, resp.Body = status, length, io.NopCloser(body)
		return resp, nil
	})
	_, err := open(t, Config{API: api, URL: "http://localhost/v1", Transport: tr}).Complete(t.Context(), request(agents.Sampling{}))
	return err
}

type endless struct{ read int }

func (e *endless) Read(p []byte) (int, error) {
	e.read += len(p)
	return len(p), nil
}
