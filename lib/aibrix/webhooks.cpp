// The reader of webhook configurations: rules, selectors, Service, CA bundle.
#include "aibrix/webhooks.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "kube/selector.hpp"

namespace aibrix {
namespace {

bool lists(const kube::Value& array, std::string_view word) {
  const auto items = array.items();
  return std::any_of(items.begin(), items.end(), [&](const kube::Value& item) {
    return item.text() == word || item.text() == "*" || item.text() == "*/*";
  });
}

}  // namespace

bool Webhook::has_ca() const {
  const std::string_view bundle = base::trim(value.at("clientConfig", "caBundle").text());
  return !bundle.empty() && bundle != "Cg==";
}

kube::ObjectRef Webhook::service() const {
  const kube::Value service = value.at("clientConfig", "service");
  return {"", "Service", std::string(service["namespace"].text()),
          std::string(service["name"].text())};
}

bool Webhook::covers(const kube::Resource& resource, std::string_view operation) const {
  const auto rules = value["rules"].items();
  return std::any_of(rules.begin(), rules.end(), [&](const kube::Value& rule) {
    const std::string_view scope = rule["scope"].text("*");
    const bool in_scope = scope == "*" || (scope == "Namespaced") == resource.namespaced;
    return in_scope && lists(rule["apiGroups"], resource.group) &&
           lists(rule["resources"], resource.plural) && lists(rule["operations"], operation);
  });
}

bool Webhook::selects(const kube::Snapshot& snapshot, const kube::Object& object) const {
  if (!kube::matches_selector(value["objectSelector"], object.labels())) return false;
  if (value["namespaceSelector"].empty() || !object.resource().namespaced) return true;
  const kube::Lookup ns = snapshot.find(kube::resources::namespaces, "", object.ns());
  return ns && kube::matches_selector(value["namespaceSelector"], ns->labels());
}

bool Webhook::is_aibrix() const {
  const std::string_view path = value.at("clientConfig", "service", "path").text();
  if (!path.starts_with("/mutate-") && !path.starts_with("/validate-")) return false;
  return path.find("-aibrix-ai-") != std::string_view::npos || name().ends_with(".aibrix.ai");
}

std::string Webhook::path(std::string_view field) const {
  return "webhooks[" + std::to_string(index) + "]." + std::string(field);
}

std::vector<Webhook> webhooks(const kube::Snapshot& snapshot) {
  std::vector<Webhook> out;
  for (const kube::Resource* kind :
       {&kube::resources::mutating_webhooks, &kube::resources::validating_webhooks}) {
    for (const kube::Object& configuration : snapshot.list(*kind)) {
      const auto entries = configuration["webhooks"].items();
      for (std::size_t i = 0; i < entries.size(); ++i) {
        out.push_back({&configuration, i, entries[i]});
      }
    }
  }
  return out;
}

}  // namespace aibrix
