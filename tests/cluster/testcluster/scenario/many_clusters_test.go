package scenario

import (
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"sigs.k8s.io/yaml"

	"aibrixctl.test/testcluster/cluster"
)

// contextNamed writes the admin's part of a cluster's kubeconfig, with this name for its context, cluster and user.
func contextNamed(t *testing.T, c *cluster.Cluster, name string) string {
	t.Helper()
	login, err := c.AdminLogin()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), name)
	if err := c.WriteKubeconfig(file, c.Server, login); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var config map[string]any
	if err := yaml.Unmarshal(content, &config); err != nil {
		t.Fatal(err)
	}
	delete(config, "current-context")
	for _, kind := range []string{"clusters", "users", "contexts"} {
		config[kind].([]any)[0].(map[string]any)["name"] = name
	}
	config["contexts"].([]any)[0].(map[string]any)["context"] = map[string]any{"cluster": name, "user": name}
	if content, err = json.Marshal(config); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// Three clusters in one run, of which one is stopped: two reports, each as that cluster alone has it, and one failure.
func TestManyClusters(t *testing.T) {
	var files []string
	clusters := map[string]*cluster.Cluster{}
	for _, name := range []string{"healthy", "broken", "stopped"} {
		c := start(t, cluster.Options{})
		clusters[name] = c
		files = append(files, contextNamed(t, c, name))
	}
	for _, file := range recordings(t) {
		for _, name := range []string{"healthy", "broken"} {
			if strings.HasSuffix(filepath.Dir(file), "examples/"+name+"-cluster") {
				load(t, clusters[name], file)
			}
		}
	}
	clusters["stopped"].Stop()
	kubeconfig := strings.Join(files, ":")

	code, out, diagnostics := run(t, kubeconfig, "doctor", "--contexts", "healthy,broken,stopped", "-o", "json")
	var list struct {
		Kind  string
		Items []struct {
			report
			Cluster struct{ Context string }
		}
		Failures []struct{ Context, Reason, Message, Hint string }
	}
	if err := json.Unmarshal([]byte(out), &list); err != nil {
		t.Fatalf("exit %d, %v\n%s\n%s", code, err, out, diagnostics)
	}
	if code != 1 || list.Kind != "DoctorReportList" || len(list.Items) != 2 || len(list.Failures) != 1 {
		t.Fatalf("exit %d, %s with %d reports and %d failures\n%s", code, list.Kind, len(list.Items), len(list.Failures), diagnostics)
	}
	if list.Failures[0].Context != "stopped" || list.Failures[0].Message == "" || list.Failures[0].Hint == "" {
		t.Errorf("the failure is %+v", list.Failures[0])
	}
	for _, item := range list.Items {
		alone := doctor(t, clusters[item.Cluster.Context].Kubeconfig)
		equal(t, "the report of "+item.Cluster.Context+" beside others", item.summary(), alone.summary())
	}
	code, out, _ = run(t, kubeconfig, "doctor", "--all-contexts")
	if code != 1 || !strings.Contains(out, "3 clusters: ") {
		t.Errorf("doctor --all-contexts: exit %d\n%s", code, out)
	}
	t.Log("\n" + out)
	if code, _, _ := run(t, kubeconfig, "doctor", "--contexts", "healthy,stopped"); code != 3 {
		t.Errorf("without errors but with a cluster that is stopped: exit %d", code)
	}
}

// following is the program while it watches.
type following struct {
	command *exec.Cmd
	out     string
}

func follow(t *testing.T, kubeconfig string, arguments ...string) *following {
	t.Helper()
	f := &following{out: filepath.Join(t.TempDir(), "out")}
	out, err := os.Create(f.out)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	f.command = exec.Command(os.Getenv("AIBRIXCTL"), append([]string{"doctor", "--watch"}, arguments...)...)
	f.command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig, "NO_COLOR=1")
	f.command.Stdout, f.command.Stderr = out, os.Stderr
	if err := f.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.command.Process.Kill() })
	return f
}

func (f *following) text() string {
	text, _ := os.ReadFile(f.out)
	return string(text)
}

// last is the last report that was printed.
func (f *following) last() string {
	text := f.text()
	return text[strings.LastIndex(text, "\n--- ")+1:]
}

func (f *following) prints(t *testing.T, what string) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if strings.Contains(f.last(), what) {
			return
		}
	}
	t.Fatalf("the last report has no %q:\n%s", what, f.text())
}

// Doctor follows a real API server: what changes is told, no list is read again, the watches that a restarted API server
// ends go on, and Ctrl-C ends with the exit code of the last report.
func TestWatch(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, healthy(t))
	var mutex sync.Mutex
	lists, watches := 0, 0
	server, stop, err := c.Between(func(request *http.Request) {
		mutex.Lock()
		defer mutex.Unlock()
		if request.URL.Query().Get("watch") == "true" {
			watches++
		} else if request.URL.Query().Get("limit") != "" {
			lists++
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	counted := func() (int, int) {
		mutex.Lock()
		defer mutex.Unlock()
		return lists, watches
	}
	login, err := c.AdminLogin()
	if err != nil {
		t.Fatal(err)
	}
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	if err := c.WriteKubeconfig(kubeconfig, server, login); err != nil {
		t.Fatal(err)
	}
	f := follow(t, kubeconfig, "--fail-on", "warning")
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if _, watching := counted(); watching > 20 {
			break
		}
	}
	time.Sleep(2 * time.Second)
	before, watching := counted()
	const controller = "/apis/apps/v1/namespaces/aibrix-system/deployments/aibrix-controller-manager"
	for range 3 {
		merge(t, c, controller, cluster.Object{"spec": cluster.Object{"replicas": 0}})
		f.prints(t, "aibrix-controller-manager is scaled to 0")
		merge(t, c, controller, cluster.Object{"spec": cluster.Object{"replicas": 1}})
		f.prints(t, "No problems found")
	}
	after, _ := counted()
	t.Logf("%d lists and %d watches at first; %d lists after six changes", before, watching, after)
	if after != before {
		t.Errorf("%d lists were read again", after-before)
	}

	restart := c.KillAPIServer()
	time.Sleep(2 * time.Second)
	if err := restart(); err != nil {
		t.Fatal(err)
	}
	merge(t, c, controller, cluster.Object{"spec": cluster.Object{"replicas": 0}})
	f.prints(t, "aibrix-controller-manager is scaled to 0")
	again, _ := counted()
	t.Logf("%d lists after a restart of the API server", again)

	if err := f.command.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	_ = f.command.Wait()
	if code := f.command.ProcessState.ExitCode(); code != 1 {
		t.Errorf("ended with %d\n%s", code, f.last())
	}
	if !strings.Contains(f.last(), "aibrix-controller-manager is scaled to 0") {
		t.Errorf("the last report:\n%s", f.last())
	}
}

// The role of rbac print --with-watch is enough: nothing is read instead.
func TestWatchRole(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, healthy(t))
	grant(t, c, printedRoles(t, "--with-watch", "--for", "user:reader"))
	f := follow(t, c.Kubeconfig, "--context", "reader", "--interval", "2s")
	f.prints(t, "No problems found")
	time.Sleep(5 * time.Second)
	if strings.Contains(f.text(), "read again every") {
		t.Errorf("not everything is watched:\n%s", f.text())
	}
	_ = f.command.Process.Signal(syscall.SIGINT)
	_ = f.command.Wait()

	without := start(t, cluster.Options{})
	load(t, without, healthy(t))
	grant(t, without, printedRoles(t, "--for", "user:reader"))
	f = follow(t, without.Kubeconfig, "--context", "reader", "--interval", "2s")
	f.prints(t, "read again every 2s")
	f.prints(t, "rbac print --with-watch")
	_ = f.command.Process.Signal(syscall.SIGINT)
	_ = f.command.Wait()
}
