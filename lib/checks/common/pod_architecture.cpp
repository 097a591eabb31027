// The recogniser of images for another architecture.
#include "checks/common/pod_architecture.hpp"

#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/node_fit.hpp"
#include "aibrix/release_facts.hpp"
#include "base/text.hpp"
#include "checks/common/pod_events.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

// What the kernel, containerd and Docker say.
bool speaks_of_architecture(std::string_view message) {
  const std::string text = base::lower(message);
  for (const std::string_view words :
       {"exec format error", "no match for platform", "no matching manifest for",
        "does not match the specified platform", "does not match the detected host platform"}) {
    if (text.find(words) != std::string::npos) return true;
  }
  return false;
}

// The words themselves, wherever they stand.
std::string told(const Context& context, const Object& pod, const Container& container) {
  std::string out(container.status["state"]["waiting"]["message"].text());
  if (speaks_of_architecture(out)) return out;
  for (const char* state : {"state", "lastState"}) {
    out = container.status[state]["terminated"]["message"].text();
    if (speaks_of_architecture(out)) return out;
  }
  for (const Object* event : events_about(context, pod)) {
    if (!event_fits_container(*event, container.name)) continue;
    if (speaks_of_architecture(event->at("message").text())) return event_text(*event);
  }
  return {};
}

const Object* node_of(const Context& context, const Object& pod) {
  const std::string_view name = pod.spec()["nodeName"].text();
  return name.empty() ? nullptr : context.snapshot.find(kube::resources::nodes, "", name).object;
}

// An architecture as people write it into the names and tags of images.
std::string_view architecture_word(std::string_view image) {
  struct Word {
    std::string_view written, architecture;
  };
  constexpr auto words = std::to_array<Word>({{"amd64", "amd64"},
                                              {"x86_64", "amd64"},
                                              {"x86-64", "amd64"},
                                              {"arm64", "arm64"},
                                              {"aarch64", "arm64"},
                                              {"ppc64le", "ppc64le"},
                                              {"s390x", "s390x"},
                                              {"riscv64", "riscv64"}});
  for (const Word& word : words) {
    if (image.find(word.written) != std::string_view::npos) return word.architecture;
  }
  return {};
}

// Where a container of this image runs (or has run without fault), by architecture.
struct Elsewhere {
  bool same = false;   // on a node of this one: then the image is fine there
  bool other = false;  // on one of another
};
Elsewhere runs_elsewhere(const Context& context, std::string_view image, std::string_view here) {
  Elsewhere out;
  for (const Object& pod : context.snapshot.list(kube::resources::pods)) {
    for (const Value& status : pod.status()["containerStatuses"].items()) {
      if (!status["ready"].is_true()) continue;
      const std::string_view name = status["name"].text();
      for (const Value& c : pod.spec()["containers"].items()) {
        if (c["name"].text() != name || c["image"].text() != image) continue;
        const Object* node = node_of(context, pod);
        if (node == nullptr) continue;
        (aibrix::architecture(*node) == here ? out.same : out.other) = true;
      }
    }
  }
  return out;
}

// The runtime gives 255 for a program that cannot be executed (older ones 1), within moments of the
// start. Servers written in Go or Python end with 1 or 2 on their own faults.
bool ended_at_once(const Ending& ending, std::int64_t code) {
  constexpr std::chrono::seconds at_once{15};
  const auto lived = ending.lived();
  return ending.code == code && (!lived || *lived <= at_once);
}

// One of AIBrix's own, of a release whose images are known to be built for amd64 and arm64.
bool built_for_both(const Context& context, std::string_view image) {
  const std::string_view name = aibrix::image_name(image);
  const bool own = name.starts_with("aibrix/") || name.find("/aibrix/") != std::string_view::npos;
  return own && aibrix::facts::images_for_arm64.holds(context.cluster.release()).value_or(false);
}

std::string inferred(const Context& context, const Container& container, const Object& node) {
  const auto ending = container.ending();
  const std::string_view here = aibrix::architecture(node);
  if (!ending || here.empty() || container.running()) return {};
  const std::string_view image = container.spec["image"].text();
  const bool no_program = ended_at_once(*ending, 255);
  if (!no_program && !ended_at_once(*ending, 1)) return {};
  const Elsewhere seen = runs_elsewhere(context, image, here);
  if (seen.same) return {};
  const std::string_view written = architecture_word(image);
  const bool named = !written.empty() && written != here;
  const bool told_apart = named || (seen.other && no_program);
  if (written == here) return {};
  const bool unusual = here != "amd64" && no_program;
  const bool both = built_for_both(context, image) && (here == "amd64" || here == "arm64");
  if (both && !named) return {};
  if (!told_apart && !unusual) return {};
  std::string out = ending->text() + " at once";
  if (seen.other) out += "; the same image runs on nodes of another architecture";
  if (named) out += "; its name says " + std::string(written);
  return out;
}

}  // namespace

std::optional<ForeignImage> foreign_image(const Context& context, const Object& pod,
                                          const Container& container) {
  ForeignImage out;
  const Object* node = node_of(context, pod);
  out.evidence = told(context, pod, container);
  if (out.evidence.empty() && node != nullptr) out.evidence = inferred(context, container, *node);
  if (out.evidence.empty()) return std::nullopt;
  out.image = container.spec["image"].text();
  if (node == nullptr) return out;
  out.architecture = aibrix::architecture(*node);
  for (const Object& other : context.snapshot.list(kube::resources::nodes)) {
    if (out.node == nullptr && aibrix::architecture(other) == out.architecture) out.node = &other;
  }
  return out;
}

void explain_foreign(const ForeignImage& foreign, const Container& container, PodReason& reason) {
  reason.kind = PodReason::Kind::architecture;
  const std::string nodes = foreign.architecture.empty()
                                ? "the architecture of its node"
                                : foreign.architecture + ", the architecture of its node";
  reason.why = "image " + foreign.image + " of container " + std::string(container.name) +
               " is not built for " + nodes;
  reason.show(
      "container " + std::string(container.name), base::shorten(foreign.evidence, 300),
      "an image for " + (foreign.architecture.empty() ? "this node" : foreign.architecture));
  if (foreign.node != nullptr) reason.cause = Cause{POD001, foreign.node->ref()};
  reason.advise(
      Confidence::manual,
      "use an image that is built for this architecture, or keep the pods on nodes of the "
      "image's (nodeSelector kubernetes.io/arch)");
}

}  // namespace checks
