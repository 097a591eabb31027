// The reader and changer of examples/healthy-cluster.
#include "support/example.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "kube/files/manifest.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace support {
namespace {

using nlohmann::json;

std::string label(const json& object) {
  const json& metadata = object.at("metadata");
  const std::string ns = metadata.value("namespace", "");
  return object.at("kind").get<std::string>() + ' ' + (ns.empty() ? "" : ns + '/') +
         metadata.at("name").get<std::string>();
}

json healthy() {
  std::ifstream file(SOURCE_DIR "/examples/healthy-cluster/cluster.yaml");
  std::ostringstream text;
  text << file.rdbuf();
  kube::Document document;
  json items = json::array();
  for (const kube::Value& root : kube::read_yaml(text.str(), "healthy-cluster", document)) {
    for (const kube::Value& item : root["items"].items()) {
      items.push_back(json::parse(kube::to_json(item)));
    }
  }
  return items;
}

// Where the conditions of an object of this kind are.
json& conditions(json& object) {
  json& status = object["status"];
  for (const char* list : {"parents", "ancestors"}) {
    if (status.contains(list)) return status[list].at(0)["conditions"];
  }
  return status["conditions"];
}

}  // namespace

Example::Example() {
  static const json whole = healthy();
  items_ = whole;
}

json& Example::find(std::string_view object) {
  for (json& item : items_) {
    if (label(item) == object) return item;
  }
  throw std::logic_error("no " + std::string(object) + " in the healthy example");
}

Example& Example::drop(std::string_view object) {
  const auto at = &find(object) - &items_.at(0);
  items_.erase(static_cast<std::size_t>(at));
  return *this;
}

Example& Example::merge(std::string_view object, std::string_view patch) {
  find(object).merge_patch(json::parse(patch));
  return *this;
}

Example& Example::merge_all(std::string_view prefix, std::string_view patch) {
  std::size_t merged = 0;
  for (json& item : items_) {
    if (!label(item).starts_with(prefix)) continue;
    item.merge_patch(json::parse(patch));
    ++merged;
  }
  if (merged == 0) throw std::logic_error("no " + std::string(prefix) + "… in the healthy example");
  return *this;
}

Example& Example::patch(std::string_view object, std::string_view patch) {
  json& item = find(object);
  item = item.patch(json::parse(patch));
  return *this;
}

Example& Example::add(std::string_view object) {
  items_.push_back(json::parse(object));
  return *this;
}

Example& Example::condition(std::string_view object, std::string_view type, std::string_view status,
                            std::string_view reason, std::string_view message) {
  const json entry = {{"type", type},
                      {"status", status},
                      {"reason", reason},
                      {"message", message},
                      {"observedGeneration", 1},
                      {"lastTransitionTime", "2026-09-14T08:00:00Z"}};
  json& list = conditions(find(object));
  for (json& condition : list) {
    if (condition.at("type") == type) return condition = entry, *this;
  }
  return list.push_back(entry), *this;
}

std::vector<std::string> Example::objects() const {
  std::vector<std::string> out;
  for (const json& item : items_) out.push_back(label(item));
  return out;
}

kube::Snapshot Example::snapshot() const {
  kube::ManifestOptions options;
  options.paths = {"-"};
  options.whole_cluster = true;
  options.stdin_text = json{{"apiVersion", "v1"}, {"kind", "List"}, {"items", items_}}.dump();
  return kube::read_manifests(std::move(options), aibrix::resources::all());
}

checks::Outcomes Example::doctor() const {
  const kube::Snapshot snapshot = this->snapshot();
  const aibrix::Cluster cluster(snapshot);
  return checks::run(checks::all(), {snapshot, cluster, {}});
}

std::vector<std::string> errors(const checks::Outcomes& outcomes) {
  std::vector<std::string> out;
  for (const checks::Finding& f : outcomes.findings) {
    if (f.level == checks::Level::error)
      out.push_back(f.code + ' ' + kube::to_string(f.subject.ref));
  }
  return out;
}

}  // namespace support
