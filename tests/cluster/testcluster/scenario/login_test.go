package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

// Logins that the API server refuses, and one that a program makes: each ends with exit code 3 and says what is wrong with
// the login, and neither a token nor a key is ever printed.
func TestLogins(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, recordings(t)[0])
	certificate, key, err := c.ClientCertificate("late", "system:masters", time.Now().Add(-time.Minute))
	if err != nil {
		t.Fatal(err)
	}
	expired, err := c.ServiceAccountToken("default", "late", time.Now().Add(-time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for _, refused := range []struct {
		name  string
		user  cluster.Object
		words []string
	}{
		{"an expired client certificate", cluster.Object{"client-certificate-data": certificate, "client-key-data": key},
			[]string{"certificate", "expired"}},
		{"an expired token", cluster.Object{"token": expired}, []string{"expired"}},
		{"an unknown token", cluster.Object{"token": "made-up-secret"}, []string{"does not accept"}},
		{"a login program that fails", plugin(t, "echo 'the single sign-on is down' >&2; exit 1"),
			[]string{"login", "single sign-on is down"}},
		{"a login program whose token is refused", plugin(t, credential("made-up-secret")), []string{"does not accept"}},
	} {
		t.Run(refused.name, func(t *testing.T) {
			code, out, text := run(t, kubeconfig(t, c, c.Server, refused.user), "doctor", "-o", "json")
			if code != 3 || !strings.Contains(out, `"kind": "Error"`) {
				t.Errorf("exit code %d\n%s\n%s", code, out, text)
			}
			for _, word := range refused.words {
				if !strings.Contains(out, word) {
					t.Errorf("does not say %q:\n%s", word, out)
				}
			}
			for _, secret := range []string{expired, "made-up-secret", "PRIVATE KEY"} {
				if strings.Contains(out+text, secret) {
					t.Errorf("prints a secret:\n%s\n%s", out, text)
				}
			}
		})
	}
	t.Run("a login program's token is used", func(t *testing.T) {
		allow(t, c, "reader", cluster.Object{"apiGroups": []string{"*"}, "resources": []string{"*"}, "verbs": []string{"list", "get"}})
		with := kubeconfig(t, c, c.Server, plugin(t, credential("reader-token")))
		equal(t, "findings of a user who may read everything", doctor(t, with).summary(), doctor(t, c.Kubeconfig).summary())
	})
}

// plugin is a kubeconfig's user who logs in by a program, here a shell script.
func plugin(t *testing.T, script string) cluster.Object {
	t.Helper()
	file := filepath.Join(t.TempDir(), "login")
	if err := os.WriteFile(file, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return cluster.Object{"exec": cluster.Object{"apiVersion": "client.authentication.k8s.io/v1", "command": file,
		"interactiveMode": "Never"}}
}

func credential(token string) string {
	return `echo '{"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": {"token": "` + token + `"}}'`
}

func kubeconfig(t *testing.T, c *cluster.Cluster, server string, user cluster.Object) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "kubeconfig")
	if err := c.WriteKubeconfig(file, server, user); err != nil {
		t.Fatal(err)
	}
	return file
}
