package cluster

import (
	"context"
	"fmt"
	"time"
)

// Pods of a fake node are Running and Ready as soon as they are scheduled; what they would do is played by processes that
// listen on their ports (see engine.go, standin.go).
const nodeCount = 3

func (c *Cluster) startNodes(ctx context.Context) error {
	scheduler, err := startServer(c.Dir, "kube-scheduler", Program("kube-scheduler"),
		"--kubeconfig="+c.Kubeconfig, "--leader-elect=false", "--bind-address=127.0.0.1", "--secure-port=0",
		"--kube-api-qps=500", "--kube-api-burst=1000")
	if err != nil {
		return err
	}
	c.servers = append(c.servers, scheduler)
	kwok, err := startServer(c.Dir, "kwok", Program("kwok"),
		"--config="+Program("kwok-stages"), "--kubeconfig="+c.Kubeconfig, "--manage-all-nodes=true", "--cidr=10.244.0.1/16", "--node-lease-duration-seconds=40")
	if err != nil {
		return err
	}
	c.servers = append(c.servers, kwok)
	if err := c.startKubelet(); err != nil {
		return err
	}
	for i := range nodeCount {
		if err := c.createNode(ctx, i); err != nil {
			return err
		}
	}
	return kwok.await(60*time.Second, func() bool { return c.nodesReady(ctx) == nodeCount })
}

// createNode makes one with eight GPUs and room for thousands of pods.
func (c *Cluster) createNode(ctx context.Context, index int) error {
	name := fmt.Sprintf("node-%d", index+1)
	room := Object{"cpu": "1000", "memory": "4Ti", "pods": "5000", "ephemeral-storage": "4Ti", "nvidia.com/gpu": "8"}
	node := Object{"apiVersion": "v1", "kind": "Node",
		"metadata": Object{"name": name, "labels": Object{"kubernetes.io/hostname": name, "kubernetes.io/os": "linux",
			"kubernetes.io/arch": "amd64", "topology.kubernetes.io/zone": fmt.Sprintf("zone-%d", index%2+1)}},
		"spec": Object{"podCIDR": fmt.Sprintf("10.244.%d.0/18", index*64)},
		"status": Object{"daemonEndpoints": Object{"kubeletEndpoint": Object{"Port": kubeletPort}}, "allocatable": room, "capacity": room, "addresses": []any{
			Object{"type": "InternalIP", "address": fmt.Sprintf("172.18.0.%d", index+11)},
			Object{"type": "Hostname", "address": name}}}}
	_, err := c.Admin.Create(ctx, "/api/v1/nodes", node)
	return err
}

func (c *Cluster) nodesReady(ctx context.Context) int {
	ready := 0
	nodes, _ := c.Admin.List(ctx, "/api/v1/nodes")
	for _, node := range nodes {
		taints, _ := at(node, "spec", "taints").([]any)
		if HasCondition(node, "Ready", "True") && len(taints) == 0 {
			ready++
		}
	}
	return ready
}
