package scenario

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const (
	adapterCollection = "/apis/model.aibrix.ai/v1alpha1/namespaces/%s/modeladapters"
	adapterMark       = "adapter.model.aibrix.ai/finalizer"
	foreignMark       = "example.com/backup"
	orchestration     = "orchestration.aibrix.ai/v1alpha1"
	modelAPI          = "model.aibrix.ai/v1alpha1"
	webhookService    = "aibrix-webhook-service"
)

func named(apiVersion, kind, namespace, name string, more cluster.Object) cluster.Object {
	metadata := cluster.Object{"name": name}
	if namespace != "" {
		metadata["namespace"] = namespace
	}
	o := cluster.Object{"apiVersion": apiVersion, "kind": kind, "metadata": metadata}
	for key, value := range more {
		o[key] = value
	}
	return o
}

func adapterOf(namespace, name string, finalizers ...string) cluster.Object {
	o := named(modelAPI, "ModelAdapter", namespace, name, cluster.Object{"spec": cluster.Object{"baseModel": "m"}})
	o["metadata"].(cluster.Object)["finalizers"] = finalizers
	return o
}

func namespaceOf(name string) cluster.Object { return named("v1", "Namespace", "", name, nil) }

// controllerOf is AIBrix's controller-manager, scaled to 0.
func controllerOf() []cluster.Object {
	labels := cluster.Object{"app": "controller"}
	return []cluster.Object{namespaceOf("aibrix-system"),
		named("apps/v1", "Deployment", "aibrix-system", "aibrix-controller-manager", cluster.Object{"spec": cluster.Object{
			"replicas": 0, "selector": cluster.Object{"matchLabels": labels},
			"template": cluster.Object{"metadata": cluster.Object{"labels": labels}, "spec": cluster.Object{
				"containers": []any{cluster.Object{"name": "manager", "image": "aibrix/controller-manager:v0.7.0"}}}}}})}
}

// fixture starts a cluster with controllers, a state folder for the program, and these objects.
func fixture(t *testing.T, objects ...cluster.Object) *cluster.Cluster {
	t.Helper()
	c := start(t, cluster.Options{Controllers: true})
	if err := c.Admin.Load(limited(t), append(controllerOf(), objects...)); err != nil {
		t.Fatal(err)
	}
	return c
}

func missing(t *testing.T, c *cluster.Cluster, path string) bool {
	t.Helper()
	return cluster.Code(c.Admin.Get(limited(t), path, nil)) == 404
}

// deleting waits until the controllers have marked an object for deletion.
func deleting(t *testing.T, c *cluster.Cluster, path string) {
	t.Helper()
	await(t, c, path+" is marked for deletion", func() bool {
		var o cluster.Object
		err := c.Admin.Get(limited(t), path, &o)
		return err == nil && o["metadata"].(cluster.Object)["deletionTimestamp"] != nil
	})
}

func wantCode(t *testing.T, c *cluster.Cluster, code int, arguments ...string) (string, string) {
	t.Helper()
	have, out, diagnostics := run(t, c.Kubeconfig, arguments...)
	if have != code {
		t.Fatalf("aibrixctl %s: exit %d, want %d\n%s\n%s", strings.Join(arguments, " "), have, code, out, diagnostics)
	}
	return out, diagnostics
}

func wantText(t *testing.T, text string, words ...string) {
	t.Helper()
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("%q is not in:\n%s", word, text)
		}
	}
}

// A stuck namespace with two adapters, one with a foreign finalizer, controller at 0: both ways are named, AIBrix's names
// go, the foreign one stays, and once its owner has acted the namespace disappears.
func TestFixStuckNamespace(t *testing.T) {
	c := fixture(t, namespaceOf("team-a"), adapterOf("team-a", "one", adapterMark),
		adapterOf("team-a", "two", foreignMark, adapterMark))
	remove(t, c, "/api/v1/namespaces/team-a")
	two := fmt.Sprintf(adapterCollection, "team-a") + "/two"
	deleting(t, c, two)
	plan, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "team-a")
	wantText(t, plan, "--restart-controller", foreignMark, "scaled to 0")
	wantCode(t, c, 5, "fix", "finalizers", "--force", "-n", "team-a", "--apply")
	wantCode(t, c, 5, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--yes")
	wantCode(t, c, 5, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=team-b/2 objects")
	if missing(t, c, fmt.Sprintf(adapterCollection, "team-a")+"/one") {
		t.Fatal("an unconfirmed fix has acted")
	}
	out, _ := wantCode(t, c, 7, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=team-a/2 objects")
	wantText(t, out, "is waiting for the owner of example.com")
	var left cluster.Object
	if err := c.Admin.Get(limited(t), two, &left); err != nil {
		t.Fatal(err)
	}
	if finalizers := fmt.Sprint(left["metadata"].(cluster.Object)["finalizers"]); finalizers != "["+foreignMark+"]" {
		t.Errorf("left: %s", finalizers)
	}
	if _, err := c.Admin.Merge(limited(t), two, cluster.Object{"metadata": cluster.Object{"finalizers": nil}}); err != nil {
		t.Fatal(err)
	}
	await(t, c, "namespace team-a is gone", func() bool { return missing(t, c, "/api/v1/namespaces/team-a") })
}

// AIBrix's own namespace deleted with an adapter inside: nothing can be created there any more, so only the strip is
// offered, and after it the namespace is gone.
func TestFixInstallNamespace(t *testing.T) {
	c := fixture(t, adapterOf("aibrix-system", "lora", adapterMark))
	remove(t, c, "/api/v1/namespaces/aibrix-system")
	deleting(t, c, fmt.Sprintf(adapterCollection, "aibrix-system")+"/lora")
	await(t, c, "the Deployment is gone", func() bool {
		return missing(t, c, "/apis/apps/v1/namespaces/aibrix-system/deployments/aibrix-controller-manager")
	})
	plan, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "aibrix-system")
	wantText(t, plan, "cannot come back")
	if strings.Contains(plan, "Try first") {
		t.Errorf("a controller that cannot come back is offered:\n%s", plan)
	}
	wantCode(t, c, 1, "fix", "finalizers", "-n", "aibrix-system", "--restart-controller")
	out, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "aibrix-system", "--apply", "--confirm=lora")
	wantText(t, out, "namespace/aibrix-system: gone")
}

// A stuck StormService: parents first, the children as the garbage collector marks them, all gone.
func TestFixStormServiceChain(t *testing.T) {
	owned := func(kind, name, finalizer, ownerKind, owner string) cluster.Object {
		o := named(orchestration, kind, "default", name, cluster.Object{"spec": cluster.Object{}})
		metadata := o["metadata"].(cluster.Object)
		metadata["finalizers"] = []string{finalizer}
		metadata["uid"] = "recorded-" + name
		if owner != "" {
			metadata["ownerReferences"] = []any{cluster.Object{"apiVersion": orchestration, "kind": ownerKind,
				"name": owner, "uid": "recorded-" + owner, "controller": true, "blockOwnerDeletion": true}}
		}
		return o
	}
	c := fixture(t, owned("StormService", "pd", "orchestration.aibrix.ai/stormservice-finalizer", "", ""),
		owned("RoleSet", "pd-0", "orchestration.aibrix.ai/roleset-finalizer", "StormService", "pd"),
		owned("PodSet", "pd-0-a", "orchestration.aibrix.ai/podset-finalizer", "RoleSet", "pd-0"))
	const base = "/apis/" + orchestration + "/namespaces/default/"
	remove(t, c, base+"stormservices/pd")
	plan, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "default")
	wantText(t, plan, "stormservice/default/pd", "roleset/default/pd-0", "podset/default/pd-0-a", "once it is marked")
	wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "default", "--apply", "--confirm=default/3 objects")
	for _, path := range []string{"stormservices/pd", "rolesets/pd-0", "podsets/pd-0-a"} {
		if !missing(t, c, base+path) {
			t.Errorf("%s is still there", path)
		}
	}
}

// The definition of ModelAdapter deleted while the controller is away: the API server marks the adapter, the strip frees
// both, and the fix waits until the definition is gone too.
func TestFixDefinitionInDeletion(t *testing.T) {
	const definition = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/modeladapters.model.aibrix.ai"
	c := fixture(t, namespaceOf("team-a"), adapterOf("team-a", "one", adapterMark), adapterOf("default", "two", adapterMark))
	remove(t, c, definition)
	deleting(t, c, fmt.Sprintf(adapterCollection, "team-a")+"/one")
	deleting(t, c, fmt.Sprintf(adapterCollection, "default")+"/two")
	found, _ := wantCode(t, c, 1, "doctor", "--only", "FIN*,INS005", "-v")
	wantText(t, found, "FIN011", "FIN002", "Start with: aibrixctl fix finalizers -n default")
	part, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "team-a")
	wantText(t, part, "modeladapters.model.aibrix.ai is also being")
	plan, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces")
	wantText(t, plan, "modeladapters.model.aibrix.ai is also being")
	out, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces", "--apply", "--confirm=2 objects in 2 namespaces")
	wantText(t, out, "customresourcedefinition/modeladapters.model.aibrix.ai: gone")
	if !missing(t, c, definition) {
		t.Error("the definition is still there")
	}
	clean, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces")
	wantText(t, clean, "nothing to change")
}

func failClosed() cluster.Object {
	return named("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "",
		"aibrix-mutating-webhook-configuration", cluster.Object{"webhooks": []any{cluster.Object{
			"name": "mmodeladapter.kb.io", "failurePolicy": "Fail", "sideEffects": "None",
			"admissionReviewVersions": []string{"v1"}, "timeoutSeconds": 2,
			"clientConfig": cluster.Object{"service": cluster.Object{"name": webhookService, "namespace": "aibrix-system",
				"path": "/mutate-model-aibrix-ai-v1alpha1-modeladapter"}},
			"rules": []any{cluster.Object{"apiGroups": []string{"model.aibrix.ai"}, "apiVersions": []string{"v1alpha1"},
				"operations": []string{"CREATE", "UPDATE"}, "resources": []string{"modeladapters"}}}}}})
}

// A fail-closed webhook without a backend: the strip says what blocks it; after fix webhooks it works; undo puts the
// policy back.
func TestFixWebhook(t *testing.T) {
	c := fixture(t, namespaceOf("team-a"), adapterOf("team-a", "one", adapterMark), failClosed())
	one := fmt.Sprintf(adapterCollection, "team-a") + "/one"
	remove(t, c, one)
	blocked, _ := wantCode(t, c, 1, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=one")
	wantText(t, blocked, "mmodeladapter.kb.io", "aibrixctl fix webhooks --apply")
	wantCode(t, c, 0, "fix", "webhooks", "--apply", "--yes")
	policy := func() string {
		var configuration struct {
			Webhooks []struct{ FailurePolicy string }
		}
		const path = "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/aibrix-mutating-webhook-configuration"
		if err := c.Admin.Get(limited(t), path, &configuration); err != nil {
			t.Fatal(err)
		}
		return configuration.Webhooks[0].FailurePolicy
	}
	if policy() != "Ignore" {
		t.Fatalf("failurePolicy is %s", policy())
	}
	// The API server reads its webhooks anew within a second or so.
	await(t, c, "the strip works", func() bool {
		code, _, _ := run(t, c.Kubeconfig, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm=one")
		return code == 0
	})
	if !missing(t, c, one) {
		t.Error("the adapter is still there")
	}
	runs, _ := wantCode(t, c, 0, "undo")
	id := ""
	for _, line := range strings.Split(runs, "\n") {
		if strings.Contains(line, "webhooks") {
			id = strings.Fields(line)[0]
		}
	}
	undone, _ := wantCode(t, c, 0, "undo", id, "--apply", "--yes")
	wantText(t, undone, "WH001 is found now")
	if policy() != "Fail" {
		t.Errorf("after undo failurePolicy is %s", policy())
	}
}

// What moved between plan and apply is refused and named: an object made anew, a list that has changed.
func TestFixRefusesWhatMoved(t *testing.T) {
	c := fixture(t, namespaceOf("team-a"), adapterOf("team-a", "anew", adapterMark), adapterOf("team-a", "list", "a.example/x", adapterMark))
	base := fmt.Sprintf(adapterCollection, "team-a")
	remove(t, c, base+"/anew")
	remove(t, c, base+"/list")
	document, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "team-a", "-o", "json")
	file := filepath.Join(t.TempDir(), "plan.json")
	if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"anew", "list"} {
		finalizers := []string{}
		if name == "list" {
			finalizers = []string{adapterMark}
		}
		if _, err := c.Admin.Merge(limited(t), base+"/"+name, cluster.Object{"metadata": cluster.Object{"finalizers": finalizers}}); err != nil {
			t.Fatal(err)
		}
	}
	await(t, c, "the first one is gone", func() bool { return missing(t, c, base+"/anew") })
	if _, err := c.Admin.Create(limited(t), base, adapterOf("team-a", "anew", adapterMark)); err != nil {
		t.Fatal(err)
	}
	remove(t, c, base+"/anew")
	_, diagnostics := wantCode(t, c, 1, "fix", "--plan", file, "--apply", "--confirm=team-a/2 objects")
	wantText(t, diagnostics, "ModelAdapter team-a/anew: it was re-created since",
		"ModelAdapter team-a/list: what is to be changed on it has changed")
	if missing(t, c, base+"/anew") || missing(t, c, base+"/list") {
		t.Error("a refused plan has acted")
	}
}

// A user who may only read gets the plan; apply names the missing right before it asks anything.
func TestFixReadOnlyUser(t *testing.T) {
	c := fixture(t, namespaceOf("team-a"), adapterOf("team-a", "one", adapterMark))
	remove(t, c, fmt.Sprintf(adapterCollection, "team-a")+"/one")
	allow(t, c, "reader", cluster.Object{"apiGroups": []string{"*"}, "resources": []string{"*"}, "verbs": []string{"get", "list"}})
	plan, _ := wantCode(t, c, 4, "fix", "finalizers", "--force", "-n", "team-a", "--context", "reader", "--exit-code")
	wantText(t, plan, "modeladapter/team-a/one")
	_, diagnostics := wantCode(t, c, 3, "fix", "finalizers", "--force", "-n", "team-a", "--context", "reader", "--apply")
	wantText(t, diagnostics, "reader may not patch modeladapters.model.aibrix.ai in namespace team-a")
}

// Killed at any moment, the journal tells the truth, and running it again completes the work.
func TestFixKilled(t *testing.T) {
	const count, kills = 480, 20
	objects := []cluster.Object{namespaceOf("team-a")}
	for i := range count {
		objects = append(objects, adapterOf("team-a", fmt.Sprintf("lora-%03d", i), adapterMark))
	}
	c := fixture(t, objects...)
	base := fmt.Sprintf(adapterCollection, "team-a")
	for i := range count {
		remove(t, c, fmt.Sprintf("%s/lora-%03d", base, i))
	}
	killed := 0
	for range kills {
		if killAfterResults(t, c, rand.IntN(count/kills)) {
			killed++
		}
		compareJournal(t, c, base)
	}
	if killed < kills/2 {
		t.Errorf("only %d of %d runs were killed in the middle", killed, kills)
	}
	list, _ := wantCode(t, c, 0, "undo")
	wantText(t, list, "was cut off")
	code, out, diagnostics := run(t, c.Kubeconfig, "fix", "finalizers", "--force", "-n", "team-a", "-o", "json")
	var plan struct {
		Steps   []any
		Confirm string
	}
	if err := json.Unmarshal([]byte(out), &plan); err != nil {
		t.Fatalf("exit %d, %v\n%s", code, err, diagnostics)
	}
	if len(plan.Steps) > 0 {
		again, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "team-a")
		wantText(t, again, "of this fix was cut off after")
		wantCode(t, c, 0, "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm="+plan.Confirm)
	}
	var left struct{ Items []any }
	if err := c.Admin.Get(limited(t), base, &left); err != nil || len(left.Items) != 0 {
		t.Errorf("%d adapters are left: %v", len(left.Items), err)
	}
}

func runsFolder() string { return filepath.Join(os.Getenv("XDG_STATE_HOME"), "aibrixctl", "runs") }

// killAfterResults applies the fix and kills the program once its journal has so many results; false: it was faster.
func killAfterResults(t *testing.T, c *cluster.Cluster, results int) bool {
	_, out, _ := run(t, c.Kubeconfig, "fix", "finalizers", "--force", "-n", "team-a", "-o", "json")
	var plan struct{ Confirm string }
	if json.Unmarshal([]byte(out), &plan) != nil || plan.Confirm == "" {
		return false
	}
	before, _ := filepath.Glob(filepath.Join(runsFolder(), "*"))
	command := exec.CommandContext(limited(t), os.Getenv("AIBRIXCTL"), "fix", "finalizers", "--force", "-n", "team-a", "--apply", "--confirm="+plan.Confirm)
	command.Env = append(os.Environ(), "KUBECONFIG="+c.Kubeconfig, "NO_COLOR=1")
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	for {
		select {
		case <-ended:
			return false
		case <-time.After(200 * time.Microsecond):
		}
		now, _ := filepath.Glob(filepath.Join(runsFolder(), "*"))
		if len(now) <= len(before) {
			continue
		}
		text, _ := os.ReadFile(filepath.Join(now[len(now)-1], "journal.jsonl"))
		if strings.Count(string(text), `"result"`) >= results {
			_ = command.Process.Kill()
			<-ended
			return true
		}
	}
}

// compareJournal holds the last journal against the cluster: what it calls done is gone, what it does not mention is
// there as it was.
func compareJournal(t *testing.T, c *cluster.Cluster, base string) {
	t.Helper()
	runs, _ := filepath.Glob(filepath.Join(runsFolder(), "*"))
	if len(runs) == 0 {
		return
	}
	folder := runs[len(runs)-1]
	var plan struct {
		Steps []struct{ Object struct{ Name string } }
	}
	document, err := os.ReadFile(filepath.Join(folder, "plan.json"))
	if err != nil || json.Unmarshal(document, &plan) != nil {
		return // killed before the journal began: then nothing was sent
	}
	intended, done := map[string]bool{}, map[string]bool{}
	file, err := os.Open(filepath.Join(folder, "journal.jsonl"))
	if err != nil {
		return
	}
	defer file.Close()
	for lines := bufio.NewScanner(file); lines.Scan(); {
		var line struct{ Event, Object, State string }
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue
		}
		name := line.Object[strings.LastIndex(line.Object, "/")+1:]
		intended[name] = intended[name] || line.Event == "intend"
		done[name] = done[name] || line.State == "done"
	}
	for _, step := range plan.Steps {
		name := step.Object.Name
		absent := missing(t, c, base+"/"+name)
		if done[name] && !absent {
			t.Errorf("%s: the journal says done, but it is there", name)
		}
		if !intended[name] && absent {
			t.Errorf("%s: it is gone, and the journal does not know", name)
		}
	}
}

// Five hundred stuck adapters in 20 namespaces: one plan, one phrase.
func TestFixFiveHundred(t *testing.T) {
	var objects []cluster.Object
	for n := range 20 {
		namespace := fmt.Sprintf("team-%02d", n)
		objects = append(objects, namespaceOf(namespace))
		for i := range 25 {
			objects = append(objects, adapterOf(namespace, fmt.Sprintf("lora-%02d", i), adapterMark))
		}
	}
	c := fixture(t, objects...)
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	for n := range 20 {
		for i := range 25 {
			path := fmt.Sprintf(adapterCollection+"/lora-%02d", fmt.Sprintf("team-%02d", n), i)
			if err := c.Admin.Delete(ctx, path); err != nil {
				t.Fatal(err)
			}
		}
	}
	out, _ := wantCode(t, c, 0, "fix", "finalizers", "--force", "--all-namespaces", "--apply", "--confirm=500 objects in 20 namespaces")
	wantText(t, out, "500 of 500 steps applied")
}
