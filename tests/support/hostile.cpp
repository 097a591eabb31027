// Recorded clusters with their names and texts spoiled.
#include "support/hostile.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "aibrix/resources.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace support {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

bool is_read(const Json& object) {
  const std::string api = object.value("apiVersion", "");
  const std::string group = api.find('/') == std::string::npos ? "" : api.substr(0, api.find('/'));
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (r->group == group && r->kind == object.value("kind", "")) return true;
  }
  return false;
}

bool is_own_name(const std::string& name) {
  for (const char* fixed : {"aibrix", "envoy", "kube-", "default"}) {
    if (name.rfind(fixed, 0) == 0) return false;
  }
  return true;
}

std::map<std::string, std::string> new_names(const Json& objects, const Hostility& hostility) {
  std::set<std::string> names;
  for (const Json& o : objects) {
    const std::string kind = o.value("kind", "");
    if (kind == "CustomResourceDefinition" || kind == "APIService") continue;
    const Json& meta = o.at("metadata");
    names.insert(meta.value("name", ""));
    names.insert(meta.value("namespace", ""));
    const Json labels = meta.value("labels", Json::object());
    for (const auto& [key, value] : labels.items()) {
      if (key.rfind("model.aibrix.ai/name", 0) == 0 && value.is_string())
        names.insert(value.get<std::string>());
    }
  }
  names.erase("");
  std::map<std::string, std::string> out;
  for (const std::string& name : names) {
    if (hostility.all || is_own_name(name)) out[name] = hostility.before + name + hostility.after;
  }
  return out;
}

void spoil(Json& value, const std::map<std::string, std::string>& names,
           const Hostility& hostility) {
  if (value.is_string()) {
    const auto it = names.find(value.get<std::string>());
    if (it != names.end()) value = it->second;
  } else if (value.is_array()) {
    for (Json& item : value) spoil(item, names, hostility);
  } else if (value.is_object()) {
    for (auto& [key, member] : value.items()) {
      if (key == "message" && member.is_string()) {
        member = member.get<std::string>() + hostility.after;
      } else if (key == "finalizers" && member.is_array()) {
        continue;  // their names are what they are found by
      } else {
        spoil(member, names, hostility);
      }
      if (key == "args" && member.is_array()) {
        member.push_back("--served-model-name");
        member.push_back("model" + hostility.after);
      }
    }
    if (value.value("name", Json()) == "ROUTING_ALGORITHM" && value.contains("value")) {
      value["value"] = "random" + hostility.after;
    }
    if (value.contains("annotations") && value["annotations"].is_object()) {
      value["annotations"]["note" + hostility.after] = hostility.after;
    }
  }
}

}  // namespace

std::vector<std::string> recorded_clusters() {
  std::vector<std::string> out = {SOURCE_DIR "/examples/broken-cluster/cluster.yaml"};
  for (const char* folder :
       {SOURCE_DIR "/../shared/testdata/clusters", SOURCE_DIR "/../shared/testdata/field",
        SOURCE_DIR "/../shared/testdata/finalizers"}) {
    if (!fs::is_directory(folder)) continue;
    for (const auto& entry : fs::directory_iterator(folder)) {
      if (entry.path().extension() == ".yaml") out.push_back(entry.path().string());
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

Json objects_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  kube::Document document;
  Json out = Json::array();
  const auto add = [&](const Json& object) {
    if (object.is_object() && is_read(object)) out.push_back(object);
  };
  for (const kube::Value& root : kube::read_yaml(text.str(), path, document)) {
    const Json object = Json::parse(kube::to_json(root));
    if (!object.is_object()) continue;
    if (!object.contains("items")) add(object);
    for (const Json& item : object.value("items", Json::array())) add(item);
  }
  return out;
}

Json spoiled(Json objects, const Hostility& hostility) {
  const auto names = new_names(objects, hostility);
  spoil(objects, names, hostility);
  return objects;
}

}  // namespace support
