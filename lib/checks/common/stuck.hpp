// What the checks on finalizers and on namespaces share: which finding speaks for an object that is
// being deleted.
#pragma once
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "checks/common/owner.hpp"
#include "checks/core/timing.hpp"

namespace checks {

// One finalizer on an object that is being deleted.
struct BlockingFinalizer {
  const kube::Object* object = nullptr;
  std::string_view finalizer;
  const aibrix::Finalizer* known = nullptr;  // nullptr: foreign
  Code code;                                 // of the finding that speaks for it
  std::optional<Level> level;                // not set: no finding (yet)

  Cause cause() const { return {code, object->ref()}; }
};

// Kinds whose finalizers the checks explain: AIBrix's own, KubeRay's, GatewayClass, and the Gateway
// and HTTPRoutes of AIBrix (holds() passes over those of others).
std::span<const kube::Resource* const> held_kinds();

// Finds holds; asks for each owner once. Borrows the context.
class FinalizerIndex {
 public:
  explicit FinalizerIndex(const Context& context) : context_(context) {}

  const Owner& owner(const aibrix::Finalizer& finalizer);
  // What holds this object, one entry per finalizer; empty when it is not being deleted.
  std::vector<BlockingFinalizer> holds(const kube::Object& object);
  // Holds on objects of one namespace, of held_kinds(). No namespace: on cluster-scoped ones.
  std::vector<BlockingFinalizer> holds_in(std::string_view ns);
  // Holds with this code, of one kind, ordered by object. Those without a level are left out; of
  // files, `result` is told why they could not be judged.
  std::vector<BlockingFinalizer> found(Reporter& reporter, Code code, const kube::Resource& kind);

 private:
  BlockingFinalizer hold(const kube::Object& object, std::string_view finalizer);
  std::optional<Level> level(const kube::Object& object, const Owner* owner) const;

  const Context& context_;
  std::map<const aibrix::Finalizer*, Owner> owners_;
};

// Objects that name `owner` in their ownerReferences, of those given.
std::vector<const kube::Object*> owned_by(const kube::Object& owner,
                                          std::span<const kube::Object> among);

// Of files only: a deletion that was recorded too early to be judged; always: one without a clock.
void report_unjudged(const Context& context, Reporter& reporter, const kube::Object& object);

}  // namespace checks
