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

const gatewayService = "/api/v1/namespaces/envoy-gateway-system/services/envoy-aibrix-system-aibrix-eg-903790dc"

func prints(t *testing.T, c *cluster.Cluster, code int, want string, arguments ...string) string {
	t.Helper()
	have, out, diagnostics := run(t, c.Kubeconfig, append([]string{"endpoint", "print"}, arguments...)...)
	if have != code || strings.TrimSpace(out) != want {
		t.Errorf("endpoint print %v: exit %d, %q; expected were %d, %q\n%s", arguments, have, out, code, want, diagnostics)
	}
	return diagnostics
}

// envoyNode is the InternalIP of the node that runs Envoy's one pod, once it is ready.
func envoyNode(t *testing.T, c *cluster.Cluster) string {
	t.Helper()
	var name string
	await(t, c, "Envoy is ready behind its Service", func() bool {
		var slices struct {
			Items []struct {
				Metadata  struct{ Labels map[string]string }
				Endpoints []struct {
					NodeName   string
					Conditions struct{ Ready bool }
				}
			}
		}
		if err := c.Admin.Get(limited(t), "/apis/discovery.k8s.io/v1/namespaces/envoy-gateway-system/endpointslices", &slices); err != nil {
			t.Fatal(err)
		}
		for _, slice := range slices.Items {
			if slice.Metadata.Labels["kubernetes.io/service-name"] != "envoy-aibrix-system-aibrix-eg-903790dc" {
				continue
			}
			for _, e := range slice.Endpoints {
				if e.Conditions.Ready {
					name = e.NodeName
				}
			}
		}
		return name != ""
	})
	var node struct {
		Status struct {
			Addresses []struct{ Type, Address string }
		}
	}
	if err := c.Admin.Get(limited(t), "/api/v1/nodes/"+name, &node); err != nil {
		t.Fatal(err)
	}
	for _, a := range node.Status.Addresses {
		if a.Type == "InternalIP" {
			return a.Address
		}
	}
	t.Fatal(name + " has no InternalIP")
	return ""
}

type service struct {
	Spec struct {
		Type                  string
		ClusterIP             string
		ExternalTrafficPolicy string
		Ports                 []struct{ Port, NodePort json.Number }
	}
}

func theService(t *testing.T, c *cluster.Cluster, kind string) service {
	t.Helper()
	var s service
	await(t, c, "the Service is of type "+kind, func() bool {
		return c.Admin.Get(limited(t), gatewayService, &s) == nil && s.Spec.Type == kind
	})
	return s
}

// The address follows the Service: pending load balancer, node port with Local, cluster address; each with what is said
// where there is none. Through the API server the real Envoy answers whatever the type.
func TestEndpoint(t *testing.T) {
	c := start(t, cluster.Full)
	pending := theService(t, c, "LoadBalancer")
	inside := "http://" + pending.Spec.ClusterIP + ":80"
	node := envoyNode(t, c)
	text := prints(t, c, 1, "")
	for _, wanted := range []string{"has no address yet", "fix service-type --to NodePort", "port-forward"} {
		if !strings.Contains(text, wanted) {
			t.Errorf("the explanation does not say %q:\n%s", wanted, text)
		}
	}
	prints(t, c, 0, inside, "--from", "inside")
	prints(t, c, 0, "http://"+node+":"+pending.Spec.Ports[0].NodePort.String(), "--from", "node")

	serve(t, c, "chat", "llama")
	answers(t, c, "llama", 200, 200)
	for _, arguments := range [][]string{{"endpoint", "test", "--via", "api-server"}, {"endpoint", "test", "llama", "--via", "api-server"}} {
		if code, out, diagnostics := run(t, c.Kubeconfig, arguments...); code != 0 {
			t.Errorf("%v: exit %d\n%s%s", arguments, code, out, diagnostics)
		}
	}
	if code, _, diagnostics := run(t, c.Kubeconfig, "endpoint", "test"); code != 1 || !strings.Contains(diagnostics, "--via api-server") {
		t.Errorf("endpoint test without an address: exit %d\n%s", code, diagnostics)
	}

	setServiceType(t, c, "NodePort")
	byNode := theService(t, c, "NodePort")
	if byNode.Spec.ExternalTrafficPolicy != "Local" {
		t.Errorf("externalTrafficPolicy is %s: what follows proves little", byNode.Spec.ExternalTrafficPolicy)
	}
	prints(t, c, 0, "http://"+envoyNode(t, c)+":"+byNode.Spec.Ports[0].NodePort.String())
	prints(t, c, 0, inside, "--from", "inside")

	setServiceType(t, c, "ClusterIP")
	theService(t, c, "ClusterIP")
	if text := prints(t, c, 1, ""); !strings.Contains(text, "type ClusterIP") {
		t.Errorf("the explanation does not say why:\n%s", text)
	}
	prints(t, c, 0, inside, "--from", "inside")
}

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

	const chat = "/v1/chat/completions"
	body := chatBody
	for _, row := range []struct{ name, path, body, strategy, id, code string }{
		{"healthy", chat, body("llama"), "", "ok-route", ""},
		{"healthy, strategy", chat, body("llama"), "random", "ok-strategy", ""},
		{"misspelt", chat, body("lama"), "", "model-unknown", "MDL001"},
		{"misspelt, strategy", chat, body("lama"), "random", "model-unknown", "MDL001"},
		{"LoRA refused", chat, body("broken-lora"), "", "model-unknown", "LOR002"},
		{"no Service", chat, body("deepseek"), "", "backend-not-found", "MDL010"},
		{"no such port", chat, body("portly"), "", "port-not-found", "MDL009"},
		{"no ready pod", chat, body("giant"), "", "no-routable-pod", "MDL006"},
		{"no ready pod, strategy", chat, body("giant"), "random", "no-routable-pod", "MDL006"},
		{"StormService", chat, body("storm-chat"), "", "route-missing", "MDL020"},
		{"no grant", chat, body("qwen"), "", "ref-not-permitted", "REF001"},
		{"bad strategy", chat, body("llama"), "lest-request", "strategy-unknown", ""},
		{"bad list", chat, body("llama"), "random,least-request", "strategy-unknown", ""},
		{"pd without roles", chat, body("storm-chat"), "pd", "no-target-pod", ""},
		{"no model", "/v1/completions", "{}", "", "model-empty", ""},
		{"no JSON", chat, "hello", "", "body-unreadable", ""},
		{"no messages", chat, `{"model": "llama"}`, "random", "no-messages", ""},
		{"no such path", "/v1/nothing", "{}", "", "envoy-404", ""},
		{"plugin without the path", "/v1/nothing", "{}", "random", "path-unknown", ""},
		{"too large", chat, body(strings.Repeat("x", 5<<20)), "", "envoy-413", ""},
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
		var trace struct {
			Strategy, Route struct{ BrokenAt, Fingerprint string }
		}
		if err := json.Unmarshal([]byte(out), &trace); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if trace.Strategy.BrokenAt != way.strategy || trace.Route.BrokenAt != way.route ||
			(way.route != "" && trace.Route.Fingerprint == "") {
			t.Errorf("trace %s: %+v", way.model, trace)
		}
	}
}
