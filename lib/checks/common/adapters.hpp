// What the checks of LoRAs share.
#pragma once
#include <string>
#include <vector>

#include "checks/common/objects.hpp"

namespace checks {

// ModelAdapters that are not being deleted. Says in the result when there is none to judge.
std::vector<const kube::Object*> adapters_to_judge(const Context& context, Reporter& reporter);

// The condition by which the controller tells that an engine would not load the adapter; one that
// does not exist when there is none (modeladapter_controller.go: Ready or Bound, False,
// ModelAdapterLoadingError).
kube::Condition load_error(const kube::Object& adapter);
// The controller tries a new adapter on one pod after the other, and makes its Service when one has
// loaded it: until LOR002 speaks, what is not there yet is not missing.
bool may_still_load(const Context& context, const kube::Object& adapter);

// What requests for it get while it is loaded nowhere.
std::string unloaded_consequence(const kube::Object& adapter);
// A controller-manager that is down loads nothing.
void blame_controller(const Context& context, Finding& finding);

}  // namespace checks
