package cluster

import (
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// kubelet plays the part of every node's kubelet that `kubectl logs` needs: /containerLogs. It serves what the program that
// stands in for a pod has written, or a text that a test has given a container.
type kubelet struct {
	cluster *Cluster
	mutex   sync.Mutex
	texts   map[string]string // namespace/pod/container, with ?previous behind it for the run before
	asked   []string
	server  *http.Server
}

const kubeletPort = 10250

// startKubelet listens at the port of all nodes: their addresses are local here.
func (c *Cluster) startKubelet() error {
	own, err := c.authority.issue(&x509.Certificate{
		Subject: pkix.Name{CommonName: "kubelet"}, NotAfter: time.Now().Add(24 * time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	})
	if err != nil {
		return err
	}
	certificate, err := tls.X509KeyPair(own.certificate, own.key)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("0.0.0.0:%d", kubeletPort))
	if err != nil {
		return err
	}
	c.kubelet = &kubelet{cluster: c, texts: map[string]string{}}
	routes := http.NewServeMux()
	routes.HandleFunc("GET /containerLogs/{namespace}/{pod}/{container}", c.kubelet.logs)
	c.kubelet.server = &http.Server{Handler: routes}
	secure := tls.NewListener(listener, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12})
	go func() { _ = c.kubelet.server.Serve(secure) }()
	return nil
}

// SetLog gives a container a log; previous: of the run before the one that is there now.
func (c *Cluster) SetLog(namespace, pod, container, text string, previous bool) {
	key := namespace + "/" + pod + "/" + container
	if previous {
		key += "?previous"
	}
	c.kubelet.mutex.Lock()
	defer c.kubelet.mutex.Unlock()
	c.kubelet.texts[key] = text
}

// KubeletAsked has the paths and queries of all requests for logs.
func (c *Cluster) KubeletAsked() []string {
	c.kubelet.mutex.Lock()
	defer c.kubelet.mutex.Unlock()
	return slices.Clone(c.kubelet.asked)
}

// LogOf is what the program that stands in for a pod has written.
func (c *Cluster) LogOf(name string) string {
	written, _ := os.ReadFile(c.path(name + ".log"))
	return string(written)
}

func (k *kubelet) logs(answer http.ResponseWriter, request *http.Request) {
	k.mutex.Lock()
	k.asked = append(k.asked, request.URL.RequestURI())
	k.mutex.Unlock()
	namespace, pod, container := request.PathValue("namespace"), request.PathValue("pod"), request.PathValue("container")
	previous := request.URL.Query().Get("previous") == "true"
	text, found := k.text(namespace, pod, container, previous)
	if !found {
		// pkg/kubelet/kubelet_pods.go, as kubelet's server answers.
		reason := fmt.Sprintf("container %q in pod %q is waiting to start: ContainerCreating", container, pod)
		if previous {
			reason = fmt.Sprintf("previous terminated container %q in pod %q not found", container, pod)
		}
		http.Error(answer, reason, http.StatusBadRequest)
		return
	}
	lines := strings.SplitAfter(text, "\n")
	if lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if wanted, err := strconv.Atoi(request.URL.Query().Get("tailLines")); err == nil {
		lines = lines[max(0, len(lines)-wanted):]
	}
	answer.Header().Set("Content-Type", "text/plain")
	_, _ = answer.Write([]byte(strings.Join(lines, "")))
}

func (k *kubelet) text(namespace, pod, container string, previous bool) (string, bool) {
	k.mutex.Lock()
	key := namespace + "/" + pod + "/" + container
	if previous {
		key += "?previous"
	}
	text, found := k.texts[key]
	k.mutex.Unlock()
	if found || previous || k.cluster.standIns == nil {
		return text, found
	}
	k.cluster.standIns.mutex.Lock()
	defer k.cluster.standIns.mutex.Unlock()
	for _, one := range k.cluster.standIns.all {
		if one.pod == pod && one.log != "" {
			written, err := os.ReadFile(one.log)
			return string(written), err == nil
		}
	}
	return "", false
}

func (k *kubelet) stop() { _ = k.server.Close() }
