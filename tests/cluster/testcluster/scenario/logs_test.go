package scenario

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// evidence is what a report says of each finding beside its title.
type evidence struct {
	Findings []struct {
		Code, Title string
		Evidence    []struct{ Key, Value string }
	}
	Notes []string
}

func evidenceOf(t *testing.T, c *cluster.Cluster, arguments ...string) evidence {
	t.Helper()
	_, out, diagnostics := run(t, c.Kubeconfig, append([]string{"doctor", "-o", "json"}, arguments...)...)
	var e evidence
	if err := json.Unmarshal([]byte(out), &e); err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, diagnostics)
	}
	return e
}

// title is that of the first finding with this code, and log the line of a log that it quotes.
func (e evidence) of(code string) (title, log string) {
	for _, f := range e.Findings {
		if f.Code != code {
			continue
		}
		for _, one := range f.Evidence {
			if strings.HasPrefix(one.Key, "log of ") {
				return f.Title, one.Value
			}
		}
		return f.Title, ""
	}
	return "", ""
}

// podOf is the path of a pod with these labels.
func podOf(t *testing.T, c *cluster.Cluster, namespace, selector string) (path, name string) {
	t.Helper()
	collection := "/api/v1/namespaces/" + namespace + "/pods"
	await(t, c, "a pod of "+selector, func() bool {
		pods, _ := c.Admin.List(limited(t), collection+"?labelSelector="+url.QueryEscape(selector))
		pods = slices.DeleteFunc(pods, func(pod cluster.Object) bool { return !cluster.HasCondition(pod, "Ready", "True") })
		if len(pods) == 1 {
			name = text(pods[0]["metadata"].(cluster.Object)["name"])
		}
		return len(pods) == 1
	})
	return collection + "/" + name, name
}

// unready gives a pod the status that a kubelet writes when one of its containers is not ready.
func unready(t *testing.T, c *cluster.Cluster, path, since string, container cluster.Object) {
	t.Helper()
	maps.Copy(container, cluster.Object{"ready": false, "image": "x", "imageID": "x"})
	merge(t, c, path+"/status", cluster.Object{"status": cluster.Object{
		"conditions": []any{
			cluster.Object{"type": "PodScheduled", "status": "True"},
			cluster.Object{"type": "Ready", "status": "False", "reason": "ContainersNotReady", "lastTransitionTime": since}},
		"containerStatuses": []any{container}}})
}

// crash is what it writes for a container that ends again and again.
func crash(t *testing.T, c *cluster.Cluster, path, container string, exitCode int) {
	t.Helper()
	const started = "2026-01-01T00:00:00Z"
	unready(t, c, path, started, cluster.Object{"name": container, "restartCount": 4,
		"state":     cluster.Object{"waiting": cluster.Object{"reason": "CrashLoopBackOff", "message": "back-off 40s restarting failed container"}},
		"lastState": cluster.Object{"terminated": cluster.Object{"exitCode": exitCode, "reason": "Error", "startedAt": started, "finishedAt": "2026-01-01T00:00:01Z"}}})
}

func firstContainer(t *testing.T, c *cluster.Cluster, path string) string {
	t.Helper()
	var pod struct {
		Spec struct{ Containers []struct{ Name string } }
	}
	if err := c.Admin.Get(limited(t), path, &pod); err != nil {
		t.Fatal(err)
	}
	return pod.Spec.Containers[0].Name
}

const controller = "Deployment/aibrix-system/aibrix-controller-manager"

// What the real controllers say when they end stands in the log of a pod that crashes.
func startWith(t *testing.T, c *cluster.Cluster, argument, lastWords string) {
	t.Helper()
	deployment := "/apis/apps/v1/namespaces/aibrix-system/deployments/aibrix-controller-manager"
	var object struct {
		Spec struct {
			Template struct {
				Spec struct{ Containers []cluster.Object }
			}
		}
	}
	if err := c.Admin.Get(limited(t), deployment, &object); err != nil {
		t.Fatal(err)
	}
	object.Spec.Template.Spec.Containers[0]["args"] = []any{"--leader-elect", argument}
	merge(t, c, deployment, cluster.Object{"spec": cluster.Object{"template": cluster.Object{"spec": cluster.Object{
		"containers": object.Spec.Template.Spec.Containers}}}})
	await(t, c, "the controllers ended", func() bool { return strings.Contains(c.LogOf("aibrix-controllers"), lastWords) })
	path, _ := podOf(t, c, "aibrix-system", "control-plane=controller-manager")
	crash(t, c, path, firstContainer(t, c, path), 1)
}

// The real controllers end because of a flag of another release.
func TestLogsOfTheController(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true})
	startWith(t, c, cluster.UnknownFlag, "flag provided but not defined")
	await(t, c, "doctor sees it", func() bool {
		return doctor(t, c.Kubeconfig).explains("VER004 "+controller, []string{"INS005 " + controller})
	})
	title, _ := evidenceOf(t, c).of("VER004")
	_, out, _ := run(t, c.Kubeconfig, "doctor", "-v")
	if !strings.Contains(title, cluster.UnknownFlag) || !strings.Contains(out, "flag provided but not defined: "+cluster.UnknownFlag[1:]) {
		t.Errorf("VER004 is told as %q:\n%s", title, out)
	}
}

// The real controllers end because of a controller that they do not have; doctor reads what they wrote through the real API
// server. An engine's log is a recorded one, of the run before. A user without the right is told so and learns all else.
func TestLogs(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true, Gateway: true})
	serve(t, c, "chat", "llama")
	expect(t, c, nil)
	if len(c.KubeletAsked()) != 0 {
		t.Errorf("logs were read where nothing is wrong: %v", c.KubeletAsked())
	}

	path, name := podOf(t, c, "chat", "model.aibrix.ai/name=llama")
	c.SetLog("chat", name, "vllm", "ERROR 11-28 09:00:00 [core.py:700] torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 896.00 MiB.\n"+
		"token=sk-proj-canarycanarycanarycanary0123456789\n", true)
	crash(t, c, path, "vllm", 1)
	const cause = "MDL006 Deployment/chat/llama"
	await(t, c, "doctor sees it", func() bool { return len(doctor(t, c.Kubeconfig).named("MDL006")) > 0 })
	title, line := evidenceOf(t, c).of("MDL006")
	if !strings.Contains(title, "runs out of GPU memory") || !strings.Contains(line, "CUDA out of memory") {
		t.Errorf("%s is told as %q with %q", cause, title, line)
	}
	for _, asked := range c.KubeletAsked() {
		if !strings.Contains(asked, "previous=true") || !strings.Contains(asked, "tailLines=200") || strings.Contains(asked, "limitBytes") {
			t.Errorf("asked was %s", asked)
		}
	}
	if title, line := evidenceOf(t, c, "--no-logs").of("MDL006"); line != "" || strings.Contains(title, "memory") {
		t.Errorf("--no-logs says %q with %q", title, line)
	}

	t.Run("a controller that does not know what it is told to run", func(t *testing.T) {
		startWith(t, c, "--controllers=model-claim-controler", "invalid controller specified")
		await(t, c, "doctor sees it", func() bool {
			return doctor(t, c.Kubeconfig).explains("INS017 "+controller, []string{"INS005 " + controller})
		})
		title, _ := evidenceOf(t, c).of("INS017")
		_, out, _ := run(t, c.Kubeconfig, "doctor", "-v")
		if !strings.Contains(title, "names model-claim-controler") || !strings.Contains(out, "invalid controller specified") {
			t.Errorf("INS017 is told as %q:\n%s", title, out)
		}
	})

	t.Run("a user without the right", func(t *testing.T) {
		grant(t, c, printedRoles(t, "--for", "user:reader"))
		_, out, _ := run(t, c.Kubeconfig, "doctor", "--context", "reader", "-o", "json")
		var e evidence
		_ = json.Unmarshal([]byte(out), &e)
		title, line := e.of("MDL006")
		if title == "" || line != "" || !strings.Contains(strings.Join(e.Notes, "\n"), "rbac print --with-logs") {
			t.Errorf("%q %q %v", title, line, e.Notes)
		}
		grant(t, c, printedRoles(t, "--for", "user:reader", "--with-logs", "--name", "aibrixctl-logs"))
		await(t, c, "the role has effect", func() bool {
			_, out, _ := run(t, c.Kubeconfig, "doctor", "--context", "reader", "-o", "json")
			var e evidence
			_ = json.Unmarshal([]byte(out), &e)
			_, line := e.of("MDL006")
			return strings.Contains(line, "CUDA out of memory")
		})
	})
	_, out, _ := run(t, c.Kubeconfig, "doctor", "-v")
	_, snapshot, _ := run(t, c.Kubeconfig, "snapshot")
	if strings.Contains(out+snapshot, "canary") || !strings.Contains(snapshot, "CUDA out of memory") {
		t.Errorf("a secret of a log got out, or the log did not:\n%s\nasked were %v", out, c.KubeletAsked())
	}
}

// The real plugin ends without Redis: its last words stand under the finding about Redis.
func TestLogsOfThePlugin(t *testing.T) {
	c := start(t, cluster.Full)
	path, _ := podOf(t, c, "aibrix-system", "app=gateway-plugins")
	container := firstContainer(t, c, path)
	stopped(t, c, "aibrix-system", "aibrix-redis-master", "redis-server")
	remove(t, c, path)
	await(t, c, "the plugin ended", func() bool { return strings.Contains(c.LogOf("aibrix-plugins"), "edis is required") })
	path, _ = podOf(t, c, "aibrix-system", "app=gateway-plugins")
	crash(t, c, path, container, 255)
	await(t, c, "doctor sees it", func() bool {
		return slices.ContainsFunc(doctor(t, c.Kubeconfig).Findings, func(f finding) bool {
			return f.Code == "RED001" && slices.ContainsFunc(f.Also, func(a consequence) bool { return a.Code == "INS010" })
		})
	})
	if title, line := evidenceOf(t, c).of("RED001"); !strings.Contains(line, "connection refused") {
		t.Errorf("RED001 is told as %q with %q", title, line)
	}
}

// What engines answer is asked through the real API server, which sends on nothing of who asks.
func TestProbe(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true, Gateway: true})
	serve(t, c, "chat", "llama")
	apply(t, c, adapterManifest, "NAMESPACE", "chat", "BASE", "llama", "NAME", "sql-lora")
	await(t, c, "the adapter is loaded", func() bool { return c.Engine.Loaded("sql-lora") })
	expect(t, c, nil)
	before := len(c.Engine.Asked())
	const other = "PRB003 Deployment/chat/llama" // the engine of these tests calls itself "base"
	probed := func(want ...string) {
		t.Helper()
		var have []string
		await(t, c, strings.Join(want, ", "), func() bool {
			have = slices.DeleteFunc(doctor(t, c.Kubeconfig, "--probe").errors(), func(line string) bool {
				return !strings.HasPrefix(line, "PRB")
			})
			return slices.Equal(have, want)
		})
	}
	probed(other)
	asked := c.Engine.Asked()
	if len(asked) == before {
		t.Fatal("no engine was asked")
	}
	for _, header := range asked[before:] {
		for name := range header {
			if name == "Authorization" || strings.HasPrefix(name, "Impersonate-") || strings.HasPrefix(name, "X-Remote-") {
				t.Errorf("an engine was sent %s", http.CanonicalHeaderKey(name))
			}
		}
	}
	c.Engine.Forget("sql-lora")
	probed(other, "PRB004 ModelAdapter/chat/sql-lora")
}
