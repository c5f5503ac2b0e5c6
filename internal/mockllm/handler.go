package mockllm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"cheaptalk/internal/mockllm/chat"
)

// bodyLimit is the longest request that is read, in bytes.
const bodyLimit = 64 << 20

// Handler serves the three APIs, the lists of models and GET /mock/stats. Paths are told by their ends, so that a base URL may have any
// prefix or none.
type Handler struct {
	config Config
	slots  chan struct{}  // has room for as many as are served at once; nil when that is not limited
	busy   sync.WaitGroup // requests being handled, and a server's connections

	mu               sync.Mutex
	stats            Stats
	waiting          int
	replies          int            // of Config.Replies given
	seen             map[uint64]int // requests admitted, by their seed, which stands for API and body
	requests, tokens bucket
}

// New returns a handler. Its error names what makes no sense in the config.
func New(c Config) (*Handler, error) {
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("mock server: %w", err)
	}
	if c.Reply == nil {
		c.Reply = chat.Answer
	}
	if len(c.Models) == 0 {
		c.Models = []string{"mock"}
	}
	h := &Handler{
		config: c, stats: newStats(), seen: make(map[uint64]int),
		requests: newBucket(c.RequestsPerMinute, time.Now()), tokens: newBucket(c.TokensPerMinute, time.Now()),
	}
	if c.Capacity > 0 {
		h.slots = make(chan struct{}, c.Capacity)
	}
	return h, nil
}

// ServeHTTP answers one request.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.busy.Add(1)
	defer h.busy.Done()
	switch path := r.URL.Path; {
	case path == "/mock/stats":
		body, _ := json.Marshal(h.Stats()) // numbers and names, which cannot fail
		list(w, body)
	case strings.HasSuffix(path, "/models"), path == "/api/tags":
		list(w, chat.Models(h.config.Models))
	case strings.HasSuffix(path, "/chat/completions"):
		h.chat(w, r, chat.OpenAI)
	case strings.HasSuffix(path, "/messages"):
		h.chat(w, r, chat.Anthropic)
	case strings.HasSuffix(path, "/api/chat"):
		h.chat(w, r, chat.Ollama)
	default:
		h.arrived()
		h.refuse(w, chat.OpenAI, refusal{http.StatusNotFound, "not_found", "there is no " + path, 0})
	}
}

// list writes what is no chat.
func list(w http.ResponseWriter, body []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// chat takes a request the way that the package comment describes.
func (h *Handler) chat(w http.ResponseWriter, r *http.Request, api chat.API) {
	h.arrived()
	if r.Method != http.MethodPost {
		h.refuse(w, api, refusal{http.StatusMethodNotAllowed, "method_not_allowed", r.Method + " is not POST", 0})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		status := http.StatusBadRequest
		if _, long := errors.AsType[*http.MaxBytesError](err); long {
			status = http.StatusRequestEntityTooLarge
		}
		h.refuse(w, api, refusal{status, "invalid_body", err.Error(), 0})
		return
	}
	req, err := chat.Parse(api, body)
	if err != nil {
		h.refuse(w, api, refusal{http.StatusBadRequest, "invalid_request", err.Error(), 0})
		return
	}
	req.Seed = hash(h.config.Seed, string(api), string(body))
	if no := h.take(w.Header(), &req); no.status != 0 {
		h.refuse(w, api, no)
		return
	}
	if no, err := h.enter(r.Context()); err != nil {
		abort() // the client gave up, or the server closes
	} else if no.status != 0 {
		h.refuse(w, api, no)
		return
	}
	defer h.leave()
	script, fault := h.admit(&req)
	if latency := h.config.Latency; latency != nil {
		if err := sleep(r.Context(), latency(newRand(req.Seed, "latency"))); err != nil {
			abort()
		}
	}
	h.answer(w, r, &req, script, fault)
}

// answer writes the response to a request that was admitted. script is its reply, or nil when Config.Reply makes one.
func (h *Handler) answer(w http.ResponseWriter, r *http.Request, req *chat.Request, script *string, fault Fault) {
	switch fault {
	case Hang:
		<-r.Context().Done()
		abort()
	case Reset:
		reset(w)
		return
	case BadGateway:
		h.write(w, http.StatusBadGateway, "text/html", []byte(gatewayPage))
		return
	}
	if no := h.config.refusal(fault, req); no.status != 0 {
		h.refuse(w, req.API, no)
		return
	}
	c := &chat.Completion{Request: req}
	if script != nil {
		c.Text = *script
	} else {
		c.Text = h.config.Reply(*req)
	}
	c.Text, c.Cut = chat.Cut(c.Text, req.MaxTokens)
	h.config.spoil(c, fault)
	h.said(c)
	var chunks [][]byte
	if req.Stream {
		chunks = c.Frames()
	} else {
		chunks = [][]byte{c.Whole()}
	}
	h.send(r.Context(), w, req, garble(chunks, req, fault), fault)
}

// send writes the chunks of a body, each as soon as it is due.
func (h *Handler) send(ctx context.Context, w http.ResponseWriter, r *chat.Request, chunks [][]byte, fault Fault) {
	length := 0
	for _, chunk := range chunks {
		length += len(chunk)
	}
	w.Header().Set("Content-Type", r.ContentType())
	if !r.Stream {
		w.Header().Set("Content-Length", strconv.Itoa(length))
	}
	h.begin(w, http.StatusOK)
	left := math.MaxInt
	if fault == Cut {
		left = length / 2
	}
	for _, chunk := range chunks {
		if fault == Drip && sleep(ctx, h.pause()) != nil {
			abort()
		}
		chunk = chunk[:min(len(chunk), left)]
		left -= len(chunk)
		if _, err := w.Write(chunk); err != nil {
			abort()
		}
		if r.Stream || len(chunks) > 1 || fault == Cut {
			_ = http.NewResponseController(w).Flush() // a writer that cannot has it all at the end
		}
	}
	if fault == Cut {
		abort()
	}
}

// abort ends a request without a response, or in the middle of one, where a handler that returned would end it well: it tells net/http
// to close the connection, in the one way that there is. The caller's deferred calls are made.
func abort() { panic(http.ErrAbortHandler) }

// reset closes the connection so that the client gets an RST. Where that cannot be, as with HTTP/2, the request is aborted.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		abort()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // the close below ends the connection in any case
	}
	_ = conn.Close()
}

// refuse writes a refusal.
func (h *Handler) refuse(w http.ResponseWriter, api chat.API, no refusal) {
	if no.wait > 0 {
		w.Header().Set("Retry-After", h.retryAfter(no.wait))
	}
	h.write(w, no.status, "application/json", chat.Refusal(api, no.status, no.code, no.message))
}

// write writes a whole body.
func (h *Handler) write(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	h.begin(w, status)
	_, _ = w.Write(body) // a client that is gone needs no answer
}

// begin writes the status and the header, and counts the status.
func (h *Handler) begin(w http.ResponseWriter, status int) {
	h.mu.Lock()
	h.stats.Statuses[status]++
	h.mu.Unlock()
	w.WriteHeader(status)
}

// sleep waits and returns the error of a context that ends first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
