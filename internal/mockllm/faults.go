package mockllm

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"cheaptalk/internal/mockllm/chat"
)

// Fault is something that goes wrong with a request.
type Fault string

const (
	RateLimited   Fault = "429"            // with Retry-After
	ServerError   Fault = "500"            //
	BadGateway    Fault = "502"            // an HTML page
	Overloaded    Fault = "503"            // with Retry-After
	ContextLength Fault = "context-length" // a 400: the prompt is too long
	ErrorBody     Fault = "error-200"      // an error object with status 200, as OpenRouter's; in the middle of a stream
	Hang          Fault = "hang"           // nothing, until the client gives up
	Reset         Fault = "reset"          // the connection is reset (RST) without a response
	Cut           Fault = "cut"            // half of the body, then the connection is closed
	Drip          Fault = "drip"           // the whole body in twenty pieces, a pause before each
	Duplicate     Fault = "duplicate"      // a piece of a stream comes twice; a reply that is not streamed meets no harm
	BadJSON       Fault = "bad-json"       // JSON that breaks off; the middle event of a stream
	BadUTF8       Fault = "bad-utf8"       // bytes that are no UTF-8, in the text
	NoChoices     Fault = "no-choices"     // a completion without a reply in it
	EmptyText     Fault = "empty"          // a reply without a text
	Controls      Fault = "controls"       // terminal control sequences in the text
	Huge          Fault = "huge"           // a reply of 50 MiB or what Config.HugeBytes says
)

// Faults returns all faults in the order in which they are drawn.
func Faults() []Fault {
	return []Fault{RateLimited, ServerError, BadGateway, Overloaded, ContextLength, ErrorBody, Hang, Reset, Cut, Drip, Duplicate,
		BadJSON, BadUTF8, NoChoices, EmptyText, Controls, Huge}
}

// draw returns the fault that a request meets, or "". The rates lie side by side on [0,1) and one number falls among them.
func (c *Config) draw(r *chat.Request) Fault {
	u := newRand(r.Seed, "fault", fmt.Sprint(r.Seen)).Float64()
	for _, fault := range Faults() {
		if u -= c.Faults[fault]; u < 0 {
			return fault
		}
	}
	return ""
}

// refusal is a response without a completion.
type refusal struct {
	status  int
	code    string // OpenAI's
	message string
	wait    time.Duration // for Retry-After; 0 writes none
}

// refusal returns the refusal that a fault is, or that a prompt longer than the context meets, or one with status 0.
func (c *Config) refusal(f Fault, r *chat.Request) refusal {
	wait := cmp.Or(c.RetryAfter, time.Second)
	switch f {
	case RateLimited:
		return refusal{http.StatusTooManyRequests, "rate_limit_exceeded", "Rate limit reached: mock fault", wait}
	case ServerError:
		return refusal{http.StatusInternalServerError, "server_error", "Internal server error: mock fault", 0}
	case Overloaded:
		return refusal{http.StatusServiceUnavailable, "overloaded", "Overloaded: mock fault", wait}
	case ContextLength:
		no := tooLong(r, r.PromptTokens()/2)
		no.message += ": mock fault"
		return no
	}
	if c.Context > 0 && r.PromptTokens() > c.Context {
		return tooLong(r, c.Context)
	}
	return refusal{}
}

// tooLong refuses a prompt in the API's own words.
func tooLong(r *chat.Request, most int) refusal {
	n := r.PromptTokens()
	message := fmt.Sprintf("This model's maximum context length is %d tokens, but the messages have %d", most, n)
	switch r.API {
	case chat.Anthropic:
		message = fmt.Sprintf("prompt is too long: %d tokens > %d maximum", n, most)
	case chat.Ollama:
		message = "the input exceeds the context length"
	}
	return refusal{http.StatusBadRequest, "context_length_exceeded", message, 0}
}

const (
	gatewayPage = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><center><h1>502 Bad Gateway</h1></center></body>\r\n</html>\r\n"
	// badBytes are no UTF-8. badMark, of the private use area, stands for them until the text is JSON.
	badBytes = "\xff\xfe\xc0\xaf"
	badMark  = "\ue000"
	// control clears the screen, sets the title, colours, hides the cursor, rings and links.
	control   = "\x1b[2J\x1b[H\x1b]0;owned\x07\x1b[31;5m\x1b[?25l\a\u009b1m\x1b]8;;http://127.0.0.1/\x1b\\"
	hugeBytes = 50 << 20
	pieces    = 20 // of a drip
)

// spoil does to a completion what a fault does to its text.
func (config *Config) spoil(c *chat.Completion, f Fault) {
	switch f {
	case EmptyText:
		c.Text, c.Cut = "", false
	case NoChoices:
		c.Text, c.Cut, c.None = "", false, true
	case BadUTF8:
		c.Text = badMark + c.Text
	case Controls:
		c.Text = control + c.Text
	case Huge:
		filler := "It has to be said again. "
		c.Text = strings.Repeat(filler, cmp.Or(config.HugeBytes, hugeBytes)/len(filler)+1) + c.Text
	}
}

// garble does to the chunks of a body, one unless it is streamed, what a fault does to them.
func garble(chunks [][]byte, r *chat.Request, f Fault) [][]byte {
	half := (len(chunks) - 1) / 2
	switch f {
	case ErrorBody:
		no := chat.Refusal(r.API, http.StatusBadGateway, "502", "Provider returned error: mock fault")
		if !r.Stream {
			return [][]byte{no}
		}
		return append(chunks[:half:half], chat.Frame(r.API, "error", no))
	case BadJSON:
		chunks[half] = append(chunks[half][:len(chunks[half])/2:len(chunks[half])/2], "\n\n"...)
	case BadUTF8:
		for i := range chunks {
			chunks[i] = bytes.ReplaceAll(chunks[i], []byte(badMark), []byte(badBytes))
		}
	case Duplicate:
		return slices.Insert(chunks, half, chunks[half])
	case Drip:
		all := bytes.Join(chunks, nil)
		return slices.Collect(slices.Chunk(all, max(1, (len(all)+pieces-1)/pieces)))
	}
	return chunks
}
