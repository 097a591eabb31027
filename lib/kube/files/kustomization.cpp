// The reader of kustomization.yaml, as far as it says which files are no manifests.
#include "kube/files/kustomization.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.hpp"
#include "base/file.hpp"
#include "kube/parse/yaml_reader.hpp"

namespace kube {
namespace {

constexpr std::size_t max_kustomization_bytes = 4'000'000;

bool is_folder(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool is_there(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0;
}

std::string beside(const std::string& folder, std::string_view path) {
  std::string normal =
      std::filesystem::path(folder + "/" + std::string(path)).lexically_normal().string();
  if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

Kustomization uses_of(const std::string& folder, const Value& root) {
  Kustomization uses;
  const auto patch = [&](const Value& path) {
    // A patch may be written out in place of a file's name.
    const bool file = !path.text().empty() && path.text().find('\n') == std::string_view::npos;
    if (file) uses.patches.push_back(beside(folder, path.text()));
  };
  for (const std::string_view list : {"patches", "patchesJson6902"}) {
    for (const Value& item : root[list].items()) patch(item["path"]);
  }
  for (const std::string_view list : {"patchesStrategicMerge", "configurations", "transformers"}) {
    for (const Value& item : root[list].items()) patch(item);
  }
  for (const std::string_view list : {"resources", "bases", "components"}) {
    for (const Value& item : root[list].items()) {
      const std::string path = beside(folder, item.text());
      if (item.text().empty()) continue;
      if (is_folder(path)) uses.bases.push_back(path);
      if (!is_there(path)) uses.changes = true;  // of another repository
    }
  }
  // Else it is but a list of files.
  constexpr auto lists =
      std::to_array<std::string_view>({"apiVersion", "kind", "metadata", "resources", "crds",
                                       "openapi", "sortOptions", "buildMetadata"});
  uses.changes = uses.changes || !uses.bases.empty() ||
                 std::ranges::any_of(root.members(), [&](const auto& m) {
                   return std::ranges::find(lists, m.key) == lists.end();
                 });
  return uses;
}

}  // namespace

FolderKind folder_kind(const std::string& folder) {
  FolderKind kind;
  struct stat info {};
  kind.chart = ::stat((folder + "/Chart.yaml").c_str(), &info) == 0;
  for (const std::string_view name : {"kustomization.yaml", "kustomization.yml", "Kustomization"}) {
    const std::string path = folder + "/" + std::string(name);
    if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) continue;
    kind.kustomize = true;
    try {
      Document document;
      std::vector<Duplicate> duplicates;
      const auto roots =
          read_yaml(base::read_file(path, max_kustomization_bytes), path, document, &duplicates);
      if (!roots.empty()) kind.uses = uses_of(folder, roots[0]);
    } catch (const base::Error&) {  // told when the file itself is read
    }
    return kind;
  }
  return kind;
}

}  // namespace kube
