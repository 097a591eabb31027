// Pods as AIBrix's gateway sees them: routable or not, of which model, on which port.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/releases.hpp"
#include "kube/snapshot.hpp"

namespace aibrix {

// What one pod is doing, in the words of its own status.
struct PodState {
  bool routable = false;  // as AIBrix's gateway decides: pod IP, Ready, not terminating
                          // (pkg/utils/pod.go FilterReadyPod)
  bool ready = false;     // condition Ready is True
  bool terminal = false;  // waiting will not help: image pull, crash loop, unschedulable, failed
  std::string reason;  // "Unschedulable", "ImagePullBackOff", "CrashLoopBackOff", "NotReady", …
  std::string detail;  // the scheduler's, kubelet's or container's own words; may be empty
};

PodState pod_state(const kube::Object& pod);
// The gateway sends requests to it: Ready, with an address, and not being deleted.
bool is_routable(const kube::Object* pod);
// "2 of 3 pods Unschedulable: 0/3 nodes are available: …": one line for several pods of a kind, the
// commonest reason first. Empty when all are ready.
std::string describe_pods(std::span<const kube::Object* const> pods);

// Pods a LabelSelector of a workload in this namespace picks; none when there is no selector.
std::vector<const kube::Object*> selected_pods(const kube::Snapshot& snapshot, std::string_view ns,
                                               const kube::Value& selector);

// A follower of a pod group: label pod-group-index above 0.
bool is_group_follower(const kube::Object& pod);
// Pods the release's gateway does not count as engines: Ray workers, later also followers of a pod
// group (pkg/cache/informers.go isWorkerPod).
bool is_worker_pod(const kube::Object& pod, const Release& release);
// The model a pod serves: label model.aibrix.ai/name, else, in later releases, the annotation of
// that name.
std::string_view pod_model(const kube::Object& pod, const Release& release);
// Where the gateway sends requests on the strategy path: label model.aibrix.ai/port, else 8000.
std::int64_t pod_model_port(const kube::Object& pod);

}  // namespace aibrix
