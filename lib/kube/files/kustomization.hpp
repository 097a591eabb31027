// Folders of kustomize and Helm: what of them is no manifest by itself.
#pragma once
#include <string>
#include <vector>

namespace kube {

// What a kustomization.yaml takes from files beside it and in other folders.
struct Kustomization {
  std::vector<std::string> patches;  // files
  std::vector<std::string> bases;  // folders: judged as the kustomization makes them, or not at all
  bool changes = false;            // what it gives is not what the files say
};

// Of a folder; empty for one without a kustomization, or whose kustomization cannot be read.
struct FolderKind {
  bool kustomize = false;
  bool chart = false;  // Chart.yaml stands in it
  Kustomization uses;
};
FolderKind folder_kind(const std::string& folder);

}  // namespace kube
