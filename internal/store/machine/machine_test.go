package machine

import (
	"encoding/json"
	"runtime"
	"strings"
	"testing"
)

func TestDescribeKnowsTheProgramAndNoEnvironment(t *testing.T) {
	t.Setenv("SECRET_TOKEN", "sk-do-not-store")
	m := Describe()
	if m.GoVersion != runtime.Version() || m.OS != runtime.GOOS || m.Arch != runtime.GOARCH || m.NumCPU < 1 {
		t.Errorf("%+v", m)
	}
	text, err := json.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(text), "sk-do-not-store") {
		t.Error("the environment is in the description")
	}
}
