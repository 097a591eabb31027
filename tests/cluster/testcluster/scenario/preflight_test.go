package scenario

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

type advice struct{ Text, Command string }

type preflightReport struct {
	Kind, From, To                       string
	InTheWay, Warnings, Order            []advice
	Lost, Found, NotChecked, NotLookedAt []string
	ExitCode                             int
}

func preflight(t *testing.T, c *cluster.Cluster, arguments ...string) preflightReport {
	t.Helper()
	code, out, diagnostics := run(t, c.Kubeconfig, append([]string{"preflight", "-o", "json"}, arguments...)...)
	var r preflightReport
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("preflight %v: exit %d, %v\n%s\n%s", arguments, code, err, out, diagnostics)
	}
	if r.ExitCode != code {
		t.Errorf("preflight %v: exitCode %d, exit code %d", arguments, r.ExitCode, code)
	}
	t.Logf("preflight %v: exit %d\n%s", arguments, code, out)
	return r
}

func mentions(list []advice, part string) bool {
	return slices.ContainsFunc(list, func(a advice) bool { return strings.Contains(a.Text+a.Command, part) })
}

const olderGatewayAPI = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: httproutes.gateway.networking.k8s.io
  annotations:
    api-approved.kubernetes.io: unapproved, made by a test
    gateway.networking.k8s.io/bundle-version: v1.1.0
    gateway.networking.k8s.io/channel: standard
spec:
  group: gateway.networking.k8s.io
  scope: Namespaced
  names: {kind: HTTPRoute, plural: httproutes, singular: httproute, listKind: HTTPRouteList}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`

const safeUpgrades = `
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: safe-upgrades.gateway.networking.k8s.io
  annotations: {gateway.networking.k8s.io/bundle-version: v1.5.1}
spec:
  matchConstraints:
    resourceRules: [{apiGroups: [apiextensions.k8s.io], apiVersions: [v1], operations: [CREATE], resources: [customresourcedefinitions]}]
  validations: [{expression: "true"}]
`

// Before AIBrix is there: an empty cluster, one that already has Gateway API CRDs, and a user who may only look.
func TestPreflightInstall(t *testing.T) {
	c := start(t, cluster.Options{Nodes: true})
	r := preflight(t, c, "install", "--to", "v0.7.0")
	if r.ExitCode != 0 || r.Kind != "InstallPreflight" || len(r.InTheWay) != 0 {
		t.Errorf("an empty cluster is not ready: %v %v", r.InTheWay, r.NotLookedAt)
	}
	if !slices.ContainsFunc(r.Found, func(s string) bool { return strings.Contains(s, "you may create all") }) {
		t.Errorf("the admin's rights were not found: %v", r.Found)
	}
	if len(r.Order) < 4 || !strings.Contains(r.Order[0].Command, "aibrix-dependency-v0.7.0.yaml") {
		t.Errorf("the order does not begin with the dependencies: %v", r.Order)
	}

	apply(t, c, olderGatewayAPI)
	r = preflight(t, c, "install", "--to", "v0.7.0")
	if r.ExitCode != 0 || !mentions(r.Warnings, "the Gateway API CRDs are v1.1.0 (standard)") {
		t.Errorf("the older Gateway API is not told: %v", r.Warnings)
	}
	if _, err := c.Admin.Create(limited(t), "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
		parsed(t, safeUpgrades)); err != nil {
		t.Fatal(err)
	}
	r = preflight(t, c, "install", "--to", "v0.7.0")
	if r.ExitCode != 1 || !mentions(r.InTheWay, "safe-upgrades.gateway.networking.k8s.io refuses") {
		t.Errorf("the policy is not in the way: %v", r.InTheWay)
	}

	grant(t, c, printedRoles(t, "preflight", "install", "--for", "user:reader"))
	r = preflight(t, c, "install", "--to", "v0.7.0", "--context", "reader")
	if r.ExitCode != 1 || len(r.NotLookedAt) != 0 || !mentions(r.InTheWay, "you are not permitted to create namespaces") {
		t.Errorf("a reader may not install: %v %v", r.InTheWay, r.NotLookedAt)
	}
	r = preflight(t, c, "install", "--to", "v0.7.0", "--context", "reader", "--no-access-reviews")
	if mentions(r.InTheWay, "not permitted") {
		t.Errorf("nobody was asked: %v", r.InTheWay)
	}
}

func parsed(t *testing.T, manifest string) cluster.Object {
	t.Helper()
	objects, err := cluster.ParseObjects(manifest)
	if err != nil || len(objects) != 1 {
		t.Fatal(len(objects), err)
	}
	return objects[0]
}

// The real v0.7.0: the way up is told with what is new, the way down is refused.
func TestPreflightUpgrade(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true, Gateway: true})
	r := preflight(t, c, "upgrade", "--to", "v0.8.0")
	if r.Kind != "UpgradePreflight" || r.To != "v0.8.0" || len(r.NotLookedAt) != 0 {
		t.Errorf("%s from %s to %s, not looked at: %v", r.Kind, r.From, r.To, r.NotLookedAt)
	}
	if !mentions(r.Warnings, "modelwarmups.model.aibrix.ai") {
		t.Errorf("the new CRDs are not told: %v", r.Warnings)
	}
	if r = preflight(t, c, "upgrade", "--to", "v0.7.0"); mentions(r.Warnings, "needs CRDs") {
		t.Errorf("its own release misses CRDs: %v", r.Warnings)
	}
	if r.From == "v0.7.0" {
		if r = preflight(t, c, "upgrade", "--to", "v0.6.0"); r.ExitCode != 1 || !mentions(r.InTheWay, "no way back") {
			t.Errorf("the way down is not refused: %v", r.InTheWay)
		}
	}
	if r = preflight(t, c, "install", "--to", "v0.7.0"); !mentions(r.InTheWay, "is installed already") {
		t.Errorf("the install is not told: %v", r.InTheWay)
	}
}
