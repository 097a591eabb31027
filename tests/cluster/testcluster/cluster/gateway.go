package cluster

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"sigs.k8s.io/yaml"
)

const gatewayNamespace = "envoy-gateway-system"

// installGateway creates Envoy Gateway's own objects and its certificates, and has the program stand in for its Deployment.
func (c *Cluster) installGateway(ctx context.Context) error {
	if err := c.Admin.ApplyFile(ctx, Program("gateway-install")); err != nil {
		return err
	}
	makeCertificates := exec.CommandContext(ctx, Program("envoy-gateway"), "certgen", "--disable-topology-injector")
	makeCertificates.Env = append(os.Environ(), "KUBECONFIG="+c.Kubeconfig, "ENVOY_GATEWAY_NAMESPACE="+gatewayNamespace)
	if output, err := makeCertificates.CombinedOutput(); err != nil {
		return fmt.Errorf("envoy-gateway certgen: %w\n%s", err, output)
	}
	c.standIns.add(&standIn{name: "envoy-gateway", namespace: gatewayNamespace, selector: "control-plane=envoy-gateway",
		start: c.startGateway})
	return nil
}

// startGateway runs Envoy Gateway in a folder that is its root, as it has its certificates in /certs, whatever is asked.
func (c *Cluster) startGateway(Object) (*server, error) {
	root := c.path("envoy-gateway-root")
	for _, folder := range []string{"certs", "tmp", "var/lib/eg/wasm"} {
		if err := os.MkdirAll(filepath.Join(root, folder), 0o700); err != nil {
			return nil, err
		}
	}
	limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.writeSecret(limit, "envoy-gateway", filepath.Join(root, "certs")); err != nil {
		return nil, err
	}
	config, err := c.gatewayConfig(limit)
	if err != nil {
		return nil, err
	}
	kubeconfig, err := os.ReadFile(c.Kubeconfig)
	if err != nil {
		return nil, err
	}
	err = errors.Join(os.WriteFile(filepath.Join(root, "config.yaml"), config, 0o600),
		os.WriteFile(filepath.Join(root, "kubeconfig"), kubeconfig, 0o600),
		sameFile(Program("envoy-gateway"), filepath.Join(root, "envoy-gateway")))
	if err != nil {
		return nil, err
	}
	return launch{name: "envoy-gateway", program: "/envoy-gateway",
		arguments: []string{"server", "--config-path=/config.yaml"}, root: root,
		env: []string{"KUBECONFIG=/kubeconfig", "ENVOY_GATEWAY_NAMESPACE=" + gatewayNamespace, "TMPDIR=/tmp"}}.start(c.Dir)
}

// gatewayConfig is that of the ConfigMap, without what needs a second replica or the API server to call back.
func (c *Cluster) gatewayConfig(ctx context.Context) ([]byte, error) {
	var stored, config Object
	path := "/api/v1/namespaces/" + gatewayNamespace + "/configmaps/envoy-gateway-config"
	if err := c.Admin.Get(ctx, path, &stored); err != nil {
		return nil, err
	}
	if err := yaml.Unmarshal([]byte(textAt(stored, "data", "envoy-gateway.yaml")), &config); err != nil {
		return nil, err
	}
	provider, _ := config["provider"].(Object)
	kubernetes, _ := provider["kubernetes"].(Object)
	if kubernetes == nil {
		kubernetes = Object{}
	}
	kubernetes["leaderElection"] = Object{"disable": true}
	kubernetes["proxyTopologyInjector"] = Object{"disabled": true}
	config["provider"] = Object{"type": "Kubernetes", "kubernetes": kubernetes}
	return yaml.Marshal(config)
}

// writeSecret unpacks a Secret of Envoy Gateway's namespace into files.
func (c *Cluster) writeSecret(ctx context.Context, name, folder string) error {
	var secret struct{ Data map[string]string }
	if err := c.Admin.Get(ctx, "/api/v1/namespaces/"+gatewayNamespace+"/secrets/"+name, &secret); err != nil {
		return err
	}
	for key, value := range secret.Data {
		content, err := base64.StdEncoding.DecodeString(value)
		if err == nil {
			err = os.WriteFile(filepath.Join(folder, key), content, 0o600)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// sameFile makes a file known by another name too, or copies it where that cannot be.
func sameFile(from, to string) error {
	if err := os.Link(from, to); err == nil || errors.Is(err, os.ErrExist) {
		return nil
	}
	source, err := os.Open(from)
	if err != nil {
		return err
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o700)
	if err != nil {
		return err
	}
	_, err = io.Copy(target, source)
	return errors.Join(err, target.Close())
}

func gatewayReady() bool {
	answer, err := http.Get("http://127.0.0.1:8081/readyz")
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// gatewayAccepted tells whether Envoy Gateway has looked at everything in AIBrix's namespace and made the Service.
func (c *Cluster) gatewayAccepted(ctx context.Context) bool {
	gateways, err := c.Admin.List(ctx, "/apis/gateway.networking.k8s.io/v1/namespaces/"+aibrixNamespace+"/gateways")
	services, serviceErr := c.Admin.List(ctx, "/api/v1/services?labelSelector=app.kubernetes.io/managed-by%3Denvoy-gateway")
	if err != nil || serviceErr != nil || len(gateways) == 0 || len(services) == 0 {
		return false
	}
	for _, gateway := range gateways {
		if !HasCondition(gateway, "Accepted", "True") {
			return false
		}
	}
	for _, kind := range []string{"envoyextensionpolicies", "envoypatchpolicies", "clienttrafficpolicies"} {
		policies, err := c.Admin.List(ctx, "/apis/gateway.envoyproxy.io/v1alpha1/namespaces/"+aibrixNamespace+"/"+kind)
		if err != nil {
			return false
		}
		for _, policy := range policies {
			if ancestors, _ := at(policy, "status", "ancestors").([]any); len(ancestors) == 0 {
				return false
			}
		}
	}
	return true
}
