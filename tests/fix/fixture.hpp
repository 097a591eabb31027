// Plans made from clusters of YAML.
#pragma once
#include <string>
#include <vector>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "fix/finalizers.hpp"
#include "fix/fix.hpp"
#include "support/snapshot.hpp"

namespace fix_test {

inline constexpr const char* now = "2026-08-22T15:00:00Z";

inline fix::Plan plan(std::string_view fix, const support::Cluster& cluster,
                      fix::Options options = {}) {
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  return fix::make_plan(*fix::find(fix), {snapshot, view, {}}, options);
}

// That removes finalizers although the controller could.
inline fix::Plan strip_plan(const support::Cluster& cluster, fix::Options options = {}) {
  options.set(fix::option::force, true);
  return plan("finalizers", cluster, options);
}

inline std::vector<fix::Watched> verify(const fix::Plan& plan, const support::Cluster& cluster) {
  const kube::Snapshot snapshot = cluster.snapshot();
  const aibrix::Cluster view(snapshot);
  return fix::find(plan.fix)->verify(plan, {snapshot, view, {}});
}

// "patch modeladapter/team-a/sql-lora [...]", one line a step.
inline std::string steps(const fix::Plan& plan) {
  std::string out;
  for (const fix::Step& step : plan.steps) {
    const char* verb = step.verb == fix::Step::Verb::create   ? "create "
                       : step.verb == fix::Step::Verb::remove ? "delete "
                                                              : "patch ";
    out += verb + step.id() + (step.after_parent ? " once marked" : "") + '\n';
  }
  return out;
}

inline bool says(const std::vector<std::string>& texts, std::string_view word) {
  for (const std::string& text : texts) {
    if (text.find(word) != std::string::npos) return true;
  }
  return false;
}

inline bool says(const std::vector<fix::Advice>& list, std::string_view word) {
  for (const fix::Advice& advice : list) {
    if (advice.text.find(word) != std::string::npos) return true;
    if (checks::to_shell(advice.command).find(word) != std::string::npos) return true;
  }
  return false;
}

inline constexpr const char* controller_down = R"(
apiVersion: v1
kind: Namespace
metadata: {name: aibrix-system, uid: ns-sys}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: cm}
spec: {replicas: 0, selector: {matchLabels: {app: cm}}}
status: {}
)";
inline constexpr const char* controller_up = R"(
apiVersion: v1
kind: Namespace
metadata: {name: aibrix-system, uid: ns-sys}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: aibrix-controller-manager, namespace: aibrix-system, uid: cm}
spec: {replicas: 1, selector: {matchLabels: {app: cm}}}
status: {readyReplicas: 1}
)";
inline constexpr const char* two_adapters = R"(
apiVersion: v1
kind: Namespace
metadata: {name: team-a, uid: ns-a, deletionTimestamp: "2026-08-22T12:00:00Z"}
spec: {finalizers: [kubernetes]}
status: {phase: Terminating}
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata:
  name: chat-lora
  namespace: team-a
  uid: chat
  deletionTimestamp: "2026-08-22T12:00:00Z"
  finalizers: [adapter.model.aibrix.ai/finalizer]
---
apiVersion: model.aibrix.ai/v1alpha1
kind: ModelAdapter
metadata:
  name: sql-lora
  namespace: team-a
  uid: sql
  deletionTimestamp: "2026-08-22T12:00:00Z"
  finalizers: [example.com/backup, adapter.model.aibrix.ai/finalizer, modeladapter.aibrix.ai/finalizer]
status: {instances: [base-0]}
)";

}  // namespace fix_test
