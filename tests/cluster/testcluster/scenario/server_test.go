package scenario

import (
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// between is a kubeconfig of the admin through a proxy that shows each request to before.
func between(t *testing.T, c *cluster.Cluster, before func(*http.Request)) string {
	t.Helper()
	server, stop, err := c.Between(before)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
	login, err := c.AdminLogin()
	if err != nil {
		t.Fatal(err)
	}
	return kubeconfig(t, c, server, login)
}

// Doctor says the same whether the API server answers in protobuf or, behind a proxy that strips that wish, in JSON: about
// whole clusters, and to users who are refused most of it or all.
func TestProtobufAndJSONAgree(t *testing.T) {
	for _, file := range recordings(t) {
		t.Run(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), func(t *testing.T) {
			c := start(t, cluster.Options{})
			load(t, c, file)
			fillWithPods(t, c, 600) // two pages
			allow(t, c, "pods-only", cluster.Object{"apiGroups": []string{""}, "resources": []string{"pods"},
				"verbs": []string{"get", "list"}})
			const protobuf = "application/vnd.kubernetes.protobuf"
			var asked atomic.Int64
			server := c.Kubeconfig
			stripped := between(t, c, func(request *http.Request) {
				if strings.Contains(request.Header.Get("Accept"), protobuf) {
					asked.Add(1)
					request.Header.Set("Accept", "application/json")
				}
			})
			for _, who := range [][]string{{}, {"--as", "pods-only"}} {
				have, want := doctor(t, server, who...), doctor(t, stripped, who...)
				equal(t, fmt.Sprint("findings in JSON ", who), want.summary(), have.summary())
				equal(t, fmt.Sprint("outcomes in JSON ", who), want.outcomes(), have.outcomes())
			}
			if asked.Load() < 10 {
				t.Errorf("protobuf was asked for %d times", asked.Load())
			}
			_, _, have := run(t, server, "doctor", "--as", "nobody")
			_, _, want := run(t, stripped, "doctor", "--as", "nobody")
			_, haveWhy, _ := strings.Cut(have, " does not permit ")
			_, wantWhy, _ := strings.Cut(want, " does not permit ")
			if haveWhy != wantWhy || haveWhy == "" {
				t.Errorf("a user who may read nothing is told\n%s\nand in JSON\n%s", have, want)
			}
		})
	}
}

// A list's continue token that expires between two pages (410): the list is read again from the start, and the report is
// the same. When that happens each time, what needs the list is said not to be checked.
func TestListExpires(t *testing.T) {
	// Otherwise the API server answers from memory what etcd has forgotten.
	c := start(t, cluster.Options{APIServerFlags: []string{"--feature-gates=ListFromCacheSnapshot=false"}})
	load(t, c, recordings(t)[0])
	fillWithPods(t, c, 1100)
	want := doctor(t, c.Kubeconfig)
	expired := 0
	var lock sync.Mutex
	expire := func(request *http.Request, most int) {
		if request.URL.Query().Get("continue") == "" || !strings.HasSuffix(request.URL.Path, "/pods") {
			return
		}
		lock.Lock()
		defer lock.Unlock()
		if expired++; expired > most {
			return
		}
		apply(t, c, fmt.Sprintf("{apiVersion: v1, kind: ConfigMap, metadata: {name: later-%d, namespace: default}}", expired))
		if err := c.Admin.Compact(limited(t)); err != nil {
			t.Error(err)
		}
	}
	once := doctor(t, between(t, c, func(request *http.Request) { expire(request, 1) }))
	if expired < 2 {
		t.Errorf("only %d further pages were asked for: nothing expired", expired)
	}
	equal(t, "findings of a run in which a list expired", once.summary(), want.summary())
	equal(t, "outcomes of a run in which a list expired", once.outcomes(), want.outcomes())

	always := doctor(t, between(t, c, func(request *http.Request) { expire(request, 1000) }), "--require-complete")
	if always.ExitCode != 3 && always.ExitCode != 1 {
		t.Errorf("exit code %d", always.ExitCode)
	}
	for _, check := range always.Checks {
		if check.Code == "MDL006" && check.Outcome == "ok" {
			t.Error("pods are said to be right though they were not all read")
		}
	}
}

func (r report) outcomes() []string {
	var lines []string
	for _, check := range r.Checks {
		lines = append(lines, check.Code+" "+check.Outcome)
	}
	return lines
}

func fillWithPods(t *testing.T, c *cluster.Cluster, count int) {
	t.Helper()
	apply(t, c, "{apiVersion: v1, kind: Namespace, metadata: {name: many}}")
	pod := cluster.Object{"apiVersion": "v1", "kind": "Pod", "metadata": cluster.Object{"generateName": "pod-"},
		"spec": cluster.Object{"containers": []any{cluster.Object{"name": "main", "image": "busybox:1.36"}}}}
	for range count {
		if _, err := c.Admin.Create(limited(t), "/api/v1/namespaces/many/pods", pod); err != nil {
			t.Fatal(err)
		}
	}
}

// An API server that is restarted while doctor reads: if connections wait for it, as behind a load balancer, the report is
// complete; if it stays away, doctor says that it is not.
func TestServerRestarts(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, recordings(t)[0])
	fillWithPods(t, c, 600)
	want := doctor(t, c.Kubeconfig)
	login, err := c.AdminLogin()
	if err != nil {
		t.Fatal(err)
	}
	// The first connection is cut after the discovery answers and some lists.
	wire := func(after func()) string {
		server, stop, err := c.Wire(200_000, after)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(stop)
		return kubeconfig(t, c, server, login)
	}
	var restart func() error
	var once sync.Once
	without := wire(func() { once.Do(func() { restart = c.KillAPIServer() }) })
	partly := doctor(t, without, "--require-complete")
	if restart == nil {
		t.Fatalf("the server was not stopped while doctor read:\n%s", partly.text())
	}
	if partly.ExitCode == 0 || partly.Run.Complete {
		t.Errorf("the server went away, yet doctor exits with %d and says complete: %t", partly.ExitCode, partly.Run.Complete)
	}
	for _, f := range partly.Findings { // what was read is true, but why it is so may not have been
		object := f.Object.String()
		if f.Level == "error" && !slices.ContainsFunc(want.summary(), func(known string) bool { return strings.Contains(known, object) }) {
			t.Errorf("invented: %s %s", f.Code, object)
		}
	}
	if code, out, text := run(t, without, "doctor", "-o", "json"); code != 3 || !strings.Contains(out, `"kind": "Error"`) {
		t.Errorf("no server at all: exit code %d\n%s\n%s", code, out, text)
	}
	if err := restart(); err != nil {
		t.Fatal(err)
	}
	var again sync.Once
	r := doctor(t, wire(func() {
		again.Do(func() {
			if err := c.KillAPIServer()(); err != nil {
				t.Error(err)
			}
		})
	}))
	equal(t, "findings of a run in which the server was restarted", r.summary(), want.summary())
}

// API priority and fairness turns most of a user's requests away (429): doctor waits as it is told, and misses nothing.
func TestThrottled(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, recordings(t)[0])
	allow(t, c, "reader", cluster.Object{"apiGroups": []string{"*"}, "resources": []string{"*"}, "verbs": []string{"list", "get"}})
	want := doctor(t, c.Kubeconfig)
	apply(t, c, `
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: PriorityLevelConfiguration
metadata: {name: nobody}
spec:
  type: Limited
  limited: {nominalConcurrencyShares: 0, lendablePercent: 0, borrowingLimitPercent: 0, limitResponse: {type: Reject}}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata: {name: reader}
spec:
  priorityLevelConfiguration: {name: nobody}
  matchingPrecedence: 10
  rules:
  - subjects: [{kind: User, user: {name: reader}}]
    resourceRules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"], clusterScope: true, namespaces: ["*"]}]
    nonResourceRules: [{nonResourceURLs: ["*"], verbs: ["*"]}]
`)
	// Its requests may come one at a time now, and doctor sends many at once. It is told to come back after a second.
	done := make(chan report)
	go func() { done <- doctor(t, c.Kubeconfig, "--context", "reader") }()
	await(t, c, "the API server has turned some away", func() bool { return rejected(t, c) > 0 })
	merge(t, c, "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations/nobody",
		cluster.Object{"spec": cluster.Object{"limited": cluster.Object{"nominalConcurrencyShares": 100}}})
	equal(t, "findings of a run that was turned away at first", (<-done).summary(), want.summary())
}

// rejected is how many requests priority level "nobody" has refused.
func rejected(t *testing.T, c *cluster.Cluster) int {
	t.Helper()
	var metrics string
	if err := c.Admin.Get(limited(t), "/metrics", &metrics); err != nil {
		t.Fatal(err)
	}
	total := 0
	for _, line := range strings.Split(metrics, "\n") {
		if strings.HasPrefix(line, "apiserver_flowcontrol_rejected_requests_total{") && strings.Contains(line, `priority_level="nobody"`) {
			count, _ := strconv.Atoi(line[strings.LastIndex(line, " ")+1:])
			total += count
		}
	}
	return total
}

// A kind that is deleted while doctor reads: what needs it is not called right, and nothing is invented.
func TestDefinitionRemoved(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, healthy(t))
	before := doctor(t, c.Kubeconfig)
	equal(t, "errors of a healthy cluster", before.errors(), nil)
	const name = "httproutes.gateway.networking.k8s.io"
	var once sync.Once
	r := doctor(t, between(t, c, func(request *http.Request) {
		if !strings.HasSuffix(request.URL.Path, "/httproutes") {
			return
		}
		once.Do(func() {
			remove(t, c, "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/"+name)
			gone(t, c, "/apis/gateway.networking.k8s.io/v1/httproutes")
		})
	}))
	for _, check := range r.Checks {
		if slices.Contains([]string{"MDL013", "MDL014", "REF001"}, check.Code) && check.Outcome == "ok" {
			t.Errorf("%s is called ok though no HTTPRoute could be read", check.Code)
		}
	}
	for _, f := range r.Findings {
		if f.Level == "error" && strings.HasPrefix(f.Code, "MDL") {
			t.Errorf("invented: %s %s %s", f.Code, f.Object, f.Title)
		}
	}
}
