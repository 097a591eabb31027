package scenario

import (
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

const (
	adapterRoot   = "/apis/model.aibrix.ai/v1alpha1/namespaces/"
	storms        = "/apis/orchestration.aibrix.ai/v1alpha1/namespaces/"
	controllerOff = "INS005 Deployment/aibrix-system/aibrix-controller-manager"
)

// addFinalizer gives an adapter a finalizer of somebody else's, beside AIBrix's own.
func addFinalizer(t *testing.T, c *cluster.Cluster, path, finalizer string) {
	t.Helper()
	_, err := c.Admin.Patch(limited(t), path, cluster.Object{"op": "add", "path": "/metadata/finalizers/-", "value": finalizer})
	if err != nil {
		t.Fatal(err)
	}
}

func isDeleting(t *testing.T, c *cluster.Cluster, path string) func() bool {
	return func() bool {
		var object struct {
			Metadata struct{ DeletionTimestamp string }
		}
		return c.Admin.Get(limited(t), path, &object) == nil && object.Metadata.DeletionTimestamp != ""
	}
}

// stopped scales a Deployment to 0 and waits until the program that stands in for it has ended.
func stopped(t *testing.T, c *cluster.Cluster, namespace, deployment, program string) {
	t.Helper()
	scale(t, c, namespace, deployment, 0)
	await(t, c, program+" has ended", func() bool { return !c.Runs(program) })
}

func stopController(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	stopped(t, c, "aibrix-system", "aibrix-controller-manager", "aibrix-controllers")
}

// heldByFinalizers waits until the namespace controller has said so.
func heldByFinalizers(t *testing.T, c *cluster.Cluster, namespace string) {
	t.Helper()
	await(t, c, namespace+" says what holds it", func() bool {
		var object cluster.Object
		return c.Admin.Get(limited(t), "/api/v1/namespaces/"+namespace, &object) == nil &&
			cluster.HasCondition(object, "NamespaceFinalizersRemaining", "True")
	})
}

// Deletions that do not finish, each by its real cause, with the real controllers of namespaces, of owned objects and of
// AIBrix; then the cause is repaired, and they finish.
func TestDeletions(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true, Gateway: true})
	exposeOnNodes(t, c)
	serve(t, c, "team-a", "llama")
	serve(t, c, "team-b", "mistral")
	for _, name := range []string{"sql-lora", "chat-lora"} {
		apply(t, c, adapterManifest, "NAMESPACE", "team-a", "NAME", name, "BASE", "llama")
		await(t, c, name+" is loaded", func() bool { return c.Engine.Loaded(name) })
	}
	apply(t, c, stormManifest, "NAMESPACE", "team-b", "NAME", "storm-chat")
	addFinalizer(t, c, adapterRoot+"team-a/modeladapters/chat-lora", "backup.example.com/archive")
	await(t, c, "the StormService has its finalizer", func() bool {
		var storm struct{ Metadata struct{ Finalizers []string } }
		return c.Admin.Get(limited(t), storms+"team-b/stormservices/storm-chat", &storm) == nil && len(storm.Metadata.Finalizers) > 0
	})
	expect(t, c, nil)

	t.Run("an aggregated API has no backend: no namespace can be deleted", func(t *testing.T) {
		apply(t, c, staleAPIManifest+"---\n{apiVersion: v1, kind: Namespace, metadata: {name: old-team}}")
		const api = "/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io"
		await(t, c, "the API server notices", func() bool {
			var service cluster.Object
			return c.Admin.Get(limited(t), api, &service) == nil && cluster.HasCondition(service, "Available", "False")
		})
		remove(t, c, "/api/v1/namespaces/old-team")
		const cause = "NS004 APIService//v1beta1.metrics.k8s.io"
		expect(t, c, nil, cause)
		r := eventually(t, c, []string{cause}, cause, "NS005 Namespace//old-team")
		remove(t, c, api)
		gone(t, c, "/api/v1/namespaces/old-team")
		expect(t, c, r.errors())
	})
	t.Run("Envoy Gateway is down: its class is stuck", func(t *testing.T) { classStuck(t, c) })
	t.Run("the controller is down: a namespace and a StormService are stuck", func(t *testing.T) {
		stopController(t, c)
		remove(t, c, "/api/v1/namespaces/team-a", storms+"team-b/stormservices/storm-chat")
		await(t, c, "the adapters are being deleted", isDeleting(t, c, adapterRoot+"team-a/modeladapters/chat-lora"))
		expect(t, c, nil, controllerOff)
		heldByFinalizers(t, c, "team-a")
		r := expect(t, c, nil, controllerOff)
		r.follows(t, controllerOff, "FIN002 ModelAdapter/team-a/sql-lora", "FIN002 ModelAdapter/team-a/chat-lora",
			"FIN012 ModelAdapter/team-a/chat-lora", "NS002 Namespace//team-a", "FIN006 StormService/team-b/storm-chat")
		agree(t, c)
	})
	t.Run("and a webhook fails closed", func(t *testing.T) {
		apply(t, c, webhookManifest)
		r := expect(t, c, []string{controllerOff}, controllerOff)
		r.follows(t, controllerOff, "WH001 MutatingWebhookConfiguration//aibrix-mutating-webhook-configuration")
		const adapter = adapterRoot + "team-a/modeladapters/sql-lora"
		_, err := c.Admin.Merge(limited(t), adapter, cluster.Object{"metadata": cluster.Object{"labels": cluster.Object{"x": "y"}}})
		if cluster.Code(err) != 500 {
			t.Errorf("the webhook does not fail closed: %v", err)
		}
		remove(t, c, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/aibrix-mutating-webhook-configuration")
	})
	t.Run("the controller is back: what is left is somebody else's", func(t *testing.T) {
		scale(t, c, "aibrix-system", "aibrix-controller-manager", 1)
		gone(t, c, adapterRoot+"team-a/modeladapters/sql-lora")
		gone(t, c, storms+"team-b/stormservices/storm-chat")
		expect(t, c, []string{controllerOff})
	})
	t.Run("a finalizer of somebody else's holds a namespace", func(t *testing.T) {
		// Its owner may still come: a warning, with the namespace that waits for it under it.
		eventually(t, c, nil, "FIN012 ModelAdapter/team-a/chat-lora", "NS002 Namespace//team-a")
		merge(t, c, adapterRoot+"team-a/modeladapters/chat-lora", cluster.Object{"metadata": cluster.Object{"finalizers": nil}})
		gone(t, c, "/api/v1/namespaces/team-a")
		expect(t, c, nil)
	})
	t.Run("AIBrix's own namespace is deleted with an adapter in it", func(t *testing.T) { installStuck(t, c) })
}

func classStuck(t *testing.T, c *cluster.Cluster) {
	const cause = "GW001 Deployment/envoy-gateway-system/envoy-gateway"
	stopped(t, c, "envoy-gateway-system", "envoy-gateway", "envoy-gateway")
	apply(t, c, "{apiVersion: gateway.networking.k8s.io/v1, kind: GatewayClass, metadata: {name: spare, "+
		"finalizers: [gateway-exists-finalizer.gateway.networking.k8s.io]}, "+
		"spec: {controllerName: gateway.envoyproxy.io/gatewayclass-controller}}")
	remove(t, c, gatewayAPI+"gatewayclasses/spare")
	r := expect(t, c, nil, cause)
	r.follows(t, cause, "FIN010 GatewayClass//spare")
	scale(t, c, "envoy-gateway-system", "envoy-gateway", 1)
	gone(t, c, gatewayAPI+"gatewayclasses/spare")
	expect(t, c, r.errors())
}

// The FAQ's own case. Nothing can be created in the namespace any more, so the controller cannot come back: the stuck
// adapter itself is the cause.
func installStuck(t *testing.T, c *cluster.Cluster) {
	apply(t, c, adapterManifest, "NAMESPACE", "aibrix-system", "NAME", "faq-lora", "BASE", "mistral")
	await(t, c, "the adapter has its finalizer", func() bool {
		var adapter struct{ Metadata struct{ Finalizers []string } }
		path := adapterRoot + "aibrix-system/modeladapters/faq-lora"
		return c.Admin.Get(limited(t), path, &adapter) == nil && len(adapter.Metadata.Finalizers) > 0
	})
	stopController(t, c)
	before := doctor(t, c.Kubeconfig).errors()
	remove(t, c, "/api/v1/namespaces/aibrix-system")
	await(t, c, "the adapter is being deleted", isDeleting(t, c, adapterRoot+"aibrix-system/modeladapters/faq-lora"))
	expect(t, c, before, "FIN002 ModelAdapter/aibrix-system/faq-lora")
	heldByFinalizers(t, c, "aibrix-system")
	r := expect(t, c, before, "FIN002 ModelAdapter/aibrix-system/faq-lora")
	r.follows(t, r.errors()[0], "NS002 Namespace//aibrix-system", controllerOff)
	agree(t, c)
}
