// Admission webhooks of the cluster, and which of them are AIBrix's.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

// One entry of a Mutating- or ValidatingWebhookConfiguration. Borrows from the snapshot.
struct Webhook {
  const kube::Object* configuration = nullptr;
  std::size_t index = 0;
  kube::Value value;

  std::string_view name() const { return value["name"].text(); }
  // What is not Ignore is Fail: the default of admissionregistration.k8s.io/v1.
  bool fails_closed() const { return value["failurePolicy"].text() != "Ignore"; }
  bool has_ca() const;  // an empty bundle and kubebuilder's placeholder do not count
  std::int64_t timeout_seconds() const { return value["timeoutSeconds"].integer_or(10); }
  // The Service behind it; an empty name when it calls a URL.
  kube::ObjectRef service() const;
  // A rule covers this operation ("UPDATE") on this kind.
  bool covers(const kube::Resource& resource, std::string_view operation) const;
  // Its selectors take in this object. A namespace that was not read counts as not taken in.
  bool selects(const kube::Snapshot& snapshot, const kube::Object& object) const;
  // One of AIBrix's own, by its path: configuration and Service are renamed by charts.
  bool is_aibrix() const;
  std::string path(std::string_view field) const;  // "webhooks[1].failurePolicy"
};

// All entries, mutating ones first: the order in which the API server calls them.
std::vector<Webhook> webhooks(const kube::Snapshot& snapshot);

}  // namespace aibrix
