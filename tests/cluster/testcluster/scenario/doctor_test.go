package scenario

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// report is what these tests read of a report (docs: the schema that the program ships).
type report struct {
	Kind     string
	ExitCode int
	Run      struct{ Complete bool }
	Findings []finding
	Checks   []struct{ Code, Outcome string }
}

type finding struct {
	Code, Level, Title string
	Object             object
	Also               []consequence
}

type consequence struct {
	Code   string
	Object object
}

type object struct{ Kind, Namespace, Name string }

func (o object) String() string { return o.Kind + "/" + o.Namespace + "/" + o.Name }

// summary is one line per finding: level, code, object and what follows from it; ages and wording are left out.
func (r report) summary() []string {
	var lines []string
	for _, f := range r.Findings {
		var also []string
		for _, a := range f.Also {
			also = append(also, a.Code+" "+a.Object.String())
		}
		slices.Sort(also)
		lines = append(lines, fmt.Sprintf("%s %s %s also %s", f.Level, f.Code, f.Object, strings.Join(also, ", ")))
	}
	slices.Sort(lines)
	return lines
}

// errors is one line per error: code and object.
func (r report) errors() []string {
	var lines []string
	for _, f := range r.Findings {
		if f.Level == "error" {
			lines = append(lines, f.Code+" "+f.Object.String())
		}
	}
	slices.Sort(lines)
	return lines
}

// run starts the program with a kubeconfig (or none) and returns its exit code, standard output and standard error.
func run(t *testing.T, kubeconfig string, arguments ...string) (int, string, string) {
	t.Helper()
	program := os.Getenv("AIBRIXCTL")
	if program == "" {
		t.Fatal("AIBRIXCTL does not say which program to test")
	}
	command := exec.CommandContext(limited(t), program, arguments...)
	command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "XDG_CACHE_HOME="+t.TempDir(), "NO_COLOR=1")
	var out, diagnostics bytes.Buffer
	command.Stdout, command.Stderr = &out, &diagnostics
	err := command.Run()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		t.Fatal(err)
	}
	return command.ProcessState.ExitCode(), out.String(), diagnostics.String()
}

func doctor(t *testing.T, kubeconfig string, arguments ...string) report {
	t.Helper()
	code, out, diagnostics := run(t, kubeconfig, append([]string{"doctor", "-o", "json"}, arguments...)...)
	var r report
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("doctor %v: exit %d, %v\n%s\n%s", arguments, code, err, out, diagnostics)
	}
	if r.Kind != "DoctorReport" || r.ExitCode != code {
		t.Errorf("doctor %v: %s with exitCode %d, exit code %d\n%s", arguments, r.Kind, r.ExitCode, code, diagnostics)
	}
	return r
}

func equal(t *testing.T, what string, want, have []string) {
	t.Helper()
	if !slices.Equal(want, have) {
		t.Errorf("%s:\n%s\nbut live:\n%s", what, strings.Join(want, "\n"), strings.Join(have, "\n"))
	}
}

// Doctor says the same about a live cluster and about a dump of it from the same moment. The recording that the cluster
// was made from has the same errors; it may lack kinds (Secrets, roles) that others depend on.
func TestDoctorLiveAndDumpAgree(t *testing.T) {
	for _, file := range recordings(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			c := start(t, cluster.Options{})
			load(t, c, file)
			dump := filepath.Join(t.TempDir(), "dump.yaml")
			if err := c.Admin.Dump(limited(t), dump); err != nil {
				t.Fatal(err)
			}
			live := doctor(t, c.Kubeconfig, "--with-secrets")
			equal(t, "doctor on a dump of this moment", doctor(t, "", "-f", dump, "--whole-cluster").summary(), live.summary())
			equal(t, "errors in the recording", doctor(t, "", "-f", file, "--whole-cluster").errors(), live.errors())
		})
	}
}

// A user who may list only pods gets a report that says what was not looked at, and exit code 3 only on demand.
func TestDoctorWithFewRights(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, recordings(t)[0])
	allow(t, c, "pods-only", cluster.Object{"apiGroups": []string{""}, "resources": []string{"pods"},
		"verbs": []string{"get", "list"}})
	r := doctor(t, c.Kubeconfig, "--context", "pods-only")
	skipped := 0
	for _, check := range r.Checks {
		if check.Outcome == "skipped" {
			skipped++
		}
	}
	if skipped == 0 {
		t.Error("no check is said to be skipped")
	}
	if r.ExitCode != 0 {
		t.Errorf("exit code %d with findings %v", r.ExitCode, r.summary())
	}
	if code, _, text := run(t, c.Kubeconfig, "doctor", "--context", "pods-only", "--require-complete"); code != 3 {
		t.Errorf("--require-complete: exit code %d\n%s", code, text)
	}
	if code, out, text := run(t, c.Kubeconfig, "doctor", "--context", "nobody"); code != 3 {
		t.Errorf("a user who may read nothing: exit code %d\n%s\n%s", code, out, text)
	}
}

// allow gives a user of the cluster one rule, everywhere.
func allow(t *testing.T, c *cluster.Cluster, user string, rule cluster.Object) {
	t.Helper()
	const rbac = "/apis/rbac.authorization.k8s.io/v1/"
	role := cluster.Object{"metadata": cluster.Object{"name": user}, "rules": []any{rule}}
	if _, err := c.Admin.Create(limited(t), rbac+"clusterroles", role); err != nil {
		t.Fatal(err)
	}
	binding := cluster.Object{"metadata": cluster.Object{"name": user},
		"roleRef":  cluster.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": user},
		"subjects": []any{cluster.Object{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": user}}}
	if _, err := c.Admin.Create(limited(t), rbac+"clusterrolebindings", binding); err != nil {
		t.Fatal(err)
	}
}
