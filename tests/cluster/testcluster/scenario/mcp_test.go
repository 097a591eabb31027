package scenario

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// `aibrixctl mcp` on a whole install, driven by the protocol's official client: every tool in each version of the protocol, bad
// arguments, a cancelled call, a lost cluster. The API server's audit log then has no request that is not one to read.
func TestMcp(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", "..", "..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	python, err := exec.Command("sh", filepath.Join(root, "scripts", "mcp-client")).Output()
	if err != nil {
		var ended *exec.ExitError
		if errors.As(err, &ended) {
			t.Skipf("the official client cannot be had: %s", ended.Stderr)
		}
		t.Fatal(err)
	}
	c := start(t, cluster.Options{Envoy: true, AuditAll: true})
	serve(t, c, "chat", "llama-3-8b")
	answers(t, c, "llama-3-8b", 200, 200)
	scale(t, c, "aibrix-system", "aibrix-controller-manager", 0) // something for the tools to tell
	client := exec.CommandContext(limited(t), strings.TrimSpace(string(python)), filepath.Join(root, "tests", "mcp_client.py"),
		os.Getenv("AIBRIXCTL"), c.Kubeconfig, c.Server)
	out, err := client.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
	wantText(t, string(out), "== 2026-07-28", "== 2025-11-25", "a cancelled call ends", "a lost cluster is an error",
		"all was as it should be")
	onlyRead(t, c)
}

// What aibrixctl asked for is in the audit log, and all of it is get, list or watch, or asks what its user may do.
func onlyRead(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	requests, err := c.Requests()
	if err != nil {
		t.Fatal(err)
	}
	verbs := map[string]int{}
	for _, request := range requests {
		if !strings.HasPrefix(request.UserAgent, "aibrixctl") {
			continue
		}
		verbs[request.Verb]++
		reads := slices.Contains([]string{"get", "list", "watch"}, request.Verb)
		asks := request.Verb == "create" && request.ObjectRef.Resource == "selfsubjectaccessreviews"
		if !reads && !asks {
			t.Errorf("aibrixctl: %s %s", request.Verb, request.RequestURI)
		}
		if strings.Contains(request.RequestURI, "/proxy") || strings.Contains(request.RequestURI, "dryRun") {
			t.Errorf("aibrixctl: %s %s", request.Verb, request.RequestURI)
		}
	}
	t.Logf("aibrixctl's requests by verb: %v", verbs)
	if verbs["list"] < 100 || verbs["get"] < 20 {
		t.Errorf("too few requests are in the audit log: %v", verbs)
	}
}
