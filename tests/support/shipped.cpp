// Which files of ../shared/testdata/aibrix are manifests.
#include "support/shipped.hpp"

#include <algorithm>

namespace support {
namespace {

namespace fs = std::filesystem;

enum class Kind { manifest, base, other };

Kind kind_of(const fs::path& path) {
  if (path.extension() != ".yaml") return Kind::other;
  const std::string text = path.string();
  const std::string name = path.filename().string();
  if (text.find("/parts/") == std::string::npos) return Kind::manifest;
  const bool fragment = name.starts_with("kustomiz") || name.ends_with("_patch.yaml") ||
                        text.find("/dist/chart/") != std::string::npos;
  return fragment ? Kind::other : Kind::base;
}

std::vector<fs::path> files(Kind kind) {
  std::vector<fs::path> out;
  const fs::path folder = SOURCE_DIR "/../shared/testdata/aibrix";
  if (!fs::exists(folder)) return out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && kind_of(entry.path()) == kind) out.push_back(entry.path());
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::vector<fs::path> shipped_manifests() {
  return files(Kind::manifest);
}

std::vector<fs::path> kustomize_bases() {
  return files(Kind::base);
}

}  // namespace support
