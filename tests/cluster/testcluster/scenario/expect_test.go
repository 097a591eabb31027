package scenario

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// expect waits until doctor's errors are these, each "CODE Kind/namespace/name": the causes that the test made. On the way
// no other error may ever be reported but those that stood before, so a false alarm fails the test even if it passes.
func expect(t *testing.T, c *cluster.Cluster, before []string, want ...string) report {
	t.Helper()
	want = slices.Sorted(slices.Values(want))
	limit := time.Now().Add(100 * time.Second)
	for {
		r := doctor(t, c.Kubeconfig)
		have := r.errors()
		for _, line := range have {
			if !slices.Contains(want, line) && !slices.Contains(before, line) {
				t.Fatalf("false alarm: %s\nexpected are\n%s\nthe report says\n%s", line, strings.Join(want, "\n"), r.text())
			}
		}
		if slices.Equal(have, want) {
			return r
		}
		if time.Now().After(limit) {
			t.Fatalf("expected errors\n%s\nthe report says\n%s", strings.Join(want, "\n"), r.text())
		}
		time.Sleep(time.Second)
	}
}

// text is the report for the log of a failed test.
func (r report) text() string {
	lines := r.summary()
	for _, check := range r.Checks {
		if check.Outcome == "undetermined" {
			lines = append(lines, "undetermined "+check.Code)
		}
	}
	for i, f := range r.Findings {
		lines = append(lines, fmt.Sprintf("%d. %s: %s", i+1, f.Code, f.Title))
	}
	return strings.Join(lines, "\n")
}

// follows tells whether a finding of this code folds what is named "CODE Kind/namespace/name" under it.
func (r report) follows(t *testing.T, cause string, consequences ...string) {
	t.Helper()
	if !r.explains(cause, consequences) {
		t.Errorf("%s does not explain %s:\n%s", cause, strings.Join(consequences, ", "), r.text())
	}
}

// eventually waits until a finding of any level folds its consequences under it; errors are as in expect.
func eventually(t *testing.T, c *cluster.Cluster, errors []string, cause string, consequences ...string) report {
	t.Helper()
	for limit := time.Now().Add(100 * time.Second); ; time.Sleep(time.Second) {
		r := expect(t, c, errors, errors...)
		if r.explains(cause, consequences) {
			return r
		}
		if time.Now().After(limit) {
			t.Fatalf("%s does not explain %s:\n%s", cause, strings.Join(consequences, ", "), r.text())
		}
	}
}

func (r report) explains(cause string, consequences []string) bool {
	at := slices.IndexFunc(r.Findings, func(f finding) bool { return f.Code+" "+f.Object.String() == cause })
	if at < 0 {
		return false
	}
	var also []string
	for _, a := range r.Findings[at].Also {
		also = append(also, a.Code+" "+a.Object.String())
	}
	return !slices.ContainsFunc(consequences, func(wanted string) bool { return !slices.Contains(also, wanted) })
}

// warns tells whether a warning is among the findings.
func (r report) warns(t *testing.T, wanted ...string) {
	t.Helper()
	for _, line := range wanted {
		if !slices.ContainsFunc(r.Findings, func(f finding) bool {
			return f.Level == "warning" && f.Code+" "+f.Object.String() == line
		}) {
			t.Errorf("no warning %s:\n%s", line, r.text())
		}
	}
}

// agree compares doctor on the live cluster, on a dump and on a snapshot of the same moment. Only live doctor waits for what
// may still settle, half a minute at most; so a difference counts when it lasts.
func agree(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	var different string
	for limit := time.Now().Add(50 * time.Second); time.Now().Before(limit); time.Sleep(3 * time.Second) {
		dump, snapshot := filepath.Join(t.TempDir(), "dump.yaml"), filepath.Join(t.TempDir(), "snapshot.yaml")
		live := doctor(t, c.Kubeconfig).summary()
		if err := c.Admin.Dump(limited(t), dump); err != nil {
			t.Fatal(err)
		}
		if code, _, text := run(t, c.Kubeconfig, "snapshot", "--to", snapshot); code != 0 {
			t.Fatalf("snapshot: exit code %d\n%s", code, text)
		}
		fromDump := doctor(t, "", "-f", dump, "--whole-cluster").summary()
		fromSnapshot := doctor(t, "", "-f", snapshot).summary()
		if slices.Equal(live, fromDump) && slices.Equal(live, fromSnapshot) {
			return
		}
		different = fmt.Sprintf("live:\n%s\non a dump:\n%s\non a snapshot:\n%s", strings.Join(live, "\n"),
			strings.Join(fromDump, "\n"), strings.Join(fromSnapshot, "\n"))
	}
	t.Errorf("doctor does not say the same\n%s", different)
}

// ask sends a chat completion through Envoy and returns the status and, for an error, AIBrix's message.
func ask(t *testing.T, model, strategy string) (int, string) {
	t.Helper()
	body := strings.NewReader(`{"model": "` + model + `", "messages": [{"role": "user", "content": "hello"}]}`)
	request, err := http.NewRequestWithContext(limited(t), http.MethodPost, cluster.GatewayAddress+"/v1/chat/completions", body)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	if strategy != "" {
		request.Header.Set("routing-strategy", strategy)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err.Error()
	}
	defer answer.Body.Close()
	text, _ := io.ReadAll(answer.Body)
	var failure struct{ Error struct{ Message string } }
	_ = json.Unmarshal(text, &failure)
	return answer.StatusCode, failure.Error.Message
}

// answers waits until the gateway answers so: without a strategy, and with one. It remembers verdicts for 30 s.
func answers(t *testing.T, c *cluster.Cluster, model string, plain, random int) {
	t.Helper()
	var lastPlain, lastRandom int
	var why string
	ready := func() bool {
		lastPlain, why = ask(t, model, "")
		lastRandom, _ = ask(t, model, "random")
		return lastPlain == plain && lastRandom == random
	}
	if err := c.Await(limited(t), "answers for "+model, ready); err != nil {
		t.Errorf("%s: the gateway answers %d (%s), and %d with a strategy; expected were %d and %d", model, lastPlain, why,
			lastRandom, plain, random)
	}
}
