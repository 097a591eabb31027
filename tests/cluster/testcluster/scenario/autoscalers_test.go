package scenario

import (
	"slices"
	"testing"
	"time"

	"aibrixctl.test/testcluster/cluster"
)

const autoscalerManifest = `
apiVersion: autoscaling.aibrix.ai/v1alpha1
kind: PodAutoscaler
metadata: {name: NAME, namespace: chat}
spec:
  scalingStrategy: KPA
  minReplicas: 1
  maxReplicas: 2
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: TARGET}
  metricsSources:
  - {metricSourceType: pod, protocolType: http, port: "8000", path: metrics, targetMetric: gpu_cache_usage_perc, targetValue: "0.5"}
`

// The real controller sees an autoscaler without a target and one with the target of another; doctor names each with its
// cause and leaves the healthy one alone. One without metrics is not among them: v0.7.0 takes those for zero.
func TestAutoscalers(t *testing.T) {
	c := start(t, cluster.Options{AIBrix: true})
	serve(t, c, "chat", "llama")
	autoscale := func(name, target string) { apply(t, c, autoscalerManifest, "NAME", name, "TARGET", target) }
	autoscale("healthy", "llama")
	const stored = "/apis/autoscaling.aibrix.ai/v1alpha1/namespaces/chat/podautoscalers/healthy"
	await(t, c, "the controller has scaled once", func() bool {
		var autoscaler cluster.Object
		return c.Admin.Get(limited(t), stored, &autoscaler) == nil && cluster.HasCondition(autoscaler, "Ready", "True")
	})
	autoscale("lost", "lama")
	autoscale("twin", "llama")

	found := func() []string {
		var titles []string
		for _, f := range doctor(t, c.Kubeconfig, "--only", "ASC001").Findings {
			titles = append(titles, f.Level+": "+f.Title)
		}
		slices.Sort(titles)
		return titles
	}
	want := []string{
		"warning: PodAutoscaler lost scales Deployment lama, which does not exist. Nothing is scaled.",
		"warning: PodAutoscaler twin and healthy scale the same Deployment llama. PodAutoscaler twin has no effect.",
	}
	for limit := time.Now().Add(100 * time.Second); ; time.Sleep(time.Second) {
		have := found()
		for _, title := range have {
			if !slices.Contains(want, title) {
				t.Fatalf("false alarm: %s", title)
			}
		}
		if slices.Equal(have, want) {
			break
		}
		if time.Now().After(limit) {
			t.Fatalf("%q; expected was %q", have, want)
		}
	}
	t.Run("they stay as they are over several looks of the controller", func(t *testing.T) {
		for range 12 {
			equal(t, "findings", want, found())
			time.Sleep(2 * time.Second)
		}
	})
	t.Run("without its twin the other one is taken up", func(t *testing.T) {
		remove(t, c, "/apis/autoscaling.aibrix.ai/v1alpha1/namespaces/chat/podautoscalers/healthy")
		await(t, c, "the conflict is over", func() bool { return len(found()) == 1 })
	})
}
