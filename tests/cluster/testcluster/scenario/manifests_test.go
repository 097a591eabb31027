package scenario

import (
	"strings"
	"testing"

	"aibrixctl.test/testcluster/cluster"
)

// The manifests users write. NAME and NAMESPACE stand for what a test calls them.
const (
	modelManifest = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: NAME
  namespace: NAMESPACE
  labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000"}
spec:
  replicas: 1
  selector:
    matchLabels: {model.aibrix.ai/name: NAME}
  template:
    metadata:
      labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000", adapter.model.aibrix.ai/enabled: "true"}
    spec:
      containers:
      - name: vllm
        image: vllm/vllm-openai:v0.9.1
        args: [--served-model-name, NAME, --port, "8000", --enable-lora]
        env:
        - {name: VLLM_ALLOW_RUNTIME_LORA_UPDATING, value: "True"}
        ports:
        - {containerPort: 8000}
        resources: {limits: {nvidia.com/gpu: 1}}
`
	serviceManifest = `
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: NAMESPACE}
spec:
  selector: {model.aibrix.ai/name: NAME}
  ports:
  - {name: serve, port: 8000, targetPort: 8000}
`
	adapterManifest = `
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata:
  name: NAME
  namespace: NAMESPACE
  labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000"}
spec:
  baseModel: BASE
  podSelector:
    matchLabels: {model.aibrix.ai/name: BASE, adapter.model.aibrix.ai/enabled: "true"}
  artifactURL: huggingface://example/NAME
  schedulerName: default
`
	// REPLICAS are its prefill pods; GPUS is what its decode pod asks for.
	pairManifest = `
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: NAME, namespace: NAMESPACE}
spec:
  replicas: 1
  selector:
    matchLabels: {app: NAME}
  stateful: true
  updateStrategy: {type: InPlaceUpdate}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      updateStrategy: Parallel
      roles:
      - name: prefill
        replicas: REPLICAS
        stateful: false
        template:
          metadata:
            labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000", model.aibrix.ai/engine: vllm}
            annotations: {model.aibrix.ai/config: '{"profiles":{"default":{"routingStrategy":"pd"}}}'}
          spec:
            containers:
            - name: vllm
              image: vllm/vllm-openai:v0.9.1
              ports:
              - {containerPort: 8000}
      - name: decode
        replicas: 1
        stateful: false
        template:
          metadata:
            labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000", model.aibrix.ai/engine: vllm}
            annotations: {model.aibrix.ai/config: '{"profiles":{"default":{"routingStrategy":"pd"}}}'}
          spec:
            containers:
            - name: vllm
              image: vllm/vllm-openai:v0.9.1
              ports:
              - {containerPort: 8000}
              resources: {limits: {nvidia.com/gpu: GPUS}}
`
	stormManifest = `
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: StormService
metadata: {name: NAME, namespace: NAMESPACE}
spec:
  replicas: 1
  selector:
    matchLabels: {app: NAME}
  stateful: true
  updateStrategy: {type: InPlaceUpdate}
  template:
    metadata:
      labels: {app: NAME}
    spec:
      updateStrategy: Sequential
      roles:
      - name: worker
        replicas: 2
        stateful: false
        template:
          metadata:
            labels: {model.aibrix.ai/name: NAME, model.aibrix.ai/port: "8000"}
          spec:
            containers:
            - name: vllm
              image: vllm/vllm-openai:v0.9.1
              ports:
              - {containerPort: 8000}
`
	// As the shipped two-node sample has it: the label is on the template only, the route is the user's own. The head
	// plays what KubeRay would make.
	fleetManifest = `
apiVersion: orchestration.aibrix.ai/v1alpha1
kind: RayClusterFleet
metadata: {name: NAME, namespace: NAMESPACE, labels: {app: NAME}}
spec:
  replicas: 1
  selector:
    matchLabels: {model.aibrix.ai/name: NAME}
  strategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}}
  template:
    metadata:
      labels: {model.aibrix.ai/name: NAME}
    spec:
      rayVersion: "2.10.0"
      headGroupSpec:
        rayStartParams: {dashboard-host: 0.0.0.0}
        template:
          metadata:
            labels: {model.aibrix.ai/name: NAME}
          spec:
            containers:
            - {name: ray, image: "aibrix/vllm-openai:v0.7.3", ports: [{containerPort: 8000, name: service}]}
      workerGroupSpecs:
      - groupName: small
        replicas: 1
        minReplicas: 1
        maxReplicas: 5
        rayStartParams: {}
        template:
          metadata:
            labels: {model.aibrix.ai/name: NAME}
          spec:
            containers:
            - {name: ray-worker, image: "aibrix/vllm-openai:v0.7.3"}
---
apiVersion: v1
kind: Pod
metadata:
  name: NAME-head
  namespace: NAMESPACE
  labels: {model.aibrix.ai/name: NAME, ray.io/cluster: NAME, ray.io/is-ray-node: "yes", ray.io/node-type: head}
spec:
  containers:
  - {name: ray, image: "aibrix/vllm-openai:v0.7.3", ports: [{containerPort: 8000}]}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: NAMESPACE}
spec:
  selector: {model.aibrix.ai/name: NAME, ray.io/node-type: head}
  ports:
  - {name: serve, port: 8000}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: NAME-router, namespace: aibrix-system}
spec:
  parentRefs:
  - {name: aibrix-eg}
  rules:
  - matches:
    - {path: {type: PathPrefix, value: /v1/completions}, headers: [{name: model, value: NAME}]}
    - {path: {type: PathPrefix, value: /v1/chat/completions}, headers: [{name: model, value: NAME}]}
    backendRefs:
    - {name: NAME, namespace: NAMESPACE, port: 8000}
`
	// A grant as its remedy would print it.
	grantManifest = `
apiVersion: gateway.networking.k8s.io/v1beta1
kind: ReferenceGrant
metadata: {name: allow-routes, namespace: NAMESPACE}
spec:
  from:
  - {group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: aibrix-system}
  to:
  - {group: "", kind: Service, name: NAME}
`
	// AIBrix v0.4's, which fails closed.
	webhookManifest = `
apiVersion: admissionregistration.k8s.io/v1
kind: MutatingWebhookConfiguration
metadata: {name: aibrix-mutating-webhook-configuration}
webhooks:
- name: mmodeladapter.kb.io
  admissionReviewVersions: [v1]
  sideEffects: None
  failurePolicy: Fail
  clientConfig:
    service: {name: aibrix-webhook-service, namespace: aibrix-system, path: /mutate-model-aibrix-ai-v1alpha1-modeladapter}
  rules:
  - {apiGroups: [model.aibrix.ai], apiVersions: [v1alpha1], operations: [CREATE, UPDATE], resources: [modeladapters]}
`
	staleAPIManifest = `
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec:
  group: metrics.k8s.io
  version: v1beta1
  groupPriorityMinimum: 100
  versionPriority: 100
  insecureSkipTLSVerify: true
  service: {name: metrics-server, namespace: kube-system, port: 443}
`
)

// apply creates what a manifest describes; pairs are what its words in capitals stand for.
func apply(t *testing.T, c *cluster.Cluster, manifest string, pairs ...string) {
	t.Helper()
	objects, err := cluster.ParseObjects(strings.NewReplacer(pairs...).Replace(manifest))
	if err == nil {
		err = c.Admin.Apply(limited(t), objects)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// serve makes a whole model: Deployment and Service.
func serve(t *testing.T, c *cluster.Cluster, namespace, name string) {
	t.Helper()
	apply(t, c, modelManifest+"---"+serviceManifest, "NAMESPACE", namespace, "NAME", name)
}

func merge(t *testing.T, c *cluster.Cluster, path string, patch cluster.Object) {
	t.Helper()
	if _, err := c.Admin.Merge(limited(t), path, patch); err != nil {
		t.Fatal(err)
	}
}

func remove(t *testing.T, c *cluster.Cluster, paths ...string) {
	t.Helper()
	for _, path := range paths {
		if err := c.Admin.Delete(limited(t), path); err != nil {
			t.Fatal(err)
		}
	}
}

func scale(t *testing.T, c *cluster.Cluster, namespace, deployment string, replicas int) {
	t.Helper()
	merge(t, c, "/apis/apps/v1/namespaces/"+namespace+"/deployments/"+deployment,
		cluster.Object{"spec": cluster.Object{"replicas": replicas}})
}

// await waits for something of the cluster, not of the program under test.
func await(t *testing.T, c *cluster.Cluster, what string, ready func() bool) {
	t.Helper()
	if err := c.Await(limited(t), what, ready); err != nil {
		t.Fatal(err)
	}
}

// gone waits until an object is no more.
func gone(t *testing.T, c *cluster.Cluster, path string) {
	t.Helper()
	await(t, c, path+" is gone", func() bool { return cluster.Code(c.Admin.Get(limited(t), path, nil)) == 404 })
}
