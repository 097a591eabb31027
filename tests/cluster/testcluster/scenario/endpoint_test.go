package scenario

import (
	"encoding/json"
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
	for _, wanted := range []string{"has no external IP yet", "fix service-type --to NodePort", "port-forward"} {
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
