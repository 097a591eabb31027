package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
)

// Size is how large a cluster grows. Each model is a Deployment with its pods, Service and EndpointSlice in a namespace of
// its own with a ReferenceGrant, and an HTTPRoute; an adapter is a ModelAdapter, its Service, EndpointSlice and HTTPRoute.
type Size struct{ Models, Pods, Adapters int }

// Grow makes copies of one model of a recording, the one that has an adapter. Nothing is wrong with the copies if nothing
// was wrong with the original.
func (c *Client) Grow(ctx context.Context, recording []Object, size Size) error {
	template, err := newTemplate(recording)
	if err != nil {
		return err
	}
	models := make(chan int)
	failures := make(chan error, size.Models)
	var workers sync.WaitGroup
	for range 8 {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for i := range models {
				if err := c.Load(ctx, template.model(i, size.share(size.Pods, i), size.share(size.Adapters, i))); err != nil {
					failures <- err
				}
			}
		}()
	}
	for i := range size.Models {
		models <- i
	}
	close(models)
	workers.Wait()
	close(failures)
	return <-failures // nil when there are none
}

// template is one model with its namespace, and one adapter of it.
type template struct {
	namespace, name, adapter string
	pod, address             string // name and IP of its pod
	objects, adapterObjects  []Object
}

func newTemplate(recording []Object) (*template, error) {
	t := &template{}
	for _, object := range recording {
		if textAt(object, "kind") == "ModelAdapter" && t.adapter == "" {
			t.namespace, t.adapter = textAt(object, "metadata", "namespace"), textAt(object, "metadata", "name")
			t.name = textAt(object, "spec", "baseModel")
		}
	}
	for _, object := range recording {
		namespace, name := textAt(object, "metadata", "namespace"), textAt(object, "metadata", "name")
		kind := textAt(object, "kind")
		switch {
		case kind == "Namespace" && name == t.namespace, kind == "ReferenceGrant" && namespace == t.namespace,
			kind == "HTTPRoute" && name == t.name+"-router":
		case kind == "HTTPRoute" && name == t.adapter+"-router", namespace == t.namespace && name == t.adapter:
			t.adapterObjects = append(t.adapterObjects, young(object))
			continue
		case namespace != t.namespace || !strings.HasPrefix(name, t.name):
			continue
		}
		if kind == "Pod" {
			t.pod, t.address = name, textAt(object, "status", "podIP")
		}
		t.objects = append(t.objects, young(object))
	}
	if t.adapter == "" || t.pod == "" {
		return nil, fmt.Errorf("the recording has no ModelAdapter with a pod of its base model")
	}
	return t, nil
}

// young leaves out what only an old object has, and addresses that the API server gives out itself.
func young(object Object) Object {
	delete(object["metadata"].(Object), "creationTimestamp")
	if spec, ok := object["spec"].(Object); ok && textAt(object, "spec", "clusterIP") != "None" {
		delete(spec, "clusterIP")
		delete(spec, "clusterIPs")
	}
	return object
}

func (t *template) model(i, pods, adapters int) []Object {
	name := fmt.Sprintf("model-%03d", i)
	namespace := fmt.Sprintf("models-%03d", i)
	address := fmt.Sprintf("10.%d.%d.", 64+i/200, i%200)
	rename := func(number int) *strings.Replacer {
		return strings.NewReplacer(t.pod, fmt.Sprintf("%s-%04d", name, number), t.name, name, t.namespace, namespace,
			t.address, address+fmt.Sprint(number+1))
	}
	var out []Object
	for _, object := range t.objects {
		kind := textAt(object, "kind")
		if kind == "Pod" {
			for number := range pods {
				pod := copied(object, rename(number))
				pod["metadata"].(Object)["uid"] = fmt.Sprintf("uid-of-%s-%04d", name, number)
				out = append(out, lifelike(pod))
			}
			continue
		}
		made := copied(object, rename(0))
		switch kind {
		case "EndpointSlice":
			made["endpoints"] = endpoints(object, pods, rename)
		case "Deployment":
			made["spec"].(Object)["replicas"] = pods
			for _, key := range []string{"replicas", "readyReplicas", "availableReplicas", "updatedReplicas"} {
				made["status"].(Object)[key] = pods
			}
		}
		out = append(out, made)
	}
	for number := range adapters {
		adapter := fmt.Sprintf("%s-lora-%d", name, number)
		again := strings.NewReplacer(t.pod, name+"-0000", t.name, name, t.namespace, namespace, t.address, address+"1",
			t.adapter, adapter)
		uids := strings.NewReplacer(`"uid":"`, `"uid":"`+adapter+"-")
		for _, object := range t.adapterObjects {
			out = append(out, copied(copied(object, again), uids))
		}
	}
	return out
}

// endpoints has one entry for each pod.
func endpoints(slice Object, pods int, rename func(int) *strings.Replacer) []any {
	first := Object{"endpoint": slice["endpoints"].([]any)[0]}
	var all []any
	for number := range pods {
		all = append(all, copied(first, rename(number))["endpoint"])
	}
	return all
}

func copied(object Object, replacer *strings.Replacer) Object {
	text, _ := json.Marshal(object)
	var out Object
	_ = json.Unmarshal([]byte(replacer.Replace(string(text))), &out)
	return out
}

// lifelike gives a pod what pods of a served model have on a real cluster beside what a recording keeps, so that it is as
// large as they are: the token's volume, a cache, settings, tolerations.
func lifelike(pod Object) Object {
	spec := pod["spec"].(Object)
	container := spec["containers"].([]any)[0].(Object)
	var settings []any
	for _, name := range []string{"HF_HOME", "HF_HUB_ENABLE_HF_TRANSFER", "VLLM_LOGGING_LEVEL", "VLLM_WORKER_MULTIPROC_METHOD",
		"VLLM_ALLOW_RUNTIME_LORA_UPDATING", "NCCL_DEBUG", "NCCL_SOCKET_IFNAME", "CUDA_VISIBLE_DEVICES", "OMP_NUM_THREADS"} {
		settings = append(settings, Object{"name": name, "value": "True"})
	}
	for name, field := range map[string]string{"POD_NAME": "metadata.name", "POD_IP": "status.podIP"} {
		settings = append(settings, Object{"name": name, "valueFrom": Object{"fieldRef": Object{"apiVersion": "v1",
			"fieldPath": field}}})
	}
	container["env"] = settings
	container["terminationMessagePath"] = "/dev/termination-log"
	container["terminationMessagePolicy"] = "File"
	container["volumeMounts"] = []any{Object{"mountPath": "/models", "name": "models"},
		Object{"mountPath": "/dev/shm", "name": "shm"},
		Object{"mountPath": "/var/run/secrets/kubernetes.io/serviceaccount", "name": "kube-api-access", "readOnly": true}}
	spec["volumes"] = []any{Object{"name": "models", "hostPath": Object{"path": "/mnt/models", "type": "DirectoryOrCreate"}},
		Object{"name": "shm", "emptyDir": Object{"medium": "Memory", "sizeLimit": "8Gi"}},
		Object{"name": "kube-api-access", "projected": Object{"defaultMode": 420, "sources": []any{
			Object{"serviceAccountToken": Object{"expirationSeconds": 3607, "path": "token"}},
			Object{"configMap": Object{"name": "kube-root-ca.crt", "items": []any{Object{"key": "ca.crt", "path": "ca.crt"}}}},
			Object{"downwardAPI": Object{"items": []any{Object{"path": "namespace",
				"fieldRef": Object{"apiVersion": "v1", "fieldPath": "metadata.namespace"}}}}}}}}}
	var tolerations []any
	for _, key := range []string{"nvidia.com/gpu", "node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"} {
		tolerations = append(tolerations, Object{"key": key, "operator": "Exists", "effect": "NoExecute"})
	}
	spec["tolerations"] = tolerations
	spec["serviceAccountName"] = "default"
	return pod
}

// WriteGrown writes what Grow would make into a folder, with what an API server gives to each object itself: a file for ten
// models, as JSON lists, so that no reader holds all of it.
func WriteGrown(recording []Object, size Size, folder string) error {
	template, err := newTemplate(recording)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	services := 0
	var items []Object
	for i := range size.Models {
		uids := strings.NewReplacer(`"uid":"`, fmt.Sprintf(`"uid":"%d-`, i))
		for _, object := range template.model(i, size.share(size.Pods, i), size.share(size.Adapters, i)) {
			object = copied(object, uids)
			metadata := object["metadata"].(Object)
			metadata["creationTimestamp"] = "2026-08-22T12:00:00Z"
			metadata["resourceVersion"] = fmt.Sprint(1000 + i)
			spec, _ := object["spec"].(Object)
			if textAt(object, "kind") == "Service" && textAt(object, "spec", "clusterIP") == "" {
				services++
				address := fmt.Sprintf("10.%d.%d.%d", 96+services/62500, services/250%250, services%250+1)
				spec["clusterIP"], spec["clusterIPs"] = address, []any{address}
			}
			items = append(items, object)
		}
		if i%10 == 9 || i == size.Models-1 {
			text, err := json.Marshal(Object{"apiVersion": "v1", "kind": "List", "items": items})
			if err != nil {
				return err
			}
			if err := os.WriteFile(filepath.Join(folder, fmt.Sprintf("models-%03d.json", i)), text, 0o644); err != nil {
				return err
			}
			items = nil
		}
	}
	return nil
}

// share is how many of a total the model with this number gets.
func (s Size) share(total, model int) int { return total*(model+1)/s.Models - total*model/s.Models }
