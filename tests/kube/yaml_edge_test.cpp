// YAML's edges, beside what kubectl's reader made of them.
#include <filesystem>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "catch.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace {

using nlohmann::json;

// The documents that are not null; nothing for a text that is refused.
using Documents = std::optional<std::vector<json>>;

Documents ours(const std::string& path) {
  kube::Document document;
  std::vector<kube::Duplicate> duplicates;
  std::vector<json> documents;
  try {
    for (const kube::Value& value :
         kube::read_yaml(base::read_file(path, 1U << 30U), path, document, &duplicates)) {
      if (!value.is_null()) documents.push_back(json::parse(kube::to_json(value)));
    }
  } catch (const base::Error&) {
    return std::nullopt;
  }
  return documents;
}

// FILE, number of the document, JSON or ERR with its reason. One refused document refuses the file.
std::map<std::string, Documents> kubectls(const std::string& table) {
  std::map<std::string, Documents> all;
  for (const std::string_view line : base::split(table, '\n')) {
    const auto columns = base::split(line, '\t');
    if (columns.size() != 3) continue;
    const auto [it, first] = all.try_emplace(std::string(columns[0]), std::vector<json>());
    Documents& documents = it->second;
    if (columns[2].starts_with("ERR")) {
      documents.reset();
    } else if (documents) {
      documents->push_back(json::parse(columns[2]));
    }
  }
  return all;
}

}  // namespace

TEST_CASE("at YAML's edges the reader agrees with kubectl's, and never reads another value") {
  const std::string folder = SOURCE_DIR "/../shared/testdata/yaml/";
  if (!std::filesystem::exists(folder + "kubectl.txt")) {
    std::cout << "skipped: ../shared/testdata/yaml is not there\n";
    return;
  }
  const Documents no_documents(std::in_place);
  const auto wanted = kubectls(base::read_file(folder + "kubectl.txt", 1U << 30U));
  std::string differing;
  std::size_t files = 0;
  std::size_t differences = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder + "edge")) {
    const std::string name = "edge/" + entry.path().filename().string();
    Documents documents = ours(folder + name);
    const auto it = wanted.find(name);
    const Documents& theirs = it == wanted.end() ? no_documents : it->second;
    ++files;
    if (documents == theirs) continue;
    ++differences;
    const bool both_read = documents && theirs;
    differing += (both_read ? "\nother values in "
                  : theirs  ? "\nrefused only here: "
                            : "\ntaken only here: ") +
                 name;
  }
  INFO(differing);
  CHECK(files >= 256);
  // What kubectl's splitter refuses ("--- text", directives), and what it silently cuts off.
  CHECK(differences <= 13);
}
