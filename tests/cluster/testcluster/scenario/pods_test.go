package scenario

import (
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// findingNamed waits until a finding of this code is named by what it must say, and returns its evidence as text.
func findingNamed(t *testing.T, c *cluster.Cluster, code, title string) string {
	t.Helper()
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s: %s is wanted of\n%s", code, title, doctor(t, c.Kubeconfig).text())
		}
	})
	var facts []string
	await(t, c, code+": "+title, func() bool {
		for _, f := range evidenceOf(t, c).Findings {
			if f.Code != code || !strings.Contains(f.Title, title) {
				continue
			}
			for _, one := range f.Evidence {
				facts = append(facts, one.Key+": "+one.Value)
			}
			return true
		}
		return false
	})
	return strings.Join(facts, "\n")
}

// died is what the kubelet writes for a container that was ended from outside.
func died(t *testing.T, c *cluster.Cluster, path, container string, exitCode int, reason, started, finished string) {
	t.Helper()
	unready(t, c, path, started, cluster.Object{"name": container, "restartCount": 9,
		"state":     cluster.Object{"running": cluster.Object{"startedAt": finished}},
		"lastState": cluster.Object{"terminated": cluster.Object{"exitCode": exitCode, "reason": reason, "startedAt": started, "finishedAt": finished}}})
}

// happened records an event about a pod as a kubelet does.
func happened(t *testing.T, c *cluster.Cluster, namespace, pod, kind, reason, message, at string) {
	t.Helper()
	_, err := c.Admin.Create(limited(t), "/api/v1/namespaces/"+namespace+"/events", cluster.Object{
		"apiVersion": "v1", "kind": "Event", "metadata": cluster.Object{"generateName": pod + "."}, "type": kind,
		"reason": reason, "message": message, "count": 9, "firstTimestamp": at, "lastTimestamp": at,
		"source":         cluster.Object{"component": "kubelet"},
		"involvedObject": cluster.Object{"apiVersion": "v1", "kind": "Pod", "namespace": namespace, "name": pod, "fieldPath": "spec.containers{vllm}"}})
	if err != nil {
		t.Fatal(err)
	}
}

// The containers of the real cluster are played; what a kubelet writes of one that dies is read from the real API server,
// as it is of a node of another architecture.
func TestWhyPodsDie(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true, Gateway: true})
	serve(t, c, "chat", "llama")
	expect(t, c, nil)
	path, name := podOf(t, c, "chat", "model.aibrix.ai/name=llama")

	t.Run("its liveness probe kills an engine that loads", func(t *testing.T) {
		merge(t, c, "/apis/apps/v1/namespaces/chat/deployments/llama", cluster.Object{"metadata": cluster.Object{"annotations": cluster.Object{"rolled": "yes"}},
			"spec": cluster.Object{"template": cluster.Object{"spec": cluster.Object{"containers": []any{cluster.Object{
				"name": "vllm", "image": "vllm/vllm-openai:v0.9.1", "args": []any{"--served-model-name", "llama", "--port", "8000"},
				"ports":     []any{cluster.Object{"containerPort": 8000}},
				"resources": cluster.Object{"limits": cluster.Object{"nvidia.com/gpu": 1}},
				"livenessProbe": cluster.Object{"httpGet": cluster.Object{"path": "/health", "port": 8000},
					"initialDelaySeconds": 5, "periodSeconds": 10, "failureThreshold": 3}}}}}}})
		old := name
		await(t, c, "the new pod stands alone", func() bool {
			path, name = podOf(t, c, "chat", "model.aibrix.ai/name=llama")
			return name != old
		})
		ago := func(seconds time.Duration) string {
			return time.Now().Add(-seconds * time.Second).UTC().Format(time.RFC3339)
		}
		died(t, c, path, "vllm", 137, "Error", ago(75), ago(10))
		happened(t, c, "chat", name, "Warning", "Unhealthy", `Liveness probe failed: Get "http://10.244.0.5:8000/health": connection refused`, ago(40))
		happened(t, c, "chat", name, "Normal", "Killing", "Container vllm failed liveness probe, will be restarted", ago(40))
		facts := findingNamed(t, c, "MDL006", "container vllm is killed by its liveness probe")
		if !strings.Contains(facts, "137") {
			t.Errorf("the exit code is not told:\n%s", facts)
		}
		_, out, _ := run(t, c.Kubeconfig, "doctor")
		if !strings.Contains(out, "startupProbe") || !strings.Contains(out, "failureThreshold") {
			t.Errorf("no startupProbe is advised:\n%s", out)
		}
		_, _, without := run(t, c.Kubeconfig, "doctor", "--no-logs")
		if without != "" {
			t.Errorf("--no-logs: %s", without)
		}
	})

	t.Run("a node has another architecture than the image", func(t *testing.T) {
		path, name := podOf(t, c, "aibrix-system", "app=gateway-plugins")
		container := firstContainer(t, c, path)
		var pod struct{ Spec struct{ NodeName string } }
		if err := c.Admin.Get(limited(t), path, &pod); err != nil {
			t.Fatal(err)
		}
		node := "/api/v1/nodes/" + pod.Spec.NodeName
		architecture := func(name string) {
			merge(t, c, node, cluster.Object{"metadata": cluster.Object{"labels": cluster.Object{"kubernetes.io/arch": name}}})
			merge(t, c, node+"/status", cluster.Object{"status": cluster.Object{"nodeInfo": cluster.Object{"architecture": name}}})
		}
		architecture("arm64")
		c.SetLog("aibrix-system", name, container, "exec /app/gateway-plugins: exec format error\n", true)
		crash(t, c, path, container, 255)
		facts := findingNamed(t, c, "INS010", "its image is built for another processor architecture than its node's")
		if !strings.Contains(facts, "exec format error") {
			t.Errorf("the log is not quoted:\n%s", facts)
		}
		architecture("amd64")
	})
}

// The real controllers write why a RoleSet gets no pods and why an autoscaler does not scale; that stands in the finding.
func TestWhatControllersRefuse(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true})
	serve(t, c, "chat", "llama")
	const long = "prod-chat-qwen3-32b-prefill-decode-canary-a-of-the-second-team"
	apply(t, c, stormManifest, "NAMESPACE", "storm", "NAME", long)
	apply(t, c, stormManifest, "NAMESPACE", "storm", "NAME", long[:43], "name: worker", "name: prefill", "stateful: false", "stateful: true")
	noMetrics, _, _ := strings.Cut(autoscalerManifest, "  metricsSources:")
	apply(t, c, noMetrics, "NAME", "idle", "TARGET", "llama")
	facts := findingNamed(t, c, "MDL006", "its name is too long for the labels of what is made for it")
	if !strings.Contains(facts, "must be no more than 63 bytes") {
		t.Errorf("the condition is not quoted:\n%s", facts)
	}
	facts = findingNamed(t, c, "ORC001", long[:43]+" is too long")
	if !strings.Contains(facts, "must be no more than 63") {
		t.Errorf("the RoleSet's condition is not quoted:\n%s", facts)
	}
	findingNamed(t, c, "ASC001", "PodAutoscaler idle")
	const stored = "/apis/autoscaling.aibrix.ai/v1alpha1/namespaces/chat/podautoscalers/"
	remove(t, c, stored+"idle")
	apply(t, c, strings.Replace(autoscalerManifest, `port: "8000"`, `port: "8080"`, 1), "NAME", "elsewhere", "TARGET", "llama")
	findingNamed(t, c, "ASC003", "reads metrics from port 8080")
}
