// The reader of the controller-manager's flags, for all Deployments that run it.
#include "aibrix/controllers.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "aibrix/cluster.hpp"
#include "aibrix/image.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

struct ControllerName {
  std::string_view name;
  ReleaseSpan releases;
};
// pkg/features/features.go ValidControllers at the tags; v0.1 has no such flag.
constexpr auto valid_names = std::to_array<ControllerName>({
    {controller_names::pod_autoscaler, since(v0_1)},
    {controller_names::distributed_inference, since(v0_1)},
    {controller_names::model_adapter, since(v0_1)},
    {controller_names::model_route, since(v0_1)},
    {controller_names::kv_cache, since(v0_2)},
    {controller_names::storm_service, since(v0_4)},
    {controller_names::model_claim, since(v0_8)},
    {controller_names::model_warmup, since(v0_8)},
});

constexpr std::string_view program = "aibrix/controller-manager";

bool switched_on(const std::optional<std::string>& value) {
  if (!value) return false;
  const std::string text = base::lower(*value);  // what strconv.ParseBool takes
  return text != "false" && text != "0" && text != "f";
}

// As Go's flag package reads it: "-f=v", "--f=v", "--f v"; a switch without a value is "true".
std::optional<std::string> flag_value(const kube::Value& container, std::string_view flag) {
  std::optional<std::string> found;  // the last one given wins
  for (const std::string_view list : {"command", "args"}) {
    const auto words = container[list].items();
    for (std::size_t i = 0; i < words.size(); ++i) {
      std::string_view word = words[i].text();
      if (!word.starts_with('-')) continue;
      word.remove_prefix(word.starts_with("--") ? 2 : 1);
      if (!word.starts_with(flag)) continue;
      word.remove_prefix(flag.size());
      if (word.starts_with('=')) found = word.substr(1);
      if (!word.empty()) continue;
      const bool separate = i + 1 < words.size() && !words[i + 1].text().starts_with('-');
      found = separate ? words[i + 1].text() : std::string_view("true");
    }
  }
  return found;
}

// The container that runs the manager: by image, else the one called "manager", else the first.
kube::Value manager_container(const kube::Object& deployment) {
  const kube::Value containers = deployment.at("spec", "template", "spec", "containers");
  for (const kube::Value& c : containers.items()) {
    if (image_name(c["image"].text()).ends_with("controller-manager")) return c;
  }
  for (const kube::Value& c : containers.items()) {
    if (c["name"].text() == "manager") return c;
  }
  return containers[std::size_t{0}];
}

bool runs_program(const kube::Object& deployment) {
  for (const kube::Value& c : deployment.at("spec", "template", "spec", "containers").items()) {
    if (image_name(c["image"].text()) == program) return true;
  }
  return false;
}

ControllerProcess read_process(const kube::Object& deployment) {
  ControllerProcess process;
  process.deployment = &deployment;
  const kube::Value container = manager_container(deployment);
  process.controllers = flag_value(container, "controllers").value_or("*");
  process.leader_election = switched_on(flag_value(container, "leader-elect"));
  process.lease_ns = flag_value(container, "leader-election-namespace")
                         .value_or(std::string(names::system_namespace));
  process.lease_name =
      flag_value(container, "leader-election-id").value_or(std::string(names::controller_lease));
  process.webhook = !switched_on(flag_value(container, "disable-webhook"));
  return process;
}

}  // namespace

bool controller_enabled(std::string_view list, std::string_view name) {
  bool on = false;
  for (std::string_view entry : base::split(list, ',')) {
    entry = base::trim(entry);
    if (entry == "*" || entry == name) on = true;
    if (entry.starts_with('-') && entry.substr(1) == name) on = false;
  }
  return on;
}

std::vector<std::string> unknown_controllers(std::string_view list, const Release& release) {
  std::vector<std::string> out;
  for (std::string_view entry : base::split(list, ',')) {
    entry = base::trim(entry);
    if (entry == "*") continue;
    if (entry.starts_with('-')) entry.remove_prefix(1);
    const bool valid =
        std::any_of(valid_names.begin(), valid_names.end(), [&](const ControllerName& row) {
          return row.name == entry && row.releases.holds(release).value_or(true);
        });
    if (!valid && !entry.empty()) out.emplace_back(entry);
  }
  return out;
}

std::vector<ControllerProcess> controller_processes(const Cluster& cluster) {
  std::vector<ControllerProcess> out;
  const kube::Object* own = cluster.component(ComponentRole::controller_manager).deployment;
  if (own != nullptr) out.push_back(read_process(*own));
  for (const kube::Object& d : cluster.snapshot().list(kube::resources::deployments)) {
    if (&d != own && runs_program(d)) out.push_back(read_process(d));
  }
  return out;
}

}  // namespace aibrix
