// Whole clusters in files: the examples, and what was recorded.
#include "support/recorded.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <stdexcept>

#include "aibrix/cluster.hpp"
#include "aibrix/resources.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace support {
namespace {

const std::string folder = SOURCE_DIR "/../shared/testdata/clusters/";

const kube::Resource* resource_of(const kube::Value& root) {
  const std::string_view api = root["apiVersion"].text();
  const std::size_t slash = api.find('/');
  const std::string_view group = slash == std::string_view::npos ? "" : api.substr(0, slash);
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (r->group == group && r->kind == root["kind"].text()) return r;
  }
  return nullptr;  // a kind no check reads
}

// The newest "2026-11-23T09:36:27Z" in the text.
std::optional<base::Time> newest_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  std::string_view newest;
  for (std::size_t i = text.find("20"); i != std::string_view::npos; i = text.find("20", i + 1)) {
    const std::string_view candidate = text.substr(i, shape.size());
    if (candidate.size() < shape.size() || candidate[4] != '-' || candidate[10] != 'T' ||
        candidate[13] != ':' || candidate[16] != ':') {
      continue;
    }
    newest = std::max(newest, candidate);
  }
  return base::parse_time(std::string(newest) + 'Z');
}

}  // namespace

std::vector<std::string> Recording::names() {
  std::vector<std::string> out;
  if (!std::filesystem::is_directory(folder)) return out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".yaml") out.push_back(entry.path().stem().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

std::string Recording::path_of(const std::string& name) {
  return folder + name + ".yaml";
}

Recording Recording::example(const std::string& name) {
  return {name, SOURCE_DIR "/examples/" + name + "/cluster.yaml"};
}

Recording::Recording(const std::string& name, const std::string& path)
    : name_(name), document_(std::make_shared<kube::Document>()) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + name);
  std::stringstream text;
  text << file.rdbuf();
  now_ = newest_time(text.str());
  const auto add = [&](const kube::Value& root) {
    const kube::Resource* resource = resource_of(root);
    if (resource != nullptr) objects_.emplace_back(*resource, root);
    if (resource == &kube::resources::crds) {
      kinds_with_crd_.emplace_back(root["metadata"]["name"].text());
    }
  };
  for (const kube::Value& root : kube::read_yaml(text.str(), name + ".yaml", *document_)) {
    if (!root["kind"].text().ends_with("List")) add(root);
    for (const kube::Value& item : root["items"].items()) add(item);
  }
}

kube::Snapshot Recording::snapshot(const Change& change) const {
  kube::SnapshotBuilder builder(kube::Source::files);
  builder.own(document_);
  builder.now(now_);
  for (const kube::Resource* r : aibrix::resources::all()) {
    kube::List list;
    for (const kube::Object& object : objects_) {
      if (&object.resource() == r) list.objects.push_back(object);
    }
    const bool has_crd = std::find(kinds_with_crd_.begin(), kinds_with_crd_.end(),
                                   kube::full_name(*r)) != kinds_with_crd_.end();
    const bool known = has_crd || !list.objects.empty();
    list.state = known ? kube::ListState::loaded : kube::ListState::not_recorded;
    list.everywhere = known;
    if (change) change(*r, list);
    builder.set(*r, std::move(list));
  }
  return builder.build();
}

const std::vector<Recording>& whole_clusters() {
  static const std::vector<Recording> all = [] {
    std::vector<Recording> out = {Recording::example("healthy-cluster"),
                                  Recording::example("broken-cluster")};
    for (const std::string& name : Recording::names()) out.emplace_back(name);
    if (Recording::names().empty()) {
      std::cout << "skipped: ../shared/testdata/clusters is not there\n";
    }
    return out;
  }();
  return all;
}

checks::Outcomes run_on(const kube::Snapshot& snapshot,
                        std::span<const checks::Check* const> checks) {
  const aibrix::Cluster cluster(snapshot);
  return checks::run(checks, {snapshot, cluster, {}});
}

}  // namespace support
