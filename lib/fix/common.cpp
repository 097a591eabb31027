// Steps, API versions, advice and commands as all planners make them.
#include "fix/common.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "checks/core/command.hpp"
#include "fix/fix.hpp"
#include "kube/read/discovery.hpp"

namespace fix {

std::string request_version(const kube::Snapshot& snapshot, const kube::Resource& resource) {
  kube::Discovery discovery;
  if (snapshot.served()) discovery.served = *snapshot.served();
  return discovery.version_for(resource).value_or(std::string(resource.version));
}

Step step_on(const kube::Snapshot& snapshot, const kube::Object& object) {
  Step step;
  step.resource = &object.resource();
  step.version = request_version(snapshot, object.resource());
  step.object = object.ref();
  step.uid = object.uid();
  return step;
}

std::string not_read(const kube::Snapshot& snapshot, const kube::Resource& resource) {
  const std::string name = kube::full_name(resource);
  switch (snapshot.state(resource)) {
    case kube::ListState::loaded:
    case kube::ListState::absent: return {};
    case kube::ListState::forbidden: return "you may not list " + name;
    case kube::ListState::failed:
      return name + " could not be read: " + std::string(snapshot.detail(resource));
    case kube::ListState::not_asked:
    case kube::ListState::not_recorded: break;
  }
  return name + " not recorded";
}

void add_once(std::vector<Advice>& list, Advice advice) {
  const bool known =
      std::any_of(list.begin(), list.end(), [&](const Advice& a) { return a.text == advice.text; });
  if (!known) list.push_back(std::move(advice));
}

checks::Command fix_command(std::string_view fix, const Options& options,
                            std::initializer_list<checks::Word> flags) {
  checks::Command out = checks::aibrixctl("fix", fix);
  const Fix* known = find(fix);
  if (options.namespaces.empty() && known != nullptr && known->needs_place) {
    out.with("--all-namespaces");
  } else if (!options.namespaces.empty()) {
    out.with("-n", base::join(options.namespaces, ","));
  }
  for (const checks::Word& flag : flags) out.with(flag);
  return out;
}

}  // namespace fix
