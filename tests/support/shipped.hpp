// Where the manifests of AIBrix's releases are.
#pragma once
#include <filesystem>
#include <vector>

namespace support {

// The manifests that AIBrix's releases ship, of ../shared/testdata/aibrix: installs, CRDs, rendered
// charts and samples. Empty where that folder is not there.
std::vector<std::filesystem::path> shipped_manifests();

// What a release builds them from: whole objects, but before kustomize has set their namespace and
// the prefix of their names. No kustomizations, patches or templates.
std::vector<std::filesystem::path> kustomize_bases();

}  // namespace support
