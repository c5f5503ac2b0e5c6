package inspect

// The parts of a log that are written; all others have their defaults. The names are those of inspect_ai.log.EvalLog.

// head is a log without its samples. Its fields are in the order in which inspect_ai wants them.
type head struct {
	Version int      `json:"version"`
	Status  string   `json:"status"`
	Eval    evalSpec `json:"eval"`
	Plan    plan     `json:"plan"`
	Results results  `json:"results"`
	Stats   stats    `json:"stats"`
}

type plan struct {
	Name  string   `json:"name"`
	Steps []string `json:"steps"`
}

type evalSpec struct {
	EvalID   string            `json:"eval_id"`
	RunID    string            `json:"run_id"`
	Created  string            `json:"created"`
	Task     string            `json:"task"`
	TaskID   string            `json:"task_id"`
	Dataset  dataset           `json:"dataset"`
	Model    string            `json:"model"`
	Config   config            `json:"config"`
	Packages map[string]string `json:"packages"`
	Metadata map[string]any    `json:"metadata"`
}

type dataset struct {
	Name    string   `json:"name"`
	Samples int      `json:"samples"`
	IDs     []string `json:"sample_ids"`
}

type config struct {
	Epochs int `json:"epochs"`
}

type results struct {
	Total     int         `json:"total_samples"`
	Completed int         `json:"completed_samples"`
	Scores    []evalScore `json:"scores"`
}

type evalScore struct {
	Name     string            `json:"name"`
	Scorer   string            `json:"scorer"`
	Scored   int               `json:"scored_samples"`
	Unscored int               `json:"unscored_samples"`
	Metrics  map[string]metric `json:"metrics"`
}

type metric struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

type stats struct {
	StartedAt   string                `json:"started_at"`
	CompletedAt string                `json:"completed_at"`
	ModelUsage  map[string]modelUsage `json:"model_usage"`
}

type modelUsage struct {
	Input     int `json:"input_tokens"`
	Output    int `json:"output_tokens"`
	Total     int `json:"total_tokens"`
	CacheRead int `json:"input_tokens_cache_read,omitempty"`
	Reasoning int `json:"reasoning_tokens,omitempty"`
}

func (u modelUsage) add(v modelUsage) modelUsage {
	return modelUsage{u.Input + v.Input, u.Output + v.Output, u.Total + v.Total, u.CacheRead + v.CacheRead, u.Reasoning + v.Reasoning}
}

type sample struct {
	ID         string                `json:"id"`
	Epoch      int                   `json:"epoch"` // from 1
	Input      string                `json:"input"`
	Choices    []string              `json:"choices"`
	Target     string                `json:"target"`
	Messages   []message             `json:"messages"`
	Output     output                `json:"output"`
	Scores     map[string]score      `json:"scores"`
	Metadata   map[string]any        `json:"metadata"`
	ModelUsage map[string]modelUsage `json:"model_usage"`
	TotalTime  *float64              `json:"total_time,omitempty"` // seconds
	Error      *evalError            `json:"error,omitempty"`
}

type message struct {
	ID       string         `json:"id"`
	Role     string         `json:"role"`
	Content  any            `json:"content"` // a string, or a list of content
	Source   string         `json:"source,omitempty"`
	Model    string         `json:"model,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

type content struct {
	Type      string `json:"type"` // "text" or "reasoning"
	Text      string `json:"text,omitempty"`
	Reasoning string `json:"reasoning,omitempty"`
}

type output struct {
	Model      string      `json:"model"`
	Choices    []choice    `json:"choices"`
	Completion string      `json:"completion"`
	Usage      *modelUsage `json:"usage,omitempty"`
}

type choice struct {
	Message    message `json:"message"`
	StopReason string  `json:"stop_reason"`
}

type score struct {
	Value       string         `json:"value"` // "C", "I" or "N"
	Answer      string         `json:"answer"`
	Explanation string         `json:"explanation,omitempty"`
	Reason      string         `json:"reason,omitempty"`
	Metadata    map[string]any `json:"metadata"`
}

type evalError struct {
	Message       string `json:"message"`
	Traceback     string `json:"traceback"`
	TracebackANSI string `json:"traceback_ansi"`
}
