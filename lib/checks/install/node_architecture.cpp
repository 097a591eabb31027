// POD001: pods on nodes of an architecture that their images are not built for.
#include <algorithm>
#include <map>

#include "aibrix/node_fit.hpp"
#include "aibrix/pod.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/objects.hpp"
#include "checks/common/pod_architecture.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr auto architecture_needs =
    with(model_lists, need::optional(need::nodes), need::optional(need::warning_events),
         need::optional(need::namespaces), need::optional(need::services));

// What does not run on the nodes of one architecture.
struct Foreign {
  const Object* node = nullptr;
  std::string architecture;
  std::vector<std::string> images;
  std::vector<std::string> nodes;  // on which its pods are
  std::vector<const Object*> pods;
  std::string evidence;
};

std::map<std::string, Foreign> find_foreign(const Context& context) {
  std::map<std::string, Foreign> out;
  for (const Object* pod : pods_that_matter(context)) {
    if (aibrix::is_routable(pod)) continue;
    const auto container = container_to_blame(*pod);
    if (!container) continue;
    const auto image = foreign_image(context, *pod, *container);
    if (!image || image->node == nullptr) continue;
    Foreign& entry = out[image->architecture];
    entry.node = image->node;
    entry.architecture = image->architecture;
    base::add_once(entry.images, image->image);
    base::add_once(entry.nodes, std::string(pod->spec()["nodeName"].text()));
    entry.pods.push_back(pod);
    if (entry.evidence.empty()) entry.evidence = image->evidence;
  }
  return out;
}

void report_foreign(const Context& context, const Foreign& foreign, Reporter& reporter) {
  const std::string what = foreign.images.size() == 1
                               ? "image " + foreign.images.front() + " is"
                               : base::plural(foreign.images.size(), "image") + " are";
  Finding& f = reporter.warning(
      *foreign.node, what + " not built for " + foreign.architecture + ", the architecture of " +
                         (foreign.nodes.size() == 1 ? "node " : "nodes ") +
                         base::join_and(foreign.nodes));
  f.with_consequence("Their containers end at once with \"exec format error\".");
  f.at_field("status.nodeInfo.architecture");
  f.with_evidence("architecture of the nodes", foreign.architecture);
  f.with_evidence("images", base::join(foreign.images, ", "), "built for " + foreign.architecture);
  f.with_evidence("pods", std::to_string(foreign.pods.size()));
  f.with_evidence("containers", base::shorten(foreign.evidence, 300));
  for (std::size_t i = 0; i < foreign.pods.size() && i < 5; ++i) f.with_related(*foreign.pods[i]);
  std::vector<std::string> others;
  for (const Object& node : context.snapshot.list(kube::resources::nodes)) {
    const std::string_view architecture = aibrix::architecture(node);
    if (!architecture.empty() && architecture != foreign.architecture)
      base::add_once(others, std::string(architecture));
  }
  const bool aibrix_own = std::ranges::any_of(
      foreign.images, [](const std::string& image) { return image.find("aibrix/") != image.npos; });
  if (aibrix_own) {
    f.note(
        "AIBrix's release workflow builds its images for amd64 and arm64 since v0.6.0 at the "
        "latest");
  }
  f.remedy(Confidence::manual,
           others.empty()
               ? "use images that are built for " + foreign.architecture +
                     ", or add nodes of the architecture that they are built for"
               : "keep these pods on the nodes of " + base::join_and(others) +
                     " (nodeSelector kubernetes.io/arch), or use images that are built for " +
                     foreign.architecture,
           kubectl("", "get", "nodes", "-L", "kubernetes.io/arch"));
}

void run_architecture(const Context& context, Reporter& reporter) {
  if (!context.snapshot.loaded(kube::resources::pods)) {
    return reporter.undetermined("no pod was read");
  }
  if (!context.snapshot.loaded(kube::resources::nodes)) {
    return reporter.undetermined("no node was read");
  }
  const auto foreign = find_foreign(context);
  for (const auto& [architecture, entry] : foreign) report_foreign(context, entry, reporter);
}

}  // namespace

constinit const Check registry::POD001{
    codes::POD001,
    Area::install,
    "images are not built for the architecture of the nodes",
    architecture_needs,
    run_architecture,
    {"Pods run on nodes of an architecture that their images are not built for. The containers end "
     "as soon as they are started, most often with exit code 255 and \"exec format error\" in the "
     "log, or their image cannot be pulled (\"no match for platform in manifest\").",
     "New nodes of another architecture joined the cluster (Graviton, GH200, GB200), or an image "
     "was built on a machine of another architecture.",
     "Use images that are built for the architecture of the nodes, or keep the pods on other nodes "
     "with the nodeSelector kubernetes.io/arch.",
     "every release"}};

}  // namespace checks
