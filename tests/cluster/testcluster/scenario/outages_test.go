package scenario

import (
	"fmt"
	"net"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// redisSet writes a key as AIBrix's metadata service does.
func redisSet(t *testing.T, key, value string) {
	t.Helper()
	connection, err := net.Dial("tcp", "127.0.0.1:6379")
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	fmt.Fprintf(connection, "*3\r\n$3\r\nSET\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n", len(key), key, len(value), value)
	answer := make([]byte, 5)
	if _, err := connection.Read(answer); err != nil || !strings.HasPrefix(string(answer), "+OK") {
		t.Fatalf("Redis says %q, %v", answer, err)
	}
}

// until repeats a request until its answer has a part, and returns it.
func until(t *testing.T, c *cluster.Cluster, part, body string, headers map[string]string) string {
	t.Helper()
	var text string
	await(t, c, "an answer with "+part, func() bool {
		text = rawWith(t, chatPath, body, headers)
		return strings.Contains(text, part)
	})
	return text
}

// shortRoute lets the requests of a model's HTTPRoute take one second.
func shortRoute(t *testing.T, c *cluster.Cluster, model string) {
	t.Helper()
	path := gatewayAPI + "namespaces/aibrix-system/httproutes/" + model + "-router"
	var route cluster.Object
	await(t, c, "the route of "+model, func() bool { return c.Admin.Get(limited(t), path, &route) == nil })
	spec := route["spec"].(cluster.Object)
	for _, rule := range spec["rules"].([]any) {
		rule.(cluster.Object)["timeouts"] = cluster.Object{"request": "1s"}
	}
	merge(t, c, path, cluster.Object{"spec": cluster.Object{"rules": spec["rules"]}})
}

// What engines, limits and parts that are down make the real gateway answer: each recognised from its raw text alone, and
// with the cluster narrowed to the part that is down, or to nothing where nothing of the cluster is.
func TestAnswersOfOutages(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	models := []string{"llama", "failing-one", "locked-one", "unknown-one", "chatty-one", "slow-one"}
	for _, model := range models {
		serve(t, c, "chat", model)
	}
	limitedModel := strings.Replace(modelManifest, "    metadata:\n      labels: {model.aibrix.ai/name: NAME,",
		"    metadata:\n      annotations: {model.aibrix.ai/config: '{\"profiles\":{\"default\":{\"requestsPerSecond\":1}}}'}\n"+
			"      labels: {model.aibrix.ai/name: NAME,", 1)
	apply(t, c, limitedModel+"---"+serviceManifest, "NAMESPACE", "chat", "NAME", "rare")
	answers(t, c, "llama", 200, 200)
	answers(t, c, "failing-one", 500, 500)
	shortRoute(t, c, "slow-one")
	expect(t, c, nil)

	t.Run("engine's 500", func(t *testing.T) {
		told(t, c, raw(t, chatPath, chatBody("failing-one"), ""), "engine-500")
		told(t, c, raw(t, chatPath, chatBody("failing-one"), "random"), "engine-500")
	})
	t.Run("engine's 401", func(t *testing.T) {
		told(t, c, raw(t, chatPath, chatBody("locked-one"), "random"), "api-key-engine")
	})
	t.Run("engine does not know the name", func(t *testing.T) {
		told(t, c, raw(t, chatPath, chatBody("unknown-one"), "random"), "engine-model-unknown")
	})
	t.Run("no JSON from the engine", func(t *testing.T) {
		answer := raw(t, chatPath, chatBody("chatty-one"), "random")
		wording := "not-json-syntax"
		// The plugin's JSON library leaves the work to Go's own where it does not know the Go that compiled it.
		if strings.Contains(answer, "invalid character") {
			wording = "not-json-text"
		}
		told(t, c, answer, wording)
	})
	t.Run("longer than the route allows", func(t *testing.T) {
		told(t, c, until(t, c, "504", chatBody("slow-one"), nil), "envoy-timeout")
	})
	t.Run("a user nobody registered", func(t *testing.T) {
		told(t, c, rawWith(t, chatPath, chatBody("llama"), map[string]string{"user": "nobody"}), "user-unknown")
	})
	t.Run("a user over the limit", func(t *testing.T) {
		redisSet(t, "aibrix-users/often", `{"name": "often", "rpm": 1, "tpm": 1000}`)
		told(t, c, until(t, c, "429", chatBody("llama"), map[string]string{"user": "often"}), "rpm-exceeded")
	})
	t.Run("a model over its limit", func(t *testing.T) {
		told(t, c, until(t, c, "429", chatBody("rare"), nil), "model-rps-exceeded")
	})
	t.Run("Redis is down", func(t *testing.T) {
		stopped(t, c, "aibrix-system", "aibrix-redis-master", "redis-server")
		await(t, c, "doctor sees it", func() bool { return len(doctor(t, c.Kubeconfig).named("RED001")) > 0 })
		told(t, c, until(t, c, "500", chatBody("llama"), map[string]string{"user": "often"}), "user-unknown", "RED001")
		answers(t, c, "llama", 200, 200)
		scale(t, c, "aibrix-system", "aibrix-redis-master", 1)
		await(t, c, "Redis runs", func() bool { return c.Runs("redis-server") })
	})
	t.Run("the gateway plugin is down", func(t *testing.T) {
		scale(t, c, "aibrix-system", "aibrix-gateway-plugins", 0)
		answers(t, c, "llama", 500, 503)
		await(t, c, "doctor sees it", func() bool { return len(doctor(t, c.Kubeconfig).named("INS010")) > 0 })
		told(t, c, raw(t, chatPath, chatBody("llama"), ""), "envoy-500", "INS010")
		told(t, c, raw(t, chatPath, chatBody("llama"), "random"), "envoy-no-healthy-upstream", "INS010")
		scale(t, c, "aibrix-system", "aibrix-gateway-plugins", 1)
		answers(t, c, "llama", 200, 200)
	})
	t.Run("Envoy is down", func(t *testing.T) {
		stopped(t, c, "envoy-gateway-system", "envoy-gateway", "envoy-gateway")
		stopped(t, c, "envoy-gateway-system", envoyService, "envoy")
		await(t, c, "doctor sees it", func() bool { return len(doctor(t, c.Kubeconfig).named("GW008")) > 0 })
		told(t, c, raw(t, chatPath, chatBody("llama"), ""), "connection-refused-local", "GW008", "GW001")
		code, out, diagnostics := run(t, c.Kubeconfig, "endpoint", "test", "llama")
		if code != 1 || strings.Contains(diagnostics, "port-forward") {
			t.Errorf("endpoint test: exit %d\n%s%s", code, out, diagnostics)
		}
	})
}

// Prefill and decode on pods of their own, with pd as the default strategy: the real plugin answers with a whole pair and
// refuses with half of one, as the check says.
func TestPrefillAndDecode(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	apply(t, c, pairManifest, "NAMESPACE", "pairs", "NAME", "whole", "REPLICAS", "2", "GPUS", "1")
	apply(t, c, pairManifest, "NAMESPACE", "pairs", "NAME", "half", "REPLICAS", "2", "GPUS", "16")
	apply(t, c, pairManifest, "NAMESPACE", "pairs", "NAME", "alone", "REPLICAS", "1", "GPUS", "16")
	answers(t, c, "whole", 200, 200)
	answers(t, c, "half", 503, 200)
	answers(t, c, "alone", 200, 200) // a single pod gets every request, whatever its role
	const cause = "MDL007 StormService/pairs/half"
	eventually(t, c, []string{cause}, cause, "STR004 StormService/pairs/half")
	refused := raw(t, chatPath, chatBody("half"), "")
	told(t, c, refused, "no-target-pod") // it does not name the model
	if named := explain(t, c.Kubeconfig, refused, "--doctor", "--model", "half"); len(named.Findings) != 1 || named.Findings[0].Code != "MDL007" {
		t.Errorf("%+v", named)
	}
	told(t, c, raw(t, chatPath, chatBody("whole"), ""), "ok-strategy")
	for model, brokenAt := range map[string]string{"whole": "", "half": "target pod", "alone": ""} {
		_, out, _ := run(t, c.Kubeconfig, "trace", model, "-o", "json")
		if at := traced(t, out).Strategy.BrokenAt; at != brokenAt {
			t.Errorf("trace %s breaks at %q, expected %q\n%s", model, at, brokenAt, out)
		}
	}
}
