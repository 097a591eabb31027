package scenario

import (
	"encoding/json"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const rbacPath = "/apis/rbac.authorization.k8s.io/v1"

// rule is one rule of a role; the JSON of `rbac print` is read into it and written back from it.
type rule struct {
	APIGroups     []string `json:"apiGroups"`
	Resources     []string `json:"resources"`
	ResourceNames []string `json:"resourceNames,omitempty"`
	Verbs         []string `json:"verbs"`
}

type role struct {
	APIVersion string         `json:"apiVersion"`
	Kind       string         `json:"kind"`
	Metadata   cluster.Object `json:"metadata"`
	Rules      []rule         `json:"rules,omitempty"`
	RoleRef    cluster.Object `json:"roleRef,omitempty"`
	Subjects   []any          `json:"subjects,omitempty"`
}

func (r role) namespace() string { return text(r.Metadata["namespace"]) }

func (r role) collection() string {
	if r.namespace() == "" {
		return rbacPath + "/" + strings.ToLower(r.Kind) + "s"
	}
	return rbacPath + "/namespaces/" + r.namespace() + "/" + strings.ToLower(r.Kind) + "s"
}

func (r role) object() cluster.Object {
	encoded, _ := json.Marshal(r)
	var object cluster.Object
	_ = json.Unmarshal(encoded, &object)
	return object
}

func printedRoles(t *testing.T, arguments ...string) []role {
	t.Helper()
	code, out, diagnostics := run(t, "", append([]string{"rbac", "print", "-o", "json"}, arguments...)...)
	var list struct{ Items []role }
	if err := json.Unmarshal([]byte(out), &list); err != nil || code != 0 || len(list.Items) == 0 {
		t.Fatalf("rbac print %v: exit %d, %v\n%s", arguments, code, err, diagnostics)
	}
	return list.Items
}

// grant creates what rbac print printed, and the namespaces of its Roles.
func grant(t *testing.T, c *cluster.Cluster, roles []role) {
	t.Helper()
	for _, r := range roles {
		if r.namespace() != "" {
			made := cluster.Object{"metadata": cluster.Object{"name": r.namespace()}}
			if _, err := c.Admin.Create(limited(t), "/api/v1/namespaces", made); err != nil && cluster.Code(err) != 409 {
				t.Fatal(err)
			}
		}
		if _, err := c.Admin.Create(limited(t), r.collection(), r.object()); err != nil {
			t.Fatal(err)
		}
	}
}

// defineMissing defines the kinds of the roles that the recording did not bring: a right to a kind that the cluster does
// not have is not missed by anybody.
func defineMissing(t *testing.T, c *cluster.Cluster, roles []role) {
	t.Helper()
	for _, r := range roles {
		for _, rule := range r.Rules {
			for _, plural := range rule.Resources {
				if err := c.Admin.DefineKind(limited(t), rule.APIGroups[0], plural); err != nil {
					t.Fatalf("%s.%s: %v", plural, rule.APIGroups[0], err)
				}
			}
		}
	}
}

// unreadable lists the checks that a report calls skipped for want of a right, with the kinds it says are missing.
func unreadable(t *testing.T, out string) map[string][]string {
	t.Helper()
	var r struct {
		Notes  []string
		Checks []struct {
			Code, Outcome, Reason string
			MissingAccess         []struct{ Verb, Group, Resource string }
		}
	}
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	skipped := map[string][]string{}
	for _, check := range r.Checks {
		if check.Reason != "no-permission" {
			continue
		}
		if check.Outcome != "skipped" {
			t.Errorf("%s is %s without permission", check.Code, check.Outcome)
		}
		skipped[check.Code] = []string{}
		for _, a := range check.MissingAccess {
			skipped[check.Code] = append(skipped[check.Code], a.Verb+" "+a.Resource+"."+a.Group)
		}
	}
	return skipped
}

// needers is what `rbac print -v` says: the checks that are skipped without a kind, by "plural.group".
func needers(t *testing.T) map[string][]string {
	t.Helper()
	_, out, _ := run(t, "", "rbac", "print", "-v")
	found := map[string][]string{}
	out = strings.ReplaceAll(out, "\n#   ", " ") // long comments go on below
	for _, line := range strings.Split(out, "\n") {
		comment, isComment := strings.CutPrefix(line, "# ")
		if !isComment {
			continue
		}
		kind, codes, _ := strings.Cut(comment, ": ")
		if !strings.Contains(kind, ".") {
			kind += "."
		}
		found[kind] = nil
		if codes, needed := strings.CutPrefix(codes, "for "); needed {
			codes, _, _ = strings.Cut(codes, ";")
			found[kind] = strings.Split(codes, ", ")
			slices.Sort(found[kind])
		}
	}
	return found
}

func asReader(t *testing.T, c *cluster.Cluster, arguments ...string) string {
	t.Helper()
	_, out, _ := run(t, c.Kubeconfig, append([]string{"doctor", "--context", "reader", "-o", "json"}, arguments...)...)
	return out
}

// settle waits until the authorizer, which learns of roles a moment later, lets the reader read a path or not.
func settle(t *testing.T, reader *cluster.Client, path string, allowed bool) {
	t.Helper()
	for range 200 {
		err := reader.Get(limited(t), path, nil)
		if err != nil && cluster.Code(err) != 403 {
			t.Fatal(err)
		}
		if (err == nil) == allowed {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: a changed role has no effect", path)
}

func brokenCluster(t *testing.T, c *cluster.Cluster) {
	t.Helper()
	load(t, c, filepath.Join("..", "..", "..", "..", "examples", "broken-cluster", "cluster.yaml"))
}

// With the printed roles nothing is skipped for want of a right, and the report is the admin's; with any one kind taken
// out of them exactly those checks are skipped that rbac print names, and they say which right they lack.
func TestRbacPrintIsEnoughAndNotTooMuch(t *testing.T) {
	c := start(t, cluster.Options{})
	brokenCluster(t, c)
	roles := printedRoles(t, "--for", "user:reader")
	defineMissing(t, c, roles)
	grant(t, c, roles)
	reader, err := c.Client("reader")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, reader, "/api/v1/pods", true)
	settle(t, reader, "/apis/coordination.k8s.io/v1/namespaces/aibrix-system/leases", true)
	settle(t, reader, "/apis/coordination.k8s.io/v1/namespaces/envoy-gateway-system/leases", true)
	out := asReader(t, c)
	if skipped := unreadable(t, out); len(skipped) > 0 {
		t.Errorf("with all printed roles these are skipped: %v", skipped)
	}
	var mine report
	if err := json.Unmarshal([]byte(out), &mine); err != nil {
		t.Fatal(err)
	}
	equal(t, "the admin's report", doctor(t, c.Kubeconfig).summary(), mine.summary())
	if strings.Contains(out, "second time") {
		t.Error("what errors rest on could not be read again")
	}
	needed := needers(t)
	tried := map[string]bool{}
	for _, r := range roles {
		for _, rule := range r.Rules {
			for _, plural := range rule.Resources {
				kind := plural + "." + rule.APIGroups[0]
				if _, named := needed[kind]; !named {
					t.Errorf("rbac print -v does not say who needs %s", kind)
				}
				if !tried[kind] {
					without(t, c, reader, roles, needed[kind], kind)
				}
				tried[kind] = true
			}
		}
	}
	if len(tried) < 30 {
		t.Errorf("only %d kinds were tried", len(tried))
	}
}

// without takes one kind out of every role, compares, and puts it back.
func without(t *testing.T, c *cluster.Cluster, reader *cluster.Client, roles []role, needed []string, kind string) {
	t.Helper()
	plural, group, _ := strings.Cut(kind, ".")
	var paths []string
	for _, r := range roles {
		reduced := r
		reduced.Rules = nil
		before := len(paths)
		for _, rule := range r.Rules {
			at := slices.Index(rule.Resources, plural)
			if at >= 0 && rule.APIGroups[0] == group {
				paths = append(paths, listPath(t, c, group, plural, r.namespace(), rule.ResourceNames))
				rule.Resources = slices.Delete(slices.Clone(rule.Resources), at, at+1)
			}
			if len(rule.Resources) > 0 {
				reduced.Rules = append(reduced.Rules, rule)
			}
		}
		if len(paths) > before {
			replaceRole(t, c, reduced)
			defer func() {
				replaceRole(t, c, r)
				settle(t, reader, paths[before], true)
			}()
			settle(t, reader, paths[before], false)
		}
	}
	skipped := unreadable(t, asReader(t, c))
	codes := slices.Sorted(maps.Keys(skipped))
	if !slices.Equal(codes, needed) {
		t.Errorf("without %s these are skipped:\n%v\nbut rbac print names\n%v", kind, codes, needed)
	}
	for code, missing := range skipped {
		if !slices.Equal(missing, []string{"list " + kind}) {
			t.Errorf("without %s, %s says that it lacks %v", kind, code, missing)
		}
	}
}

func listPath(t *testing.T, c *cluster.Cluster, group, plural, namespace string, names []string) string {
	t.Helper()
	path := "/api/v1"
	if group != "" {
		version, err := c.Admin.VersionOf(limited(t), group, plural)
		if err != nil {
			t.Fatal(err)
		}
		path = "/apis/" + group + "/" + version
	}
	if namespace != "" {
		path += "/namespaces/" + namespace
	}
	path += "/" + plural + "?limit=1"
	if len(names) == 1 {
		path += "&fieldSelector=metadata.name%3D" + names[0]
	}
	return path
}

func replaceRole(t *testing.T, c *cluster.Cluster, r role) {
	t.Helper()
	if _, err := c.Admin.Replace(limited(t), r.collection()+"/"+text(r.Metadata["name"]), r.object()); err != nil {
		t.Fatal(err)
	}
}

// Without the right to get, nothing is skipped, but the report says that errors were not read a second time.
func TestRbacPrintNeedsGet(t *testing.T) {
	c := start(t, cluster.Options{})
	brokenCluster(t, c)
	roles := printedRoles(t, "--for", "user:reader")
	for i := range roles {
		for j := range roles[i].Rules {
			roles[i].Rules[j].Verbs = []string{"list"}
		}
	}
	grant(t, c, roles)
	reader, err := c.Client("reader")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, reader, "/api/v1/pods?limit=1", true)
	out := asReader(t, c)
	if skipped := unreadable(t, out); len(skipped) > 0 {
		t.Errorf("these are skipped: %v", skipped)
	}
	if !strings.Contains(out, "could not be read a second time: ") {
		t.Error("nothing is said about what could not be read again")
	}
}

// With -n, Roles in the workloads' and the install's namespaces take the place of most of the ClusterRole.
func TestRbacPrintForNamespaces(t *testing.T) {
	c := start(t, cluster.Options{})
	brokenCluster(t, c)
	var deployments struct {
		Items []struct{ Metadata struct{ Namespace string } }
	}
	if err := c.Admin.Get(limited(t), "/apis/apps/v1/deployments?labelSelector=model.aibrix.ai%2Fname", &deployments); err != nil {
		t.Fatal(err)
	}
	own := ""
	for _, item := range deployments.Items {
		var namespace struct{ Status struct{ Phase string } }
		if err := c.Admin.Get(limited(t), "/api/v1/namespaces/"+item.Metadata.Namespace, &namespace); err != nil {
			t.Fatal(err)
		}
		if namespace.Status.Phase == "Active" { // one that is being deleted takes no Roles
			own = item.Metadata.Namespace
		}
	}
	if own == "" {
		t.Fatal("the example has no model in a living namespace")
	}
	roles := printedRoles(t, "--for", "user:reader", "-n", own)
	grant(t, c, roles)
	reader, err := c.Client("reader")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, reader, "/api/v1/nodes?limit=1", true)
	settle(t, reader, "/api/v1/namespaces/"+own+"/pods?limit=1", true)
	settle(t, reader, "/api/v1/namespaces/aibrix-system/pods?limit=1", true)
	settle(t, reader, "/api/v1/namespaces/envoy-gateway-system/pods?limit=1", true)
	settle(t, reader, "/api/v1/pods?limit=1", false)
	out := asReader(t, c, "-n", own)
	if skipped := unreadable(t, out); len(skipped) > 0 {
		t.Errorf("with all printed roles these are skipped: %v", skipped)
	}
	var mine report
	if err := json.Unmarshal([]byte(out), &mine); err != nil {
		t.Fatal(err)
	}
	equal(t, "the admin's report", doctor(t, c.Kubeconfig, "-n", own).summary(), mine.summary())
}

// With the roles of `rbac print fix referencegrants` the fix can be applied; without one of its verbs it says, before it
// asks anything, which right is missing, and changes nothing.
func TestRbacPrintForFix(t *testing.T) {
	c := start(t, cluster.Options{})
	load(t, c, filepath.Join("..", "..", "..", "..", "examples", "healthy-cluster", "cluster.yaml"))
	const grants = "/apis/gateway.networking.k8s.io/v1beta1/namespaces/chat/referencegrants"
	if err := c.Admin.Delete(limited(t), grants+"/aibrix-system-reserved-referencegrant-in-chat"); err != nil {
		t.Fatal(err)
	}
	arguments := []string{"fix", "referencegrants", "--all-namespaces", "--apply", "--yes", "--wait", "1s", "--context", "reader"}
	roles := printedRoles(t, "fix", "referencegrants", "--for", "user:reader")
	grant(t, c, roles)
	reader, err := c.Client("reader")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, reader, "/apis/gateway.networking.k8s.io/v1beta1/referencegrants?limit=1", true)
	for _, r := range roles {
		reduced := r
		reduced.Rules = nil
		for _, rule := range r.Rules {
			rule.Verbs = slices.DeleteFunc(slices.Clone(rule.Verbs), func(verb string) bool { return verb == "create" })
			reduced.Rules = append(reduced.Rules, rule)
		}
		if r.RoleRef == nil {
			replaceRole(t, c, reduced)
		}
	}
	settleVerb(t, reader, grants, false)
	code, out, diagnostics := run(t, c.Kubeconfig, arguments...)
	if code == 0 || !strings.Contains(out+diagnostics, "may not create referencegrants") {
		t.Errorf("without create: exit %d\n%s\n%s", code, out, diagnostics)
	}
	var made struct{ Items []any }
	if err := c.Admin.Get(limited(t), grants, &made); err != nil || len(made.Items) > 0 {
		t.Errorf("without create: %v, %v", made.Items, err)
	}
	for _, r := range roles {
		if r.RoleRef == nil {
			replaceRole(t, c, r)
		}
	}
	settleVerb(t, reader, grants, true)
	code, out, diagnostics = run(t, c.Kubeconfig, arguments...)
	if err := c.Admin.Get(limited(t), grants, &made); err != nil || len(made.Items) != 1 {
		t.Errorf("with all printed roles: exit %d, %v, %v\n%s\n%s", code, made.Items, err, out, diagnostics)
	}
}

// settleVerb waits until the reader may create in a collection, or not; it asks with a dry run.
func settleVerb(t *testing.T, reader *cluster.Client, collection string, allowed bool) {
	t.Helper()
	probe := cluster.Object{"apiVersion": "gateway.networking.k8s.io/v1beta1", "kind": "ReferenceGrant",
		"metadata": cluster.Object{"name": "probe"}, "spec": cluster.Object{}}
	for range 200 {
		_, err := reader.Create(limited(t), collection+"?dryRun=All", probe)
		if (cluster.Code(err) != 403) == allowed {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("%s: a changed role has no effect", collection)
}

// With the roles of `rbac print endpoint test --via api-server` the requests go through, to the real Envoy. Without the
// proxy's get there is no GET and without its create no POST, each told from an answer of the gateway; without a right to
// list Services there is no address. Nothing else is given.
func TestRbacPrintForEndpoint(t *testing.T) {
	c := start(t, cluster.Full)
	serve(t, c, "chat", "llama")
	answers(t, c, "llama", 200, 200)
	envoyNode(t, c)
	roles := printedRoles(t, "endpoint", "test", "--via", "api-server", "--for", "user:reader")
	grant(t, c, roles)
	reader, err := c.Client("reader")
	if err != nil {
		t.Fatal(err)
	}
	settle(t, reader, "/apis/gateway.networking.k8s.io/v1/gatewayclasses?limit=1", true)
	models := []string{"endpoint", "test", "--via", "api-server", "--context", "reader"}
	completion := append(slices.Clone(models), "llama")
	const proxy = gatewayService + ":80/proxy/v1/models"
	settle(t, reader, proxy, true)
	exits := func(what string, code int, says string, arguments []string) {
		t.Helper()
		have, out, diagnostics := run(t, c.Kubeconfig, arguments...)
		if have != code || !strings.Contains(out+diagnostics, says) {
			t.Errorf("%s: exit %d, expected %d and %q\n%s%s", what, have, code, says, out, diagnostics)
		}
	}
	exits("with all printed roles", 0, "", models)
	exits("with all printed roles", 0, "", completion)
	change := func(resource, verb string) {
		for _, r := range roles {
			if r.RoleRef != nil {
				continue
			}
			reduced := r
			reduced.Rules = nil
			for _, rule := range r.Rules {
				if slices.Contains(rule.Resources, resource) {
					rule.Verbs = slices.DeleteFunc(slices.Clone(rule.Verbs), func(v string) bool { return v == verb })
					if len(rule.Verbs) == 0 {
						rule.Resources = slices.DeleteFunc(slices.Clone(rule.Resources), func(p string) bool { return p == resource })
						rule.Verbs = []string{verb}
					}
				}
				if len(rule.Resources) > 0 {
					reduced.Rules = append(reduced.Rules, rule)
				}
			}
			replaceRole(t, c, reduced)
		}
	}
	change("services/proxy", "get")
	settle(t, reader, proxy, false)
	exits("without get on services/proxy", 3, "services/proxy", models)
	exits("without get on services/proxy", 0, "", completion)
	change("services/proxy", "create")
	settle(t, reader, proxy, true)
	exits("without create on services/proxy", 0, "", models)
	exits("without create on services/proxy", 3, "services/proxy", completion)
	change("services", "list")
	settle(t, reader, "/api/v1/services?limit=1", false)
	exits("without list on services", 3, "may not list services", models)
}
