// Package cluster runs a Kubernetes control plane for tests: an API server on the loopback interface, which needs no
// root, and on demand everything that AIBrix needs, in a network namespace (see Isolate). Everything it starts dies with
// the process that called Start, and its folder goes with it.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options are the parts of a cluster beyond etcd and kube-apiserver. Each brings those that it needs; all but
// Controllers need Isolate.
type Options struct {
	Controllers bool // kube-controller-manager: namespaces and owned objects are really deleted
	Nodes       bool // kube-scheduler and fake nodes (kwok): pods get scheduled, Running and Ready
	AIBrix      bool // AIBrix: its objects and definitions, its controllers, and an engine that plays all model pods
	Gateway     bool // Envoy Gateway
	Envoy       bool // Envoy, AIBrix's gateway plugin and Redis: requests are really answered, on port 10080

	Audit          bool     // who changes Services is written down
	AuditAll       bool     // instead, every request
	APIServerFlags []string // beside those that every cluster has
}

// Full is everything.
var Full = Options{Envoy: true}

func (o Options) complete() Options {
	o.AIBrix = o.AIBrix || o.Envoy
	o.Gateway = o.Gateway || o.Envoy
	o.Nodes = o.Nodes || o.AIBrix || o.Gateway
	o.Controllers = o.Controllers || o.Nodes
	return o
}

// Isolated tells whether the parts need a namespace of their own.
func (o Options) Isolated() bool { return o.complete().Nodes }

// programs are the names that tests/cluster/build gives to what the parts need.
func (o Options) programs() []string {
	names := []string{"etcd", "kube-apiserver"}
	for _, part := range []struct {
		wanted bool
		names  []string
	}{
		{o.Controllers, []string{"kube-controller-manager"}},
		{o.Nodes, []string{"kube-scheduler", "kwok", "kwok-stages", "ip"}},
		{o.Gateway, []string{"envoy-gateway", "gateway-definitions", "gateway-install"}},
		{o.AIBrix, []string{"aibrix-controllers", "aibrix-definitions", "ray-definitions", "gateway-definitions", "aibrix-install"}},
		{o.Envoy, []string{"envoy", "aibrix-plugins", "redis-server"}},
	} {
		if part.wanted {
			names = append(names, part.names...)
		}
	}
	return names
}

// Cluster is a running one.
type Cluster struct {
	Dir        string // keys, logs and storage; gone after Stop
	Kubeconfig string // contexts admin (current) and one for each of Users
	Server     string // https://127.0.0.1:PORT
	Admin      *Client

	authority *authority
	servers   []*server
	lock      *os.File // held until Stop, or until this process ends
	control   io.Closer
	janitor   *janitor
	standIns  *standIns
	kubelet   *kubelet
	Engine    *Engine // with AIBrix: what listens on port 8000 of every pod
	options   Options
	restart   func() error
}

// ErrNoPrograms: a program that is needed is not there; tests say skipped.
var ErrNoPrograms = errors.New("not built yet (sh tests/cluster/build; AIBRIXCTL_CLUSTER_PROGRAMS says what there is)")

// Program is the path of a program that tests/cluster/build made; "": not known.
func Program(name string) string {
	for _, line := range strings.Split(os.Getenv("AIBRIXCTL_CLUSTER_PROGRAMS"), "\n") {
		if path, found := strings.CutPrefix(line, name+"="); found {
			return path
		}
	}
	return ""
}

// Available tells why the parts cannot be had here, if so: ErrNoPrograms or ErrNotIsolated.
func (o Options) Available() error {
	o = o.complete()
	for _, name := range o.programs() {
		if Program(name) == "" {
			return fmt.Errorf("%s: %w", name, ErrNoPrograms)
		}
	}
	if o.Nodes && !Isolated() {
		return ErrNotIsolated
	}
	return nil
}

// Start returns when all parts are ready.
func Start(options Options) (*Cluster, error) {
	options = options.complete()
	if err := options.Available(); err != nil {
		return nil, err
	}
	var err error
	for range 3 { // a port that was free may be taken a moment later
		var c *Cluster
		if c, err = startOnce(options); err == nil {
			return c, nil
		}
	}
	return nil, err
}

func startOnce(options Options) (*Cluster, error) {
	dir, lock, err := newFolder()
	if err != nil {
		return nil, err
	}
	c := &Cluster{Dir: dir, lock: lock, options: options}
	if err := c.start(options); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) start(options Options) error {
	var err error
	if c.janitor, err = startJanitor(c.Dir); err != nil {
		return err
	}
	if c.control, err = listenControl(c.Dir); err != nil {
		return err
	}
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	if err := c.writeFiles(ports[2]); err != nil {
		return err
	}
	etcd := fmt.Sprintf("http://127.0.0.1:%d", ports[0])
	c.Admin.etcd = etcd
	if err := os.WriteFile(c.path(etcdFile), []byte(etcd), 0o600); err != nil {
		return err
	}
	if err := c.startEtcd(Program("etcd"), etcd, fmt.Sprintf("http://127.0.0.1:%d", ports[1])); err != nil {
		return err
	}
	if err := c.startAPIServer(Program("kube-apiserver"), etcd, ports[2]); err != nil {
		return err
	}
	if options.Controllers {
		if err := c.startControllers(Program("kube-controller-manager")); err != nil {
			return err
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	return c.startParts(ctx, options)
}

// KillAPIServer ends it as a crash would, and returns how to start it again, on the same port.
func (c *Cluster) KillAPIServer() (restart func() error) {
	for i, s := range c.servers {
		if s.name == "kube-apiserver" {
			_ = s.command.Process.Kill()
			<-s.ended
			c.servers = append(c.servers[:i:i], c.servers[i+1:]...)
			break
		}
	}
	return c.restart
}

// Stop ends the servers, last started first, and removes the folder.
func (c *Cluster) Stop() {
	if c.standIns != nil {
		c.standIns.stop()
	}
	if c.Engine != nil {
		c.Engine.stop()
	}
	if c.kubelet != nil {
		c.kubelet.stop()
	}
	if c.control != nil {
		_ = c.control.Close()
	}
	for i := len(c.servers) - 1; i >= 0; i-- {
		c.servers[i].stop()
	}
	c.servers = nil
	_ = os.RemoveAll(c.Dir)
	if c.janitor != nil {
		c.janitor.finish()
	}
	_ = c.lock.Close()
}

// Ended tells when one of the servers is gone, with its last words.
func (c *Cluster) Ended() <-chan error {
	ended := make(chan error, len(c.servers))
	for _, s := range c.servers {
		go func() {
			<-s.ended
			ended <- fmt.Errorf("%s ended (%v):\n%s", s.name, s.err, s.lastLines())
		}()
	}
	return ended
}

const issuer = "https://kubernetes.default.svc" // of service account tokens

const etcdFile = "etcd.url" // for those who have only the kubeconfig beside it

func (c *Cluster) path(name string) string { return filepath.Join(c.Dir, name) }

func (c *Cluster) startEtcd(program, client, peer string) error {
	s, err := startServer(c.Dir, "etcd", program,
		"--unsafe-no-fsync", "--data-dir="+c.path("etcd"), "--name=test", "--log-level=warn",
		"--listen-client-urls="+client, "--advertise-client-urls="+client,
		"--listen-peer-urls="+peer, "--initial-advertise-peer-urls="+peer, "--initial-cluster=test="+peer)
	if err != nil {
		return err
	}
	c.servers = append(c.servers, s)
	return s.await(20*time.Second, func() bool {
		answer, err := http.Get(client + "/health")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
}

func (c *Cluster) startAPIServer(program, etcd string, port int) error {
	c.restart = func() error { return c.startAPIServer(program, etcd, port) }
	flags, err := c.auditFlags()
	if err != nil {
		return err
	}
	s, err := startServer(c.Dir, "kube-apiserver", program, append(append(flags, c.options.APIServerFlags...),
		"--etcd-servers="+etcd, "--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", port),
		"--tls-cert-file="+c.path("server.crt"), "--tls-private-key-file="+c.path("server.key"),
		"--client-ca-file="+c.path("ca.crt"), "--token-auth-file="+c.path("tokens.csv"),
		"--authorization-mode=RBAC", "--service-cluster-ip-range=10.96.0.0/16",
		"--service-account-issuer="+issuer,
		"--service-account-key-file="+c.path("sa.key"), "--service-account-signing-key-file="+c.path("sa.key"),
		// The names of nodes mean nothing to this machine.
		"--kubelet-preferred-address-types=InternalIP",
		"--disable-admission-plugins=ServiceAccount", "--endpoint-reconciler-type=none", "--event-ttl=24h",
		"--allow-privileged=true", "--profiling=false")...)
	if err != nil {
		return err
	}
	c.servers = append(c.servers, s)
	return s.await(60*time.Second, func() bool {
		limit, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		defer cancel()
		if c.Admin.Get(limit, "/readyz", nil) != nil {
			return false
		}
		return c.Admin.Get(limit, "/api/v1/namespaces/default", nil) == nil
	})
}

// The controllers of a whole control plane; without node-lifecycle-controller new nodes keep their not-ready taint.
const controllers = "namespace-controller,garbage-collector-controller,deployment-controller,replicaset-controller," +
	"statefulset-controller,endpointslice-controller,endpoints-controller,node-lifecycle-controller," +
	"daemonset-controller,job-controller"

func (c *Cluster) startControllers(program string) error {
	s, err := startServer(c.Dir, "kube-controller-manager", program,
		"--kubeconfig="+c.Kubeconfig, "--controllers="+controllers, "--leader-elect=false",
		"--bind-address=127.0.0.1", "--secure-port=0", "--kube-api-qps=500", "--kube-api-burst=1000")
	if err != nil {
		return err
	}
	c.servers = append(c.servers, s)
	return nil
}
