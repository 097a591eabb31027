package scenario

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"aibrixctl.test/testcluster/cluster"
)

// policyReports defines the kind that deploy/policyreport writes; the schema that its standard has is tried by ctest `reports`.
const policyReports = `{"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
 "metadata": {"name": "clusterpolicyreports.wgpolicyk8s.io"},
 "spec": {"group": "wgpolicyk8s.io", "scope": "Cluster",
  "names": {"plural": "clusterpolicyreports", "singular": "clusterpolicyreport", "kind": "ClusterPolicyReport", "listKind": "ClusterPolicyReportList"},
  "versions": [{"name": "v1alpha2", "served": true, "storage": true,
   "schema": {"openAPIV3Schema": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}]}}`

type container struct {
	Name          string
	Command, Args []string
}

type podSpec struct {
	ServiceAccountName         string
	InitContainers, Containers []container
}

// The CronJob of each overlay, as kubectl renders it, admitted by the API server; its commands with the rights of its own
// ServiceAccount: metrics that are right, nothing forbidden, and a PolicyReport that kubectl reads.
func TestDeployedCronJob(t *testing.T) {
	kubectl := cluster.Program("kubectl")
	if kubectl == "" {
		t.Skip(cluster.ErrNoPrograms)
	}
	c := start(t, cluster.Options{})
	load(t, c, recordings(t)[0])
	manifest := filepath.Join(t.TempDir(), "definition.json")
	if err := os.WriteFile(manifest, []byte(policyReports), 0o600); err != nil {
		t.Fatal(err)
	}
	kubectlAs := func(kubeconfig string, arguments ...string) (string, error) {
		command := exec.CommandContext(limited(t), kubectl, arguments...)
		command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "HOME="+t.TempDir())
		out, err := command.CombinedOutput()
		return string(out), err
	}
	must := func(out string, err error) string {
		t.Helper()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return out
	}
	must(kubectlAs(c.Kubeconfig, "apply", "-f", manifest))
	must(kubectlAs(c.Kubeconfig, "wait", "--for=condition=Established", "-f", manifest))
	deploy := filepath.Join("..", "..", "..", "..", "deploy")
	for _, ns := range []string{"aibrixctl", "aibrix-system", "envoy-gateway-system"} {
		_, _ = kubectlAs(c.Kubeconfig, "create", "namespace", ns)
	}
	for _, overlay := range []string{"pushgateway", "textfile", "policyreport", "argocd"} {
		rendered := must(kubectlAs(c.Kubeconfig, "kustomize", filepath.Join(deploy, overlay)))
		file := filepath.Join(t.TempDir(), overlay+".yaml")
		if err := os.WriteFile(file, []byte(rendered), 0o600); err != nil {
			t.Fatal(err)
		}
		// Warnings are those of the namespace's restricted level.
		out := must(kubectlAs(c.Kubeconfig, "apply", "--server-side", "--force-conflicts", "-f", file))
		if strings.Contains(out, "would violate") || strings.Contains(out, "Warning") {
			t.Errorf("%s: %s", overlay, out)
		}
		if overlay != "argocd" {
			t.Run(overlay, func(t *testing.T) { runCronJob(t, c, rendered, kubectlAs) })
		}
	}
	for _, hook := range []struct {
		file string
		code int
	}{{"pre-sync.yaml", 0}, {"post-sync.yaml", 1}} { // the recording has errors, but none of what a sync builds on
		t.Run(hook.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(deploy, "argocd", hook.file))
			if err != nil {
				t.Fatal(err)
			}
			var job struct {
				Spec struct{ Template struct{ Spec podSpec } }
			}
			if err := yaml.Unmarshal(text, &job); err != nil {
				t.Fatal(err)
			}
			pod := job.Spec.Template.Spec
			arguments := strings.ReplaceAll(strings.Join(pod.Containers[0].Args, "\n"), "--wait=10m", "--wait=3s")
			code, out, diagnostics := run(t, accountKubeconfig(t, c, pod.ServiceAccountName), strings.Split(arguments, "\n")...)
			if code != hook.code || strings.Contains(out+diagnostics, "forbidden") {
				t.Errorf("exit code %d\n%s\n%s", code, out, diagnostics)
			}
		})
	}
}

func accountKubeconfig(t *testing.T, c *cluster.Cluster, account string) string {
	t.Helper()
	path := "/api/v1/namespaces/aibrixctl/serviceaccounts/" + account + "/token"
	request, err := c.Admin.Create(limited(t), path, cluster.Object{"spec": cluster.Object{}})
	if err != nil {
		t.Fatal(err)
	}
	status, _ := request["status"].(cluster.Object)
	return kubeconfig(t, c, c.Server, cluster.Object{"token": status["token"]})
}

func runCronJob(t *testing.T, c *cluster.Cluster, rendered string, kubectlAs func(string, ...string) (string, error)) {
	var pod podSpec
	for _, document := range strings.Split(rendered, "\n---\n") {
		var object struct {
			Kind string
			Spec struct {
				JobTemplate struct {
					Spec struct{ Template struct{ Spec podSpec } }
				}
			}
		}
		if err := yaml.Unmarshal([]byte(document), &object); err != nil {
			t.Fatal(err)
		}
		if object.Kind == "CronJob" {
			pod = object.Spec.JobTemplate.Spec.Template.Spec
		}
	}
	if len(pod.InitContainers) != 1 || len(pod.Containers) != 1 {
		t.Fatalf("%d init containers, %d containers", len(pod.InitContainers), len(pod.Containers))
	}
	account := accountKubeconfig(t, c, pod.ServiceAccountName)
	reports, textfile := t.TempDir(), t.TempDir()
	here := strings.NewReplacer("/reports/", reports+"/", "/textfile/", textfile+"/")
	var arguments []string
	for _, argument := range pod.InitContainers[0].Args {
		arguments = append(arguments, here.Replace(argument))
	}
	code, out, diagnostics := run(t, account, arguments...)
	if code != 0 || strings.Contains(out+diagnostics, "forbidden") {
		t.Errorf("exit code %d\n%s\n%s", code, out, diagnostics)
	}
	metrics, err := os.ReadFile(filepath.Join(reports, "aibrixctl.prom"))
	if err != nil {
		t.Fatal(err)
	}
	whole := doctor(t, c.Kubeconfig)
	var counted struct{ Summary map[string]int }
	_, told, _ := run(t, c.Kubeconfig, "doctor", "-o", "json")
	if err := json.Unmarshal([]byte(told), &counted); err != nil {
		t.Fatal(err)
	}
	for _, level := range []string{"error", "warning"} {
		line := "aibrixctl_findings{level=\"" + level + "\"} " + strconv.Itoa(counted.Summary[level])
		if !strings.Contains(string(metrics), line+"\n") {
			t.Errorf("no %s in\n%s", line, metrics)
		}
	}
	if !strings.Contains(string(metrics), `aibrixctl_checks{outcome="not_checked"} 0`) || whole.ExitCode != 1 {
		t.Errorf("something could not be looked at, exit code %d:\n%s", whole.ExitCode, metrics)
	}

	var command []string
	for _, word := range append(append([]string{}, pod.Containers[0].Command...), pod.Containers[0].Args...) {
		command = append(command, here.Replace(word))
	}
	switch pod.Containers[0].Name {
	case "push": // curl to a Pushgateway: only that it is asked to send what is there
		if command[0] != "curl" || !strings.Contains(strings.Join(command, " "), reports+"/aibrixctl.prom") {
			t.Errorf("%v", command)
		}
	case "copy":
		ended := exec.CommandContext(limited(t), command[0], command[1:]...)
		if out, err := ended.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		copied, err := os.ReadFile(filepath.Join(textfile, "aibrixctl.prom"))
		if err != nil || string(copied) != string(metrics) {
			t.Errorf("%v\n%s", err, copied)
		}
	case "apply":
		for range 2 { // the second replaces the first
			if out, err := kubectlAs(account, command[1:]...); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
		}
		out, err := kubectlAs(c.Kubeconfig, "get", "clusterpolicyreports", "aibrixctl", "-o", "jsonpath={.summary.fail} {.results[*].rule}")
		if err != nil || !strings.HasPrefix(out, strconv.Itoa(counted.Summary["error"])+" ") || !strings.Contains(out, "REF001") {
			t.Errorf("%v\n%s", err, out)
		}
		out, err = kubectlAs(account, "delete", "clusterpolicyreports", "aibrixctl")
		var ended *exec.ExitError
		if !errors.As(err, &ended) || !strings.Contains(out, "forbidden") {
			t.Errorf("its role permits a deletion: %v\n%s", err, out)
		}
	default:
		t.Errorf("a container %s that this test does not know", pod.Containers[0].Name)
	}
}
