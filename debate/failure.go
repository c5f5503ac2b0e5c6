package debate

import "errors"

// FailureKind sorts an error for a summary: "rate limit" or "no answer in time" for example, as said by the method
// FailureKind() string of an error that err wraps. It is "other" for errors that say nothing of the kind, and "" for nil.
// A kind is for people to read; nothing depends on it.
func FailureKind(err error) string {
	if err == nil {
		return ""
	}
	var sorted interface{ FailureKind() string }
	if errors.As(err, &sorted) {
		if kind := sorted.FailureKind(); kind != "" {
			return kind
		}
	}
	return "other"
}
