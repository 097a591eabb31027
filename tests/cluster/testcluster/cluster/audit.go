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

// Write is a change of an object, as the API server's audit log has it.
type Write struct {
	Verb      string
	UserAgent string
	User      struct{ Username string }
	ObjectRef struct{ Resource, Namespace, Name string }
}

// auditFlags are those of kube-apiserver; none without Options.Audit.
func (c *Cluster) auditFlags() ([]string, error) {
	if !c.options.Audit {
		return nil, nil
	}
	policy := c.path("audit-policy.json")
	err := os.WriteFile(policy, []byte(auditPolicy), 0o600)
	return []string{"--audit-policy-file=" + policy, "--audit-log-path=" + c.path("audit.log")}, err
}

// ServiceWrites are the changes of Services so far, oldest first.
func (c *Cluster) ServiceWrites() ([]Write, error) {
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
