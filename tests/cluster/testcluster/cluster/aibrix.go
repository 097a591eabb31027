package cluster

import (
	"context"
	"strings"
	"time"
)

const aibrixNamespace = "aibrix-system"

// installAIBrix creates AIBrix's objects; its programs stand in for its Deployments.
func (c *Cluster) installAIBrix(ctx context.Context, options Options) error {
	var err error
	if c.Engine, err = startEngine(); err != nil {
		return err
	}
	if err := c.Admin.ApplyFile(ctx, Program("aibrix-install")); err != nil {
		return err
	}
	c.standIns.add(&standIn{name: "aibrix-controllers", namespace: aibrixNamespace,
		selector: "control-plane=controller-manager", start: c.startAIBrixControllers})
	if options.Envoy {
		c.standIns.add(&standIn{name: "redis-server", namespace: aibrixNamespace, selector: "app=redis", start: c.startRedis})
		c.standIns.add(&standIn{name: "aibrix-plugins", namespace: aibrixNamespace, selector: "app=gateway-plugins",
			start: c.startPlugin})
		c.standIns.add(&standIn{name: "envoy", selector: "app.kubernetes.io/name=envoy,app.kubernetes.io/component=proxy",
			start: c.startEnvoy})
	}
	return nil
}

// UnknownFlag is one that no release of AIBrix has.
const UnknownFlag = "--not-a-flag"

// startAIBrixControllers takes the pod's name, so that the Lease names the pod as its holder, its choice of controllers
// and UnknownFlag; the install's other arguments are about what is not here (webhooks, the runtime beside an engine).
func (c *Cluster) startAIBrixControllers(pod Object) (*server, error) {
	arguments := []string{"--kubeconfig=" + c.Kubeconfig, "--disable-webhook", "--leader-elect=true",
		"--leader-election-namespace=" + aibrixNamespace, "--leader-election-id=aibrix-controller-manager",
		"--metrics-bind-address=0", "--health-probe-bind-address=0"}
	given, _ := container(pod)["args"].([]any)
	for _, argument := range given {
		text, _ := argument.(string)
		if strings.HasPrefix(text, "--controllers=") || text == UnknownFlag {
			arguments = append(arguments, text)
		}
	}
	return launch{name: "aibrix-controllers", program: Program("aibrix-controllers"), arguments: arguments,
		hostname: textAt(pod, "metadata", "name")}.start(c.Dir)
}

func (c *Cluster) startRedis(Object) (*server, error) {
	return startServer(c.Dir, "redis-server", Program("redis-server"), "--port", "6379", "--bind", "0.0.0.0",
		"--protected-mode", "no", "--save", "", "--dir", c.Dir)
}

// startPlugin gives it the environment that the pod would have; names of Services cannot be resolved here, though.
func (c *Cluster) startPlugin(pod Object) (*server, error) {
	var env []string
	given, _ := container(pod)["env"].([]any)
	for _, variable := range given {
		if value, ok := variable.(Object)["value"].(string); ok {
			env = append(env, textAt(variable.(Object), "name")+"="+value)
		}
	}
	env = append(env, "POD_NAME="+textAt(pod, "metadata", "name"), "POD_NAMESPACE="+aibrixNamespace,
		"REDIS_HOST=127.0.0.1", "AIBRIX_POD_METRIC_REFRESH_INTERVAL_MS=1000")
	return launch{name: "aibrix-plugins", program: Program("aibrix-plugins"), env: env,
		arguments: []string{"--kubeconfig=" + c.Kubeconfig, "--http-bind-address=:8888"}}.start(c.Dir)
}

func container(pod Object) Object {
	containers, _ := at(pod, "spec", "containers").([]any)
	if len(containers) == 0 {
		return nil
	}
	return containers[0].(Object)
}

// aibrixLeads tells whether a running controller holds the Lease.
func (c *Cluster) aibrixLeads(ctx context.Context) bool {
	var lease Object
	path := "/apis/coordination.k8s.io/v1/namespaces/" + aibrixNamespace + "/leases/aibrix-controller-manager"
	if c.Admin.Get(ctx, path, &lease) != nil {
		return false
	}
	renewed, err := time.Parse(time.RFC3339, textAt(lease, "spec", "renewTime"))
	return err == nil && time.Since(renewed) < 10*time.Second
}
