package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

const elsewhereManifest = `
{apiVersion: v1, kind: Namespace, metadata: {name: gateways}}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: aibrix-eg, namespace: gateways}
spec:
  gatewayClassName: aibrix-eg
  listeners:
  - {name: http, protocol: HTTP, port: 80, allowedRoutes: {namespaces: {from: All}}}
`

// Somebody keeps all Gateways in one namespace. Envoy Gateway programs the moved one as well as any other, yet AIBrix's
// controllers and the routes they make know aibrix-system/aibrix-eg only.
func TestGatewayInAnotherNamespace(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	serve(t, c, "chat", "llama")
	answers(t, c, "llama", 200, 200)
	expect(t, c, nil)

	const gateway = gatewayAPI + "namespaces/aibrix-system/gateways/aibrix-eg"
	var before cluster.Object
	if err := c.Admin.Get(limited(t), gateway, &before); err != nil {
		t.Fatal(err)
	}
	remove(t, c, gateway)
	apply(t, c, elsewhereManifest)
	await(t, c, "the moved Gateway is accepted", func() bool {
		var moved cluster.Object
		return c.Admin.Get(limited(t), gatewayAPI+"namespaces/gateways/gateways/aibrix-eg", &moved) == nil &&
			cluster.HasCondition(moved, "Accepted", "True")
	})
	const cause = "GW005 Gateway/aibrix-system/aibrix-eg"
	r := expect(t, c, nil, cause)
	if len(r.Findings) == 0 || r.Findings[0].Code != "GW005" {
		t.Errorf("the missing Gateway is not what to repair first:\n%s", r.text())
	}
	if _, text, _ := run(t, c.Kubeconfig, "doctor", "-o", "text"); !strings.Contains(text, "gateways/aibrix-eg") {
		t.Errorf("the report does not name the moved Gateway:\n%s", text)
	}
	agree(t, c)

	remove(t, c, gatewayAPI+"namespaces/gateways/gateways/aibrix-eg")
	again := cluster.Object{"apiVersion": before["apiVersion"], "kind": before["kind"], "spec": before["spec"],
		"metadata": cluster.Object{"name": "aibrix-eg", "namespace": "aibrix-system"}}
	if err := c.Admin.Apply(limited(t), []cluster.Object{again}); err != nil {
		t.Fatal(err)
	}
	answers(t, c, "llama", 200, 200)
	expect(t, c, []string{cause})
}

// The release's own samples, as a reader of AIBrix's documentation applies them.
func TestSamples(t *testing.T) {
	root := filepath.Join("..", "..", "..", "..", "..", "shared", "testdata", "aibrix", "main", "samples")
	if _, err := os.Stat(root); err != nil {
		t.Log("skipped: the release's samples are not beside the project; TestModels plays the project's own manifests")
		return
	}
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	sample := func(t *testing.T, path string) {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		objects, err := cluster.ParseObjects(string(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range objects { // as kubectl apply does
			if metadata, ok := o["metadata"].(map[string]any); ok && metadata["namespace"] == nil {
				metadata["namespace"] = "default"
			}
		}
		if err := c.Admin.Apply(limited(t), objects); err != nil {
			t.Fatal(err)
		}
	}
	sample(t, "adapter/base.yaml")
	sample(t, "adapter/adapter.yaml")
	sample(t, "model.yaml")
	sample(t, "distributed/fleet-two-node.yaml")
	// The quickstart brings no Service. KubeRay does not run here, so the fleet gets no pods; and its label is on the
	// template only. The adapter and its base model work.
	const noService = "MDL010 Service/default/deepseek-r1-distill-llama-8b"
	const noPods = "RAY001 RayClusterFleet/default/qwen-coder-7b-instruct"
	// Until the RayCluster is old enough to be judged, all that is known is that there is no pod.
	r := expect(t, c, []string{"MDL006 RayClusterFleet/default/qwen-coder-7b-instruct"}, noService, noPods)
	r.follows(t, noService, "MDL014 HTTPRoute/aibrix-system/deepseek-r1-distill-llama-8b-router")
	r.warns(t, "REF002 RayClusterFleet/default/qwen-coder-7b-instruct")
	answers(t, c, "qwen-coder-1-5b-instruct", 200, 200)
	answers(t, c, "qwen-code-lora", 200, 200)
	answers(t, c, "deepseek-r1-distill-llama-8b", 503, 200)
	answers(t, c, "qwen-coder-7b-instruct", 400, 400)
	agree(t, c)
}
