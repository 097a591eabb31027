// The ModelAdapters that the LoRA checks judge, and their load errors.
#include "checks/common/adapters.hpp"

#include "aibrix/resources.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/timing.hpp"

namespace checks {

using kube::Object;

std::vector<const Object*> adapters_to_judge(const Context& context, Reporter& reporter) {
  return objects_to_judge(context, aibrix::resources::model_adapters, reporter);
}

kube::Condition load_error(const Object& adapter) {
  for (const char* type : {"Ready", "Bound"}) {
    const kube::Condition condition = adapter.condition(type);
    if (condition.is_false() && condition.reason() == "ModelAdapterLoadingError") return condition;
  }
  return {};
}

bool may_still_load(const Context& context, const Object& adapter) {
  const kube::Condition error = load_error(adapter);
  return just_made(context, adapter) || (error.exists() && settling(context, error));
}

std::string unloaded_consequence(const Object& adapter) {
  const std::string name(adapter.name());
  return "Requests for " + name + " get 400 \"model " + name + " does not exist\".";
}

void blame_controller(const Context& context, Finding& finding) {
  if (const auto cause = controller_state(context).cause) {
    finding.caused_by(cause->code, cause->object);
  }
}

}  // namespace checks
