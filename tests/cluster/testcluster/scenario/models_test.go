package scenario

import (
	"fmt"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

const (
	proxyConfig   = "/apis/gateway.envoyproxy.io/v1alpha1/namespaces/aibrix-system/envoyproxies/aibrix-custom-proxy-config"
	envoyServices = "/api/v1/namespaces/envoy-gateway-system/services/"
	envoyService  = "envoy-aibrix-system-aibrix-eg-903790dc"
)

// exposeOnNodes gives the Service the type that needs no load balancer, so that nothing is pending.
func exposeOnNodes(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	setServiceType(t, c, "NodePort")
	const gateway = "/apis/gateway.networking.k8s.io/v1/namespaces/aibrix-system/gateways/aibrix-eg"
	tries := 0
	await(t, c, "the Gateway has an address", func() bool {
		if tries++; tries%50 == 0 {
			lookAgain(t, c, tries)
		}
		var stored cluster.Object
		return c.Admin.Get(limited(t), gateway, &stored) == nil && cluster.HasCondition(stored, "Programmed", "True")
	})
}

// lookAgain has Envoy Gateway work out the Gateway's status anew: 1.9 sometimes writes it before it sees the changed Service,
// and then not again until the Service changes (internal/provider/kubernetes/predicates.go validateServiceForReconcile).
func lookAgain(t *testing.T, c *cluster.Cluster, number int) {
	mark := cluster.Object{"metadata": cluster.Object{"annotations": cluster.Object{"look": fmt.Sprint(number)}}}
	for _, path := range []string{gatewayAPI + "namespaces/aibrix-system/gateways/aibrix-eg", envoyServices + envoyService} {
		_, _ = c.Admin.Merge(limited(t), path, mark)
	}
}

func setServiceType(t *testing.T, c *cluster.Cluster, kind string) {
	t.Helper()
	merge(t, c, proxyConfig, cluster.Object{"spec": cluster.Object{"provider": cluster.Object{"type": "Kubernetes",
		"kubernetes": cluster.Object{"envoyService": cluster.Object{"type": kind}}}}})
}

// Models of every kind, some broken: each error names what was done, the gateway's answers prove it, and nothing that was
// left healthy is reported.
func TestModels(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	serve(t, c, "chat", "llama")
	apply(t, c, adapterManifest, "NAMESPACE", "chat", "NAME", "sql-lora", "BASE", "llama")
	answers(t, c, "llama", 200, 200)
	answers(t, c, "sql-lora", 200, 200)
	expect(t, c, nil)

	apply(t, c, adapterManifest, "NAMESPACE", "chat", "NAME", "broken-lora", "BASE", "llama")
	apply(t, c, modelManifest, "NAMESPACE", "no-service", "NAME", "deepseek")
	apply(t, c, modelManifest+"---"+serviceManifest, "NAMESPACE", "too-big", "NAME", "giant", "nvidia.com/gpu: 1", "nvidia.com/gpu: 16")
	apply(t, c, stormManifest, "NAMESPACE", "storm", "NAME", "storm-chat")
	apply(t, c, fleetManifest, "NAMESPACE", "multi-node", "NAME", "qwen")
	broken := []string{
		"LOR002 ModelAdapter/chat/broken-lora",
		"MDL010 Service/no-service/deepseek",
		"MDL006 Deployment/too-big/giant",
		"REF001 HTTPRoute/aibrix-system/qwen-router",
	}
	r := expect(t, c, nil, broken...)
	r.warns(t, "MDL020 StormService/storm/storm-chat")
	r.follows(t, "MDL010 Service/no-service/deepseek", "MDL014 HTTPRoute/aibrix-system/deepseek-router")
	r.follows(t, "MDL006 Deployment/too-big/giant", "MDL014 HTTPRoute/aibrix-system/giant-router")
	r.follows(t, "REF001 HTTPRoute/aibrix-system/qwen-router", "MDL014 HTTPRoute/aibrix-system/qwen-router",
		"REF002 RayClusterFleet/multi-node/qwen")
	answers(t, c, "llama", 200, 200)
	answers(t, c, "broken-lora", 400, 400)
	answers(t, c, "deepseek", 503, 200)
	answers(t, c, "giant", 503, 503)
	answers(t, c, "storm-chat", 503, 200)
	answers(t, c, "qwen", 503, 200)

	t.Run("the report is the same on a dump and on a snapshot", func(t *testing.T) { agree(t, c) })
	t.Run("only what concerns a model is reported for it", func(t *testing.T) {
		for model, want := range map[string][]string{"llama": nil, "qwen": {broken[3]}, "deepseek": {broken[1]}} {
			equal(t, "errors of "+model, want, doctor(t, c.Kubeconfig, model).errors())
		}
	})
	t.Run("two versions of ReferenceGrant are served", func(t *testing.T) { twoGrantVersions(t, c, broken) })
	t.Run("what is repaired is reported no more", func(t *testing.T) {
		apply(t, c, serviceManifest, "NAMESPACE", "no-service", "NAME", "deepseek")
		remove(t, c, "/apis/model.aibrix.ai/v1alpha1/namespaces/chat/modeladapters/broken-lora",
			"/apis/apps/v1/namespaces/too-big/deployments/giant")
		expect(t, c, broken)
		answers(t, c, "deepseek", 200, 200)
		answers(t, c, "qwen", 200, 200)
	})
	t.Run("the controller deletes the grant with the last Deployment", func(t *testing.T) { grantDeleted(t, c) })
}

// The grant is written in one version; the API server serves it in both, and doctor counts it once.
func twoGrantVersions(t *testing.T, c *cluster.Cluster, broken []string) {
	for _, version := range []string{"v1", "v1beta1"} {
		grants, err := c.Admin.List(limited(t), "/apis/gateway.networking.k8s.io/"+version+"/referencegrants")
		if err != nil || len(grants) == 0 {
			t.Fatalf("%s: %d grants, %v", version, len(grants), err)
		}
	}
	apply(t, c, grantManifest, "NAMESPACE", "multi-node", "NAME", "qwen")
	expect(t, c, broken, broken[:3]...)
}

// AIBrix's controller deletes its grant with a namespace's last labelled Deployment, though a fleet still needs it.
func grantDeleted(t *testing.T, c *cluster.Cluster) {
	serve(t, c, "shared", "small")
	apply(t, c, fleetManifest, "NAMESPACE", "shared", "NAME", "mixtral", "labels: {app: NAME}", "labels: {model.aibrix.ai/name: mixtral}")
	answers(t, c, "mixtral", 200, 200)
	expect(t, c, nil)
	remove(t, c, "/apis/apps/v1/namespaces/shared/deployments/small")
	r := expect(t, c, nil, "REF001 HTTPRoute/aibrix-system/mixtral-router")
	r.follows(t, "REF001 HTTPRoute/aibrix-system/mixtral-router", "MDL014 HTTPRoute/aibrix-system/mixtral-router")
	answers(t, c, "mixtral", 503, 200)
	apply(t, c, grantManifest, "NAMESPACE", "shared", "NAME", "mixtral")
	expect(t, c, r.errors())
}
