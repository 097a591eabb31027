// Namespaces stuck in Terminating, and the APIServices that hold them all.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "checks/common/stuck.hpp"
#include "checks/common/terminating_pods.hpp"
#include "kube/namespace_status.hpp"

namespace checks {

// An APIService that does not answer. Until it does no namespace can finish: its controller must
// list every kind of every group (Kubernetes namespaced_resources_deleter.go).
struct UnavailableApiService {
  const kube::Object* object = nullptr;
  kube::Condition available;
  bool certain = false;  // its Service is missing, or it has been like this for a minute
};
std::vector<UnavailableApiService> unavailable_api_services(const Context& context);

// The kind a condition names, when need::ns_content reads it as a whole; nullptr for others: their
// lists may be narrowed for another check's purpose and prove no absence.
const kube::Resource* content_kind(const kube::RemainingKind& kind);

// A namespace that is being deleted, and what is known to hold it.
struct TerminatingNamespace {
  const kube::Object* ns = nullptr;
  // As recorded, but for kinds of which the lists show that nothing is left: the conditions are
  // refreshed only every 15 s.
  kube::NamespaceStatus status;
  std::vector<BlockingFinalizer> holds;  // on objects in it
  std::vector<OverduePod> pods;
  std::vector<const UnavailableApiService*> apis;  // named by its discovery failure
  Stage stage = Stage::unknown;
  // error: it cannot finish, or has not for 5 minutes; warning: for a minute; not set: it moves.
  std::optional<Level> level;

  std::string name() const { return std::string(ns->name()); }
  // "namespace team-a cannot finish deleting (2 ModelAdapters)"
  std::string consequence(const Context& context) const;
};

// All of them that were read. Says on `result` which could not be judged.
class TerminatingNamespaces {
 public:
  TerminatingNamespaces(const Context& context, Reporter& reporter);
  const std::vector<TerminatingNamespace>& list() const { return list_; }
  // Those that have a level.
  std::vector<const TerminatingNamespace*> stuck() const;

 private:
  TerminatingNamespace look_at(const Context& context, const kube::Object& ns);

  FinalizerIndex deletions_;
  std::vector<UnavailableApiService> apis_;
  std::vector<TerminatingNamespace> list_;
};

// A finding on a stuck namespace at its level, with consequence, age and since.
Finding& report_namespace(const Context& context, Reporter& reporter,
                          const TerminatingNamespace& going, std::string title);

}  // namespace checks
