// What the pods of a workload need by name or by address, as their template says it.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "aibrix/service_address.hpp"
#include "checks/core/check.hpp"

namespace checks {

// One thing that has to be there before a pod starts, or that its containers call.
struct PodNeed {
  kube::ObjectRef ref;    // ConfigMap, Secret, PersistentVolumeClaim, ServiceAccount, Service, …
  std::string path;       // where the workload names it
  bool optional = false;  // the pod starts without it
  aibrix::ServiceAddress address;  // of a Service
  bool store =
      false;  // by its name or the variable's a KV cache or a store, which engines wait for

  bool is_service() const { return ref.kind == "Service"; }
};
// Of every pod template; each thing once, not optional when one place needs it.
std::vector<PodNeed> pod_needs(const kube::Object& workload);

// 'configmap "engine" not found', "couldn't find key x in ConfigMap team-a/engine", 'no
// PriorityClass with name high was found': whether the kubelet, the scheduler or admission says of
// this thing that it is not there.
bool says_missing(std::string_view complaint, const kube::ObjectRef& ref);

// Why pods of this workload do not start: whatever of these is a finding (DEP001). `started`: their
// containers run or have run, so that a store that does not answer may be the cause.
void blame_needs(const kube::Object& workload, bool started, Finding& finding);

}  // namespace checks
