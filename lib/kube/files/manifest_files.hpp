#pragma once
#include <string>
#include <vector>

namespace kube {

// The files that a path given by the user stands for.
struct ManifestFiles {
  std::vector<std::string> files;
  bool folder = false;  // they were found in a folder, not named one by one
};

// A folder stands for its *.yaml, *.yml and *.json and those of its subfolders, in the order of
// their names; hidden ones (".git", "..data") are passed over and each folder is entered once,
// whatever symbolic links lead to it. Throws base::Error(Fault::usage): FileNotFound,
// FileUnreadable, NoManifests.
ManifestFiles find_manifests(const std::string& path);

}  // namespace kube
