// VER004: a command line flag that the program in the image does not know.
#include "aibrix/program_flags.hpp"

#include <array>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "base/text.hpp"
#include "checks/common/unknown_flags.hpp"
#include "checks/core/needs.hpp"

namespace checks {
namespace {

using aibrix::Component;
using aibrix::ComponentRole;

constexpr auto flagged_parts =
    std::to_array<ComponentRole>({ComponentRole::controller_manager, ComponentRole::gateway_plugins,
                                  ComponentRole::metadata_service});
constexpr kube::Need flag_needs[] = {need::deployments, need::optional(need::pods)};

// The image of the release that the other components run; empty: they do not agree on one.
std::string image_of_others(const Context& context, ComponentRole role,
                            const FlagTrouble& trouble) {
  std::string tag;
  for (const ComponentRole other : flagged_parts) {
    const kube::Object* d = context.cluster.component(other).deployment;
    if (other == role || d == nullptr) continue;
    for (const kube::Value& c : d->at("spec", "template", "spec", "containers").items()) {
      const std::string_view image = c["image"].text();
      if (aibrix::image_name(image).find("aibrix/") == std::string_view::npos) continue;
      const std::string_view its = aibrix::image_tag(image);
      if (its.empty() || (!tag.empty() && tag != its)) return {};
      tag = its;
      break;
    }
  }
  const std::string own(aibrix::image_tag(trouble.image));
  if (tag.empty() || tag == own || !trouble.image.ends_with(own)) return {};
  return trouble.image.substr(0, trouble.image.size() - own.size()) + tag;
}

void report(const FlagTrouble& trouble, const Context& context, ComponentRole role,
            Reporter& reporter) {
  const Component& part = context.cluster.component(role);
  const kube::Object& deployment = *part.deployment;
  const std::string tag(aibrix::image_tag(trouble.image));
  std::vector<std::string> flags;
  for (const aibrix::UnknownFlag& flag : trouble.flags) flags.push_back(flag.flag);
  const std::string since = trouble.flags.front().since;
  Finding& f =
      reporter.warning(deployment, std::string(deployment.name()) + " passes " +
                                       base::join_and(flags) + ", unknown to its image " + tag);
  f.with_consequence("The program ends at startup.").at_field(trouble.path);
  f.with_evidence("image", trouble.image, since.empty() ? "" : since + " or later");
  if (!part.why.empty()) f.with_evidence("pods", part.why);
  const std::string image = image_of_others(context, role, trouble);
  if (!since.empty() && !image.empty()) {
    f.remedy(Confidence::review, "use the image of the release that the other components run",
             kubectl(deployment.ns(), "set", "image")
                 .on_one("deployment", deployment.name())
                 .with(operand(trouble.container + '=' + image)));
  }
  f.remedy(Confidence::review, since.empty()
                                   ? "remove the flag, or use the manifests of the image's release"
                                   : "use manifests and images of one release: " + since +
                                         " or later, or the manifests of " + tag);
}

void run_flags(const Context& context, Reporter& reporter) {
  bool looked = false;
  bool found = false;
  for (const ComponentRole role : flagged_parts) {
    const Component& part = context.cluster.component(role);
    if (part.deployment == nullptr) continue;
    looked = true;
    const auto trouble = unknown_flags(context, role);
    if (!trouble) continue;
    found = true;
    report(*trouble, context, role, reporter);
  }
  if (!looked) return reporter.undetermined("no Deployment of AIBrix was read");
  if (!found) reporter.measured("no unknown flag");
}

}  // namespace

constinit const Check registry::VER004{
    codes::VER004,
    Area::install,
    "a component of AIBrix is passed a flag unknown to its image",
    flag_needs,
    run_flags,
    {"A component is started with a command line flag that its program does not know: it prints "
     "\"flag provided but not defined\" (or \"unrecognized arguments\") and ends with exit code 2, "
     "again and again.",
     "The manifests are of a later release than the image, or the flag is misspelled.",
     "Use manifests and images of one release.", "every release, as far as its flags are known"}};

}  // namespace checks
