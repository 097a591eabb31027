package scenario

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// The fixes on a whole install: AIBrix's controllers, Envoy Gateway and Envoy react to what they change.
func TestFixOnAnInstall(t *testing.T) {
	c := start(t, cluster.Options{Envoy: true, Audit: true})
	serve(t, c, "chat", "llama")
	answers(t, c, "llama", 200, 200)
	t.Run("a missing grant", func(t *testing.T) { fixGrant(t, c) })
	t.Run("the controller comes back and does the work", func(t *testing.T) { fixByController(t, c) })
	t.Run("NodePort and back", func(t *testing.T) { fixServiceType(t, c) })
	t.Run("a GatewayClass without Envoy Gateway", func(t *testing.T) { fixGatewayClass(t, c) })
}

// A fleet that only its template labels gets no grant from the controller.
func fixGrant(t *testing.T, c *cluster.Cluster) {
	apply(t, c, fleetManifest, "NAMESPACE", "multi-node", "NAME", "qwen")
	answers(t, c, "qwen", 503, 200)
	// A route that was refused a moment ago is not yet a finding: the controller may be about to make its grant.
	await(t, c, "the plan's grant fixes a finding", func() bool {
		code, plan, _ := run(t, c.Kubeconfig, "fix", "referencegrants", "-n", "multi-node", "--exit-code")
		return code == 4 && strings.Contains(plan, "fixed REF001")
	})
	plan, _ := wantCode(t, c, 0, "fix", "referencegrants", "-n", "multi-node")
	wantText(t, plan, "fixed REF001", "REF002", "permit HTTPRoutes of aibrix-system to reference Service qwen")
	yaml, _ := wantCode(t, c, 0, "fix", "referencegrants", "-n", "multi-node", "-o", "yaml")
	wantText(t, yaml, "kind: ReferenceGrant", "name: aibrixctl-allow-httproutes-from-aibrix-system")
	out, _ := wantCode(t, c, 0, "fix", "referencegrants", "-n", "multi-node", "--apply", "--yes")
	wantText(t, out, "ResolvedRefs=True")
	answers(t, c, "qwen", 200, 200)
	undone, _ := wantCode(t, c, 0, "undo", "last", "--apply", "--yes")
	wantText(t, undone, "REF001 is back, as before the fix")
	answers(t, c, "qwen", 503, 200)
	wantCode(t, c, 0, "fix", "referencegrants", "-n", "multi-node", "--apply", "--yes")
}

func noneReady(t *testing.T, c *cluster.Cluster, namespace, deployment string) {
	t.Helper()
	await(t, c, deployment+" has no ready pod", func() bool {
		var stored struct{ Status struct{ ReadyReplicas int } }
		path := "/apis/apps/v1/namespaces/" + namespace + "/deployments/" + deployment
		return c.Admin.Get(limited(t), path, &stored) == nil && stored.Status.ReadyReplicas == 0
	})
}

// Two stuck adapters in a namespace that lives, the controller scaled to 0: it is scaled up, and finds the work to do.
func fixByController(t *testing.T, c *cluster.Cluster) {
	base := fmt.Sprintf(adapterCollection, "chat")
	for _, name := range []string{"sql-lora", "chat-lora", "old-lora"} {
		apply(t, c, adapterManifest, "NAMESPACE", "chat", "NAME", name, "BASE", "llama")
		answers(t, c, name, 200, 200)
	}
	scale(t, c, "aibrix-system", "aibrix-controller-manager", 0)
	noneReady(t, c, "aibrix-system", "aibrix-controller-manager")
	await(t, c, "its process has ended too: the Lease is renewed no more", func() bool {
		var lease struct{ Spec struct{ RenewTime time.Time } }
		const path = "/apis/coordination.k8s.io/v1/namespaces/aibrix-system/leases/aibrix-controller-manager"
		return c.Admin.Get(limited(t), path, &lease) == nil && time.Since(lease.Spec.RenewTime) > 6*time.Second
	})
	remove(t, c, base+"/sql-lora", base+"/chat-lora", base+"/old-lora")
	plan, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "chat")
	wantText(t, plan, "--restart-controller", "stays loaded in pod llama-", "HTTPRoute aibrix-system/sql-lora-router remains")
	routes, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "chat", "--delete-routes")
	wantText(t, routes, "delete httproute/aibrix-system/sql-lora-router", "delete httproute/aibrix-system/chat-lora-router")
	stripWithRoute(t, c)
	out, _ := wantCode(t, c, 0, "fix", "finalizers", "-n", "chat", "--apply", "--yes")
	wantText(t, out, "scale it up to 1 replica", "1 of 1 step applied")
	for _, name := range []string{"sql-lora", "chat-lora"} {
		if !missing(t, c, base+"/"+name) {
			t.Errorf("%s is still there", name)
		}
	}
	left, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "chat")
	wantText(t, left, "nothing to change")
	answers(t, c, "llama", 200, 200)
}

// The controller would have taken the route with the adapter; who strips the finalizer can ask for it. Undo makes the route
// again.
func stripWithRoute(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	const route = gatewayAPI + "namespaces/aibrix-system/httproutes/old-lora-router"
	if missing(t, c, route) {
		t.Fatal("there is no route to take away")
	}
	fix := []string{"fix", "finalizers", "--force", "-n", "chat", "--select", "*/old-lora", "--delete-routes", "--apply"}
	_, refusal := wantCode(t, c, 5, fix...)
	confirm := regexp.MustCompile(`--confirm=('[^']*'|\S+)`).FindStringSubmatch(refusal)
	if confirm == nil {
		t.Fatalf("no phrase is asked for:\n%s", refusal)
	}
	out, _ := wantCode(t, c, 0, append(fix, "--confirm="+strings.Trim(confirm[1], "'"))...)
	wantText(t, out, "2 of 2 steps applied")
	if !missing(t, c, route) || !missing(t, c, fmt.Sprintf(adapterCollection, "chat")+"/old-lora") {
		t.Error("the adapter or its route is still there")
	}
	if missing(t, c, gatewayAPI+"namespaces/aibrix-system/httproutes/sql-lora-router") {
		t.Error("another adapter's route is gone too")
	}
	wantCode(t, c, 0, "undo", "last", "--apply", "--yes")
	if missing(t, c, route) {
		t.Error("undo has not made the route again")
	}
	remove(t, c, route)
}

// The EnvoyProxy is changed, the Service follows, and it is never written by us.
func fixServiceType(t *testing.T, c *cluster.Cluster) {
	stop := make(chan struct{})
	defer close(stop)
	go func() { // see exposeOnNodes
		for i := 0; ; i++ {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Second):
				lookAgain(t, c, i)
			}
		}
	}()
	for _, kind := range []string{"NodePort", "ClusterIP"} {
		out, _ := wantCode(t, c, 0, "fix", "service-type", "--to", kind, "--apply", "--yes")
		wantText(t, out, "service/envoy-gateway-system/"+envoyService+": "+kind+", http://")
		printed, _ := wantCode(t, c, 0, "endpoint", "print", "--from", map[string]string{"NodePort": "node", "ClusterIP": "inside"}[kind])
		wantText(t, out, strings.TrimSuffix(strings.TrimSpace(printed), "/"))
	}
	wantCode(t, c, 1, "fix", "service-type", "--to", "LoadBalancer", "--apply", "--yes")
	wantCode(t, c, 0, "undo", "last", "--apply", "--yes")
	var service struct{ Spec struct{ Type string } }
	await(t, c, "the Service is a NodePort again", func() bool {
		return c.Admin.Get(limited(t), envoyServices+envoyService, &service) == nil && service.Spec.Type == "NodePort"
	})
	neverWritten(t, c, "envoy-gateway-system", envoyService)
}

// The API server's audit log has who changed the Service: others did, we never.
func neverWritten(t *testing.T, c *cluster.Cluster, namespace, name string) {
	t.Helper()
	writes, err := c.ServiceWrites()
	if err != nil {
		t.Fatal(err)
	}
	others := 0
	for _, write := range writes {
		if strings.HasPrefix(write.UserAgent, "aibrixctl") {
			t.Errorf("aibrixctl: %s %s/%s", write.Verb, write.ObjectRef.Namespace, write.ObjectRef.Name)
		}
		if write.ObjectRef.Namespace == namespace && write.ObjectRef.Name == name {
			others++
		}
	}
	if others == 0 {
		t.Errorf("the audit log has no change of Service %s/%s at all", namespace, name)
	}
}

// Deleted while Envoy Gateway is away, its class is only taken when that is asked for.
func fixGatewayClass(t *testing.T, c *cluster.Cluster) {
	const class = "/apis/gateway.networking.k8s.io/v1/gatewayclasses/aibrix-eg"
	scale(t, c, "envoy-gateway-system", "envoy-gateway", 0)
	noneReady(t, c, "envoy-gateway-system", "envoy-gateway")
	remove(t, c, class)
	used, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces", "--include", "gatewayclass")
	wantText(t, used, "a Gateway still uses it")
	remove(t, c, "/apis/gateway.networking.k8s.io/v1/namespaces/aibrix-system/gateways/aibrix-eg")
	without, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces")
	wantText(t, without, "nothing to change")
	wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces", "--include", "gatewayclass", "--apply", "--confirm=aibrix-eg")
	if !missing(t, c, class) {
		t.Error("the GatewayClass is still there")
	}
}
