// Whether one object may refer to another in a different namespace: Gateway API's ReferenceGrant.
// The grant lives in the namespace of the target; each of its from × to pairs permits, several
// grants add up. It has no status, so what nearly fits can only be found by comparing.
#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kube/snapshot.hpp"

namespace aibrix {

inline constexpr std::string_view gateway_group = "gateway.networking.k8s.io";

// One reference: from whom, to what.
struct Reference {
  std::string from_group;
  std::string from_kind;
  std::string from_ns;
  kube::ObjectRef to;
};

enum class Permission { not_needed, allowed, denied, undetermined };
std::string_view to_string(Permission permission);

// One field in which a grant does not fit.
struct Mismatch {
  std::string field;  // "from.namespace"
  std::string path;   // "spec.from[0].namespace"
  std::string value;  // "aibrix"
  std::string want;   // "aibrix-system"
  std::string hint;   // "from and to are swapped"; empty when there is no usual reason

  std::string text() const;  // from.namespace is "aibrix", needed "aibrix-system"
};

// How one grant bears on a reference: it fits, or what keeps its nearest pair from fitting.
struct GrantFit {
  const kube::Object* grant = nullptr;
  std::vector<Mismatch> mismatches;  // empty: it permits the reference

  bool fits() const { return mismatches.empty(); }
  bool terminating() const { return grant->deleting(); }
  // One field away from permitting it.
  bool near_miss() const { return mismatches.size() == 1; }
  // The first field with its hint, and how many more there are.
  std::string text() const;
};

struct GrantVerdict {
  Permission permission = Permission::undetermined;
  std::string why;  // for undetermined: "may not list referencegrants…"
  std::vector<GrantFit>
      fits;  // every grant of the target's namespace; then, when denied, those of
             // the source's namespace that would fit if they stood in the target's
  const kube::Object* allowed_by = nullptr;
  // Every grant that permits it is being deleted: allowed, for the moment.
  bool ending = false;
  // Envoy Gateway may take this grant for the matching one, and then refuse. Set when allowed.
  const kube::Object* shadowed_by = nullptr;
  std::vector<std::string> remarks;
};

// The grants that are to be considered, and whether an absence among them means anything.
struct GrantList {
  std::span<const kube::Object> of_target;  // those of the target's namespace
  std::span<const kube::Object> of_source;  // those of the source's namespace
  bool complete = false;
  bool installed = true;  // the CRD is there
  std::string why;        // when not complete
};

GrantVerdict judge(const GrantList& grants, const Reference& reference);
// With the grants of a snapshot. Reads: ReferenceGrants.
GrantVerdict judge(const kube::Snapshot& snapshot, const Reference& reference);

}  // namespace aibrix
