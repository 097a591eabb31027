package scenario

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httputil"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

type explanation struct {
	Answers  []struct{ ID, Model string }
	Findings []struct{ Code string }
	ExitCode int
}

// explain pastes an answer; more arguments give the cluster.
func explain(t *testing.T, kubeconfig, pasted string, arguments ...string) explanation {
	t.Helper()
	command := exec.CommandContext(limited(t), os.Getenv("AIBRIXCTL"), append([]string{"explain", "-", "-o", "json"}, arguments...)...)
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "NO_COLOR=1")
	command.Stdin = strings.NewReader(pasted)
	var diagnostics bytes.Buffer
	command.Stderr = &diagnostics
	out, _ := command.Output()
	var e explanation
	if err := json.Unmarshal(out, &e); err != nil {
		t.Fatalf("explain %v: %v\n%s%s\non\n%s", arguments, err, out, diagnostics.String(), pasted)
	}
	return e
}

// raw is what `curl -i` shows of a request, with a strategy where one is given.
func raw(t *testing.T, path, body, strategy string) string {
	t.Helper()
	if strategy == "" {
		return rawWith(t, path, body, nil)
	}
	return rawWith(t, path, body, map[string]string{"routing-strategy": strategy})
}

// rawWith is the same with any headers; where there is no answer, curl's words.
func rawWith(t *testing.T, path, body string, headers map[string]string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(limited(t), http.MethodPost, cluster.GatewayAddress+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return "curl: (7) " + err.Error()
	}
	defer answer.Body.Close()
	text, err := httputil.DumpResponse(answer, true)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// told holds an answer against what explain says: from the text alone, and with the cluster the causes that hold, none where
// there is nothing in it to be found.
func told(t *testing.T, c *cluster.Cluster, text, id string, codes ...string) {
	t.Helper()
	alone := explain(t, "", text)
	if len(alone.Answers) != 1 || alone.Answers[0].ID != id {
		t.Fatalf("%+v; expected was %s\non\n%s", alone.Answers, id, text)
	}
	live := explain(t, c.Kubeconfig, text, "--doctor")
	have := []string{}
	for _, f := range live.Findings {
		have = append(have, f.Code)
	}
	if !slices.Equal(have, codes) && len(have)+len(codes) > 0 {
		t.Errorf("%v; expected was %v\non\n%s", have, codes, text)
	}
}

const chatPath = "/v1/chat/completions"

func chatBody(model string) string {
	return `{"model": "` + model + `", "messages": [{"role": "user", "content": "hello"}]}`
}

// Every answer the real gateway can be made to give is recognised from its raw text alone, and with the cluster narrowed to
// the cause that the test made.
func TestAnswers(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	serve(t, c, "chat", "llama")
	apply(t, c, adapterManifest, "NAMESPACE", "chat", "NAME", "broken-lora", "BASE", "llama")
	apply(t, c, modelManifest, "NAMESPACE", "no-service", "NAME", "deepseek")
	apply(t, c, modelManifest+"---"+serviceManifest, "NAMESPACE", "other-port", "NAME", "portly", "port: 8000, targetPort: 8000", "port: 9000, targetPort: 8000")
	apply(t, c, modelManifest+"---"+serviceManifest, "NAMESPACE", "too-big", "NAME", "giant", "nvidia.com/gpu: 1", "nvidia.com/gpu: 16")
	apply(t, c, stormManifest, "NAMESPACE", "storm", "NAME", "storm-chat")
	apply(t, c, fleetManifest, "NAMESPACE", "multi-node", "NAME", "qwen")
	answers(t, c, "llama", 200, 200)
	answers(t, c, "deepseek", 503, 200)
	answers(t, c, "portly", 503, 200)
	answers(t, c, "giant", 503, 503)
	answers(t, c, "storm-chat", 503, 200)
	answers(t, c, "qwen", 503, 200)
	expect(t, c, nil, "LOR002 ModelAdapter/chat/broken-lora", "MDL010 Service/no-service/deepseek", "MDL009 Service/other-port/portly",
		"MDL006 Deployment/too-big/giant", "REF001 HTTPRoute/aibrix-system/qwen-router")

	for _, row := range []struct{ name, path, body, strategy, id, code string }{
		{"healthy", chatPath, chatBody("llama"), "", "ok-route", ""},
		{"healthy, strategy", chatPath, chatBody("llama"), "random", "ok-strategy", ""},
		{"misspelt", chatPath, chatBody("lama"), "", "model-unknown", "MDL001"},
		{"misspelt, strategy", chatPath, chatBody("lama"), "random", "model-unknown", "MDL001"},
		{"LoRA refused", chatPath, chatBody("broken-lora"), "", "model-unknown", "LOR002"},
		{"no Service", chatPath, chatBody("deepseek"), "", "backend-not-found", "MDL010"},
		{"no such port", chatPath, chatBody("portly"), "", "port-not-found", "MDL009"},
		{"no ready pod", chatPath, chatBody("giant"), "", "no-routable-pod", "MDL006"},
		{"no ready pod, strategy", chatPath, chatBody("giant"), "random", "no-routable-pod", "MDL006"},
		{"StormService", chatPath, chatBody("storm-chat"), "", "route-missing", "MDL020"},
		{"no grant", chatPath, chatBody("qwen"), "", "ref-not-permitted", "REF001"},
		{"bad strategy", chatPath, chatBody("llama"), "lest-request", "strategy-unknown", ""},
		{"bad list", chatPath, chatBody("llama"), "random,least-request", "strategy-unknown", ""},
		{"pd without roles", chatPath, chatBody("storm-chat"), "pd", "no-target-pod", ""},
		{"no model", "/v1/completions", "{}", "", "model-empty", ""},
		{"no JSON", chatPath, "hello", "", "body-unreadable", ""},
		{"no messages", chatPath, `{"model": "llama"}`, "random", "no-messages", ""},
		{"no such path", "/v1/nothing", "{}", "", "envoy-404", ""},
		{"plugin without the path", "/v1/nothing", "{}", "random", "path-unknown", ""},
		{"too large", chatPath, chatBody(strings.Repeat("x", 5<<20)), "", "envoy-413", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			told(t, c, raw(t, row.path, row.body, row.strategy), row.id, strings.Fields(row.code)...)
		})
	}

	// The same for a request that the program itself sends.
	code, out, diagnostics := run(t, c.Kubeconfig, "endpoint", "test", "qwen", "--via", "api-server", "-o", "json")
	var test explanation
	if err := json.Unmarshal([]byte(out), &test); err != nil {
		t.Fatalf("%v\n%s%s", err, out, diagnostics)
	}
	if code != 1 || len(test.Answers) != 1 || test.Answers[0].ID != "ref-not-permitted" || test.Findings[0].Code != "REF001" {
		t.Errorf("endpoint test qwen: exit %d\n%s%s", code, out, diagnostics)
	}
	for _, way := range []struct{ model, strategy, route string }{{"qwen", "", "ReferenceGrant"}, {"storm-chat", "", "HTTPRoute"},
		{"deepseek", "", "model's Service"}, {"giant", "pods", "pods"}, {"llama", "", ""}} {
		_, out, _ := run(t, c.Kubeconfig, "trace", way.model, "-o", "json")
		trace := traced(t, out)
		if trace.Strategy.BrokenAt != way.strategy || trace.Route.BrokenAt != way.route ||
			(way.route != "" && trace.Route.Fingerprint == "") {
			t.Errorf("trace %s: %+v", way.model, trace)
		}
	}
}

type ways struct {
	Strategy, Route struct{ BrokenAt, Fingerprint string }
}

func traced(t *testing.T, out string) ways {
	t.Helper()
	var w ways
	if err := json.Unmarshal([]byte(out), &w); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return w
}
