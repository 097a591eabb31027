package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
)

// auditPolicy has the API server write down who changes Services, and nothing else.
const auditPolicy = `{"apiVersion":"audit.k8s.io/v1","kind":"Policy","omitStages":["RequestReceived"],"rules":[
{"level":"Metadata","verbs":["create","update","patch","delete"],"resources":[{"group":"","resources":["services"]}]},
{"level":"None"}]}`

// auditAll has it write down every request.
const auditAll = `{"apiVersion":"audit.k8s.io/v1","kind":"Policy","omitStages":["RequestReceived"],"rules":[{"level":"Metadata"}]}`

// Write is a request, mostly the change of an object, as the API server's audit log has it.
type Write struct {
	Verb       string
	RequestURI string
	UserAgent  string
	User       struct{ Username string }
	ObjectRef  struct{ Resource, Namespace, Name string }
}

// auditFlags are those of kube-apiserver; none without Options.Audit and AuditAll.
func (c *Cluster) auditFlags() ([]string, error) {
	if !c.options.Audit && !c.options.AuditAll {
		return nil, nil
	}
	text := auditPolicy
	if c.options.AuditAll {
		text = auditAll
	}
	policy := c.path("audit-policy.json")
	err := os.WriteFile(policy, []byte(text), 0o600)
	return []string{"--audit-policy-file=" + policy, "--audit-log-path=" + c.path("audit.log")}, err
}

// ServiceWrites are the changes of Services so far, oldest first.
func (c *Cluster) ServiceWrites() ([]Write, error) { return c.audited() }

// Requests are all that were answered so far, oldest first, with Options.AuditAll.
func (c *Cluster) Requests() ([]Write, error) { return c.audited() }

func (c *Cluster) audited() ([]Write, error) {
	log, err := os.ReadFile(c.path("audit.log"))
	if err != nil {
		return nil, err
	}
	var writes []Write
	for _, line := range bytes.Split(bytes.TrimSpace(log), []byte("\n")) {
		var write Write
		if err := json.Unmarshal(line, &write); err != nil {
			return nil, fmt.Errorf("audit log: %w", err)
		}
		writes = append(writes, write)
	}
	return writes, nil
}
