package cluster

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// Users log in with a token and start without any rights; a test gives them what it needs.
var Users = []string{"reader", "pods-only", "nobody"}

func token(user string) string { return user + "-token" }

// writeFiles makes the keys, the token file and the kubeconfig, and the admin's client.
func (c *Cluster) writeFiles(port int) error {
	var err error
	if c.authority, err = newAuthority(); err != nil {
		return err
	}
	server, err := c.authority.server()
	if err != nil {
		return err
	}
	admin, err := c.authority.client("admin", "system:masters", time.Now().Add(24*time.Hour))
	if err != nil {
		return err
	}
	signer, err := serviceAccountKey()
	if err != nil {
		return err
	}
	c.Server = fmt.Sprintf("https://127.0.0.1:%d", port)
	c.Kubeconfig = c.path("kubeconfig")
	var tokens strings.Builder
	for _, user := range Users {
		fmt.Fprintf(&tokens, "%s,%s,%s\n", token(user), user, user)
	}
	for name, content := range map[string][]byte{
		"ca.crt": c.authority.pem, "server.crt": server.certificate, "server.key": server.key, "sa.key": signer,
		"tokens.csv": []byte(tokens.String()), "kubeconfig": c.kubeconfig(admin),
	} {
		if err := os.WriteFile(c.path(name), content, 0o600); err != nil {
			return err
		}
	}
	c.Admin, err = c.newClient(&admin, "")
	return err
}

// Client logs in as one of Users.
func (c *Cluster) Client(user string) (*Client, error) { return c.newClient(nil, token(user)) }

// ClientCertificate makes a PEM certificate and key of any user, valid until a time that may be past.
func (c *Cluster) ClientCertificate(user, group string, until time.Time) (certificate, key []byte, err error) {
	made, err := c.authority.client(user, group, until)
	return made.certificate, made.key, err
}

func (c *Cluster) newClient(login *pair, bearer string) (*Client, error) {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(c.authority.pem)
	config := &tls.Config{RootCAs: roots}
	if login != nil {
		certificate, err := tls.X509KeyPair(login.certificate, login.key)
		if err != nil {
			return nil, err
		}
		config.Certificates = []tls.Certificate{certificate}
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: true}
	return &Client{server: c.Server, bearer: bearer, http: &http.Client{Transport: transport}}, nil
}

func (c *Cluster) kubeconfig(admin pair) []byte {
	data := base64.StdEncoding.EncodeToString
	var text strings.Builder
	fmt.Fprintf(&text, "apiVersion: v1\nkind: Config\ncurrent-context: admin\nclusters:\n- name: test\n  cluster:\n"+
		"    server: %s\n    certificate-authority-data: %s\nusers:\n- name: admin\n  user:\n"+
		"    client-certificate-data: %s\n    client-key-data: %s\n",
		c.Server, data(c.authority.pem), data(admin.certificate), data(admin.key))
	contexts := "contexts:\n- name: admin\n  context: {cluster: test, user: admin}\n"
	for _, user := range Users {
		fmt.Fprintf(&text, "- name: %s\n  user:\n    token: %s\n", user, token(user))
		contexts += fmt.Sprintf("- name: %s\n  context: {cluster: test, user: %s}\n", user, user)
	}
	return []byte(text.String() + contexts)
}

// WriteKubeconfig writes one for a user of any kind; server is the cluster's own, or what stands before it.
func (c *Cluster) WriteKubeconfig(file, server string, user Object) error {
	content, err := json.Marshal(Object{"apiVersion": "v1", "kind": "Config", "current-context": "test",
		"clusters": []any{Object{"name": "test", "cluster": Object{"server": server,
			"certificate-authority-data": c.authority.pem}}},
		"users":    []any{Object{"name": "test", "user": user}},
		"contexts": []any{Object{"name": "test", "context": Object{"cluster": "test", "user": "test"}}}})
	if err != nil {
		return err
	}
	return os.WriteFile(file, content, 0o600)
}

// AdminLogin is the admin's part of a kubeconfig.
func (c *Cluster) AdminLogin() (Object, error) {
	made, err := c.authority.client("admin", "system:masters", time.Now().Add(time.Hour))
	return Object{"client-certificate-data": made.certificate, "client-key-data": made.key}, err
}

// ServiceAccountToken is one that the API server believes until the time, which may be past.
func (c *Cluster) ServiceAccountToken(namespace, name string, until time.Time) (string, error) {
	text, err := os.ReadFile(c.path("sa.key"))
	if err != nil {
		return "", err
	}
	block, _ := pem.Decode(text)
	key, err := x509.ParsePKCS1PrivateKey(block.Bytes)
	if err != nil {
		return "", err
	}
	claims := Object{"iss": issuer, "aud": []string{issuer}, "sub": "system:serviceaccount:" + namespace + ":" + name,
		"iat": until.Add(-time.Hour).Unix(), "nbf": until.Add(-time.Hour).Unix(), "exp": until.Unix(),
		"kubernetes.io": Object{"namespace": namespace, "serviceaccount": Object{"name": name, "uid": "none"}}}
	var parts []string
	for _, part := range []Object{{"alg": "RS256", "typ": "JWT"}, claims} {
		encoded, err := json.Marshal(part)
		if err != nil {
			return "", err
		}
		parts = append(parts, base64.RawURLEncoding.EncodeToString(encoded))
	}
	digest := sha256.Sum256([]byte(strings.Join(parts, ".")))
	signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, digest[:])
	return strings.Join(append(parts, base64.RawURLEncoding.EncodeToString(signature)), "."), err
}

// Connect logs in as the admin of a running cluster, by the kubeconfig that Start wrote.
func Connect(kubeconfig string) (*Client, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server    string `json:"server"`
				Authority []byte `json:"certificate-authority-data"`
			} `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			User struct {
				Certificate []byte `json:"client-certificate-data"`
				Key         []byte `json:"client-key-data"`
			} `json:"user"`
		} `json:"users"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, err
	}
	if len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, fmt.Errorf("%s is not the kubeconfig of a test cluster", kubeconfig)
	}
	c := &Cluster{Server: config.Clusters[0].Cluster.Server, authority: &authority{pem: config.Clusters[0].Cluster.Authority}}
	login := config.Users[0].User
	client, err := c.newClient(&pair{login.Certificate, login.Key}, "")
	if err != nil {
		return nil, err
	}
	etcd, err := os.ReadFile(filepath.Join(filepath.Dir(kubeconfig), etcdFile))
	client.etcd = string(etcd)
	return client, err
}
