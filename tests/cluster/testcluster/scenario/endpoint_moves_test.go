package scenario

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const envoyPods = "/api/v1/namespaces/envoy-gateway-system/pods"

// envoyPod is the one that is there and stays; its name and its node's.
func envoyPod(t *testing.T, c *cluster.Cluster) (string, string) {
	t.Helper()
	var pods struct {
		Items []struct {
			Metadata struct{ Name, DeletionTimestamp string }
			Spec     struct{ NodeName string }
		}
	}
	if err := c.Admin.Get(limited(t), envoyPods+"?labelSelector=gateway.envoyproxy.io%2Fowning-gateway-name%3Daibrix-eg", &pods); err != nil {
		t.Fatal(err)
	}
	for _, pod := range pods.Items {
		if pod.Metadata.DeletionTimestamp == "" {
			return pod.Metadata.Name, pod.Spec.NodeName
		}
	}
	return "", ""
}

type endpoint struct {
	URL, Host, Hostname, Caution, Listener string
	Addresses                              []struct{ URL, Host, Listener string }
}

func endpointOf(t *testing.T, c *cluster.Cluster, arguments ...string) endpoint {
	t.Helper()
	code, out, diagnostics := run(t, c.Kubeconfig, append([]string{"endpoint", "print", "-o", "json"}, arguments...)...)
	var e endpoint
	if err := json.Unmarshal([]byte(out), &e); err != nil || code != 0 {
		t.Fatalf("endpoint print %v: exit %d, %v\n%s%s", arguments, code, err, out, diagnostics)
	}
	return e
}

// certificate makes a Secret of type kubernetes.io/tls for a name.
func certificate(t *testing.T, c *cluster.Cluster, namespace, secret, name string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	encoded := func(kind string, bytes []byte) string {
		return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: bytes}))
	}
	made := cluster.Object{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls", "metadata": cluster.Object{"name": secret},
		"data": cluster.Object{"tls.crt": encoded("CERTIFICATE", der), "tls.key": encoded("EC PRIVATE KEY", private)}}
	if _, err := c.Admin.Create(limited(t), "/api/v1/namespaces/"+namespace+"/secrets", made); err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	pool.AddCert(parsed)
	return pool
}

// The address follows Envoy's pod from node to node, warns of a cordoned one, and knows several listeners, one of them with
// TLS and a name of its own; what it says of that name is what the real Envoy asks for.
func TestEndpointMoves(t *testing.T) {
	c := start(t, cluster.Full)
	exposeOnNodes(t, c)
	first := envoyNode(t, c)
	pod, node := envoyPod(t, c)
	if e := endpointOf(t, c); e.Host != first || strings.Contains(e.Caution, "cordoned") {
		t.Errorf("%+v; expected was %s, not cordoned", e, first)
	}

	// A cordoned node still answers; the next Envoy pod goes elsewhere.
	merge(t, c, "/api/v1/nodes/"+node, cluster.Object{"spec": cluster.Object{"unschedulable": true}})
	if e := endpointOf(t, c); e.Host != first || !strings.Contains(e.Caution, "cordoned") {
		t.Errorf("%+v; expected was %s, cordoned", e, first)
	}
	remove(t, c, envoyPods+"/"+pod)
	await(t, c, "Envoy is ready on another node", func() bool {
		name, on := envoyPod(t, c)
		return name != "" && name != pod && on != "" && on != node && envoyNode(t, c) != first
	})
	second := envoyNode(t, c)
	if e := endpointOf(t, c); e.Host != second || strings.Contains(e.Caution, "cordoned") {
		t.Errorf("%+v; expected was %s, not cordoned", e, second)
	}
	merge(t, c, "/api/v1/nodes/"+node, cluster.Object{"spec": cluster.Object{"unschedulable": false}})

	trusted := certificate(t, c, "aibrix-system", "llm-tls", "llm.example.com")
	merge(t, c, gatewayAPI+"namespaces/aibrix-system/gateways/aibrix-eg", cluster.Object{"spec": cluster.Object{"listeners": []any{
		cluster.Object{"name": "http", "port": 80, "protocol": "HTTP"},
		cluster.Object{"name": "more", "port": 8080, "protocol": "HTTP"},
		cluster.Object{"name": "tls", "port": 443, "protocol": "HTTPS", "hostname": "llm.example.com",
			"tls": cluster.Object{"mode": "Terminate", "certificateRefs": []any{cluster.Object{"kind": "Secret", "name": "llm-tls"}}}}}}})
	var s service
	await(t, c, "the Service has three ports", func() bool {
		return c.Admin.Get(limited(t), gatewayService, &s) == nil && len(s.Spec.Ports) == 3
	})
	nodePort := map[string]string{}
	for _, port := range s.Spec.Ports {
		nodePort[port.Port.String()] = port.NodePort.String()
	}
	prints(t, c, 0, "http://"+second+":"+nodePort["80"])
	prints(t, c, 0, "https://llm.example.com:"+nodePort["443"], "--scheme", "https")
	prints(t, c, 0, "curl -sS --resolve llm.example.com:"+nodePort["443"]+":"+second+" https://llm.example.com:"+nodePort["443"]+"/v1/models",
		"--scheme", "https", "-o", "curl")
	listeners := []string{}
	for _, a := range endpointOf(t, c, "--all").Addresses {
		listeners = append(listeners, a.Listener+" "+a.URL)
	}
	equal(t, "all addresses", []string{"http http://" + second + ":" + nodePort["80"], "more http://" + second + ":" + nodePort["8080"],
		"tls https://llm.example.com:" + nodePort["443"]}, listeners)

	// The real Envoy speaks TLS to who asks by the name, and to nobody else. Its port is that of the listener and 10000.
	dial := func(name string) error {
		connection, err := tls.Dial("tcp", "127.0.0.1:10443", &tls.Config{ServerName: name, RootCAs: trusted})
		if err == nil {
			_ = connection.Close()
		}
		return err
	}
	await(t, c, "Envoy speaks TLS", func() bool { return dial("llm.example.com") == nil })
	if err := dial("other.example.com"); err == nil {
		t.Error("Envoy speaks TLS to any name: the hostname proves nothing")
	}
}
