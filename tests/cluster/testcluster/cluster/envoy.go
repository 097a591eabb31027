package cluster

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// GatewayAddress is where Envoy listens in the namespace: listener port 80 becomes 10080, as it may not be root.
const GatewayAddress = "http://127.0.0.1:10080"

// startEnvoy runs Envoy as Envoy Gateway wants the pod to: with the arguments, the bootstrap and the certificates of that
// pod. Only addresses differ: Envoy Gateway's name cannot be resolved, and the two share the ports of one machine.
func (c *Cluster) startEnvoy(pod Object) (*server, error) {
	namespace := textAt(pod, "metadata", "namespace")
	folder := c.path("envoy")
	certificates, trust := filepath.Join(folder, "certs"), filepath.Join(folder, "sds")
	if err := errors.Join(os.MkdirAll(certificates, 0o700), os.MkdirAll(trust, 0o700)); err != nil {
		return nil, err
	}
	limit, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := c.writeSecret(limit, "envoy", certificates); err != nil {
		return nil, err
	}
	moved := strings.NewReplacer("/certs/", certificates+"/", "/sds/", trust+"/",
		"$(ENVOY_POD_NAME)", textAt(pod, "metadata", "name"), "$(ENVOY_POD_NAMESPACE)", namespace,
		"$(ENVOY_GATEWAY_NAMESPACE)", gatewayNamespace, "$(ENVOY_SERVICE_ZONE)", "",
		"envoy-gateway."+gatewayNamespace+".svc.cluster.local.", "127.0.0.1",
		"envoy-gateway."+gatewayNamespace+".svc.cluster.local", "127.0.0.1",
		"port_value: 19000", "port_value: 19100", "port_value: 19001", "port_value: 19101")
	if err := c.writeTrust(limit, pod, trust, moved); err != nil {
		return nil, err
	}
	arguments := []string{"--disable-hot-restart", "--concurrency", "1"}
	for _, given := range envoyArguments(pod) {
		if given != "--cpuset-threads" {
			arguments = append(arguments, moved.Replace(given))
		}
	}
	return startServer(c.Dir, "envoy", Program("envoy"), arguments...)
}

func envoyArguments(pod Object) []string {
	containers, _ := at(pod, "spec", "containers").([]any)
	var arguments []string
	for _, item := range containers {
		if one := item.(Object); one["name"] == "envoy" {
			given, _ := one["args"].([]any)
			for _, argument := range given {
				text, _ := argument.(string)
				arguments = append(arguments, text)
			}
		}
	}
	return arguments
}

// writeTrust writes the files of the pod's ConfigMap, which say where Envoy finds its certificates.
func (c *Cluster) writeTrust(ctx context.Context, pod Object, folder string, moved *strings.Replacer) error {
	volumes, _ := at(pod, "spec", "volumes").([]any)
	for _, item := range volumes {
		name := textAt(item.(Object), "configMap", "name")
		if name == "" {
			continue
		}
		var stored struct{ Data map[string]string }
		path := "/api/v1/namespaces/" + textAt(pod, "metadata", "namespace") + "/configmaps/" + name
		if err := c.Admin.Get(ctx, path, &stored); err != nil {
			return err
		}
		for key, value := range stored.Data {
			if err := os.WriteFile(filepath.Join(folder, key), []byte(moved.Replace(value)), 0o600); err != nil {
				return err
			}
		}
	}
	return nil
}

// pluginAnswers asks for a model that is not there; only AIBrix's plugin knows that.
func pluginAnswers() bool {
	request := strings.NewReader(`{"model": "no-such-model", "messages": [{"role": "user", "content": "hello"}]}`)
	answer, err := http.Post(GatewayAddress+"/v1/chat/completions", "application/json", request)
	if err != nil {
		return false
	}
	defer answer.Body.Close()
	return answer.StatusCode == http.StatusBadRequest
}
