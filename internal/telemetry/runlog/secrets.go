package runlog

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// leastSecret is the length in bytes below which a secret is not looked for: stand-ins for a key such as "none" or "ollama" are words.
const leastSecret = 8

// keyLike are the forms by which keys are known that nobody named: the prefixes of providers, the schemes of HTTP authentication, and
// users in URLs.
var keyLike = regexp.MustCompile(`\b(?:sk|pk|rk)-[\w-]{8,}|\b(?:gsk|hf|xai|ghp|glpat)[_-]\w{8,}|\bAIza[\w-]{20,}|(?i:\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}`)

// userInfo is the user in a URL.
var userInfo = regexp.MustCompile(`://[^/\s@"'?#]+@`)

// Secrets are texts that no output may hold. It is safe for concurrent use. The zero Secrets knows keys by their looks alone.
type Secrets struct{ known *strings.Replacer }

// NewSecrets returns the secrets with these values, in each form that they may take on the way: as they are, escaped for JSON or
// a URL, and without a scheme such as Bearer before them.
func NewSecrets(values ...string) Secrets {
	var forms []string
	add := func(secret string) {
		if len(secret) < leastSecret {
			return
		}
		inJSON, _ := json.Marshal(secret)
		forms = append(forms, secret, strings.Trim(string(inJSON), `"`), url.QueryEscape(secret), url.PathEscape(secret),
			base64.StdEncoding.EncodeToString([]byte(secret)))
	}
	for _, v := range values {
		v = strings.TrimSpace(v)
		add(v)
		if _, rest, ok := strings.Cut(v, " "); ok {
			add(strings.TrimSpace(rest))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) }) // a secret that holds another is cut whole
	var pairs []string
	for _, form := range slices.Compact(forms) {
		pairs = append(pairs, form, "[key]")
	}
	return Secrets{strings.NewReplacer(pairs...)}
}

// Cut returns the text with [key] in place of each secret, and of all that looks like one.
func (s Secrets) Cut(text string) string {
	if s.known != nil {
		text = s.known.Replace(text)
	}
	text = userInfo.ReplaceAllString(text, "://[key]@")
	return keyLike.ReplaceAllString(text, "[key]")
}

// UserOf returns the secrets in a URL: its password, or a token in place of a user, and both as they are sent.
func UserOf(raw string) []string {
	u, err := url.Parse(strings.TrimSpace(raw))
	if err != nil || u.User == nil {
		return nil
	}
	password, ok := u.User.Password()
	if !ok {
		return []string{u.User.Username(), u.User.String()}
	}
	return []string{password, u.User.String(), base64.StdEncoding.EncodeToString([]byte(u.User.Username() + ":" + password))}
}

// HeaderValues returns the values of a list of headers in the form of OTEL_EXPORTER_OTLP_HEADERS, NAME=VALUE,NAME=VALUE, as they are written and as they
// are sent. What is not of that form is returned whole.
func HeaderValues(list string) []string {
	var values []string
	for header := range strings.SplitSeq(list, ",") {
		_, value, ok := strings.Cut(header, "=")
		if !ok {
			value = header
		}
		value = strings.TrimSpace(value)
		values = append(values, value)
		if sent, err := url.PathUnescape(value); err == nil && sent != value {
			values = append(values, sent)
		}
	}
	return values
}
