package scenario

import (
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

const gatewayAPI = "/apis/gateway.networking.k8s.io/v1/"

// The install itself: from fresh, over the ways in which its Service can be exposed, to parts that are down. Envoy Gateway
// and the plugin really stop and start with their Deployments.
func TestGateway(t *testing.T) {
	c := start(t, cluster.Full)
	serve(t, c, "chat", "llama")
	answers(t, c, "llama", 200, 200)

	// A fresh install waits for a load balancer that nobody makes: a warning once it has had its time, never an error, as
	// requests within the cluster work.
	equal(t, "errors of a fresh install", expect(t, c, nil).errors(), nil)

	t.Run("exposed by node port and by cluster address", func(t *testing.T) {
		exposeOnNodes(t, c)
		expect(t, c, nil)
		setServiceType(t, c, "ClusterIP")
		await(t, c, "the Service follows", func() bool { return serviceType(t, c, envoyService) == "ClusterIP" })
		expect(t, c, nil)
		agree(t, c)
		exposeOnNodes(t, c)
	})
	t.Run("the gateway plugin is scaled to 0", func(t *testing.T) {
		const cause = "INS010 Deployment/aibrix-system/aibrix-gateway-plugins"
		scale(t, c, "aibrix-system", "aibrix-gateway-plugins", 0)
		answers(t, c, "llama", 500, 503) // with a strategy Envoy waits for an address that the plugin would give
		eventually(t, c, []string{cause}, cause, "GW018 Service/aibrix-system/aibrix-gateway-plugins",
			"GW012 EnvoyExtensionPolicy/aibrix-system/aibrix-gateway-plugins-extension-policy")
		scale(t, c, "aibrix-system", "aibrix-gateway-plugins", 1)
		answers(t, c, "llama", 200, 200)
		expect(t, c, []string{cause})
	})
	t.Run("Envoy Gateway is scaled to 0", func(t *testing.T) {
		// What it programmed goes on working: a warning.
		stopped(t, c, "envoy-gateway-system", "envoy-gateway", "envoy-gateway")
		expect(t, c, nil).warns(t, "GW001 Deployment/envoy-gateway-system/envoy-gateway")
		answers(t, c, "llama", 200, 200)
		// Now nobody brings Envoy back when it goes.
		const cause = "GW008 Gateway/aibrix-system/aibrix-eg"
		stopped(t, c, "envoy-gateway-system", envoyService, "envoy")
		eventually(t, c, []string{cause}, cause, "SVC005 Service/envoy-gateway-system/"+envoyService)
		scale(t, c, "envoy-gateway-system", envoyService, 1)
		scale(t, c, "envoy-gateway-system", "envoy-gateway", 1)
		answers(t, c, "llama", 200, 200)
		expect(t, c, []string{cause})
		await(t, c, "it follows again", func() bool { return len(expect(t, c, nil).named("GW001")) == 0 })
	})
	t.Run("a renamed Service", func(t *testing.T) {
		merge(t, c, proxyConfig, cluster.Object{"spec": cluster.Object{"provider": cluster.Object{"kubernetes": cluster.Object{
			"envoyService": cluster.Object{"type": "NodePort", "name": "models-gateway"}}}}})
		await(t, c, "the Service is made", func() bool { return serviceType(t, c, "models-gateway") == "NodePort" })
		answers(t, c, "llama", 200, 200)
		expect(t, c, nil)
		agree(t, c)
	})
	t.Run("merged Gateways", func(t *testing.T) { mergeGateways(t, c) })
}

func serviceType(t *testing.T, c *cluster.Cluster, name string) string {
	t.Helper()
	var service struct{ Spec struct{ Type string } }
	_ = c.Admin.Get(limited(t), envoyServices+name, &service)
	return service.Spec.Type
}

func (r report) named(code string) []finding {
	var found []finding
	for _, f := range r.Findings {
		if f.Code == code {
			found = append(found, f)
		}
	}
	return found
}

// With mergeGateways a patch policy may target the GatewayClass only; AIBrix's targets the Gateway, so that requests with a
// strategy reach no model.
func mergeGateways(t *testing.T, c *cluster.Cluster) {
	merge(t, c, proxyConfig, cluster.Object{"spec": cluster.Object{"mergeGateways": true,
		"provider": cluster.Object{"kubernetes": cluster.Object{"envoyService": cluster.Object{"name": nil}}}}})
	await(t, c, "the merged Service is made", func() bool { return serviceType(t, c, "envoy-aibrix-eg-4d6ff1ba") != "" })
	const cause = "GW013 EnvoyPatchPolicy/aibrix-system/aibrix-epp"
	r := expect(t, c, nil, cause)
	if len(r.Findings) == 0 || r.Findings[0].Code != "GW013" {
		t.Errorf("the patch policy is not what to repair first:\n%s", r.text())
	}
	agree(t, c)
}
