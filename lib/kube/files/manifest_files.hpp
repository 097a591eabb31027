// Paths given with -f, and the manifest files behind them.
#pragma once
#include <string>
#include <vector>

namespace kube {

// Whether reading it comes to an end: a file, or a pipe that is open already (stdin, and what a
// shell makes of <(…)). Else, with what it is, throws base::Error(Fault::usage): a device, a
// socket, a FIFO in the file system, for which somebody would have to open the other end.
void require_readable(const std::string& path);
// A regular file, not a pipe, which gives its text once.
bool can_read_again(const std::string& path);

// The files that a path given by the user stands for.
struct ManifestFiles {
  std::vector<std::string> files;
  bool folder = false;  // they were found in a folder, not named one by one
};

// A folder stands for its *.yaml, *.yml and *.json and those of its subfolders, in the order of
// their names; hidden ones (".git", "..data") are passed over and each folder is entered once,
// whatever symbolic links lead to it. A path that is no folder is for require_readable(). Throws
// base::Error(Fault::usage): FileNotFound, FileUnreadable, NoManifests.
ManifestFiles find_manifests(const std::string& path);

}  // namespace kube
