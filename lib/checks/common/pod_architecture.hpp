// Images that are built for another architecture than that of the node they run on.
#pragma once
#include <optional>
#include <string>

#include "checks/common/pod_container.hpp"
#include "checks/common/pod_reason.hpp"

namespace checks {

struct ForeignImage {
  std::string image;
  std::string architecture;            // of the node
  const kube::Object* node = nullptr;  // that stands for all of this architecture
  std::string evidence;                // what shows it
};
// By the words of the kubelet and the runtime, or by the exit code of a program that cannot be
// executed where nothing speaks against it. Reads: Nodes; Pods and Events when there.
std::optional<ForeignImage> foreign_image(const Context& context, const kube::Object& pod,
                                          const Container& container);
void explain_foreign(const ForeignImage& foreign, const Container& container, PodReason& reason);

}  // namespace checks
