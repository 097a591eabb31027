// Paths given with -f, and the manifest files behind them.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace kube {

// Whether reading it comes to an end: a file, or a pipe that is open already (stdin, and what a
// shell makes of <(…)). Else, with what it is, throws base::Error(Fault::usage): a device, a
// socket, a FIFO in the file system, for which somebody would have to open the other end.
void require_readable(const std::string& path);
// A regular file, not a pipe, which gives its text once.
bool can_read_again(const std::string& path);

// The files that a path given by the user stands for, and what of a folder is none of them.
struct ManifestFiles {
  std::vector<std::string> files;
  bool folder = false;       // they were found in a folder, not named one by one
  std::size_t excluded = 0;  // files and folders that .aibrixctlignore or a pattern names
  // Patches of kustomizations and the folders they build on: of no meaning alone.
  std::size_t left_out = 0;
  std::vector<std::string> kustomizations;  // the folders to run kustomize on
  std::vector<std::string> templates;       // of charts: files
  std::vector<std::string> charts;          // the folders of these charts
  // Folders whose files are not among `files`, since a program is run on them.
  std::vector<std::string> kustomize_on;
  std::vector<std::string> helm_on;
};

struct FolderOptions {
  std::span<const std::string> exclude;  // patterns (path_rules.hpp)
  bool kustomize = false;                // kustomize is run on kustomizations
  bool helm = false;                     // and Helm on charts
};

// A folder stands for its *.yaml, *.yml and *.json and those of its subfolders, in the order of
// their names; hidden ones (".git", "..data") are passed over and each folder is entered once,
// whatever symbolic links lead to it. Left out is what a pattern or a file .aibrixctlignore names
// (path_rules.hpp; in the folder itself or one below it). A path that is no folder is for
// require_readable(). Throws base::Error(Fault::usage): FileNotFound, FileUnreadable, NoManifests.
ManifestFiles find_manifests(const std::string& path, const FolderOptions& options = {});

}  // namespace kube
