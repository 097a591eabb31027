// The search of folders for manifests, and the refusal of what never ends.
#include "kube/files/manifest_files.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <set>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Fault;

// Far deeper than any tree of manifests; bounds the recursion.
constexpr int max_depth = 64;

class FolderWalk {
 public:
  void walk(const std::string& folder, int depth) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) unreadable(folder, errno);
    if (!entered_.insert({info.st_dev, info.st_ino}).second) return;
    if (depth > max_depth) {
      throw Error(Fault::usage, "FileUnreadable",
                  base::printable(folder) + " is nested too many folders deep",
                  "name the folder that holds the manifests");
    }
    for (const std::string& name : entries(folder)) {
      const std::string path = folder.back() == '/' ? folder + name : folder + "/" + name;
      struct stat entry {};
      if (::stat(path.c_str(), &entry) != 0) {
        // A link that leads nowhere matters only if it claims to be a manifest.
        if (is_manifest(name)) files_.push_back(path);
      } else if (S_ISDIR(entry.st_mode)) {
        walk(path, depth + 1);
      } else if (S_ISREG(entry.st_mode) && is_manifest(name)) {
        files_.push_back(path);
      }
    }
  }

  std::vector<std::string> take() { return std::move(files_); }

 private:
  static bool is_manifest(const std::string& name) {
    constexpr auto extensions = std::to_array<std::string_view>({".yaml", ".yml", ".json"});
    return std::ranges::any_of(extensions, [&](std::string_view extension) {
      return name.size() > extension.size() &&
             name.compare(name.size() - extension.size(), std::string::npos, extension) == 0;
    });
  }

  static std::vector<std::string> entries(const std::string& folder) {
    std::error_code error;
    std::vector<std::string> names;
    fs::directory_iterator it(folder, error);
    for (; !error && it != fs::directory_iterator(); it.increment(error)) {
      const std::string name = it->path().filename().string();
      if (name[0] != '.') names.push_back(name);
    }
    if (error) unreadable(folder, error.value());
    std::sort(names.begin(), names.end());
    return names;
  }

  [[noreturn]] static void unreadable(const std::string& folder, int error) {
    throw Error(Fault::usage, "FileUnreadable",
                "cannot read folder " + base::printable(folder) + ": " + std::strerror(error));
  }

  std::set<std::pair<dev_t, ino_t>> entered_;
  std::vector<std::string> files_;
};

bool is_open_already(std::string_view path) {
  constexpr auto folders = std::to_array<std::string_view>({"/dev/fd/", "/proc/self/fd/"});
  return path == "/dev/stdin" || std::ranges::any_of(folders, [&](std::string_view folder) {
           return path.starts_with(folder);
         });
}

// What it is, when it may have no end; empty when it has one.
std::string_view endless(const struct stat& info, bool open_already) {
  if (S_ISCHR(info.st_mode)) {
    const bool finite = info.st_rdev == makedev(1, 3) || (open_already && ::isatty(0) == 1);
    return finite ? "" : "a device";  // 1, 3: /dev/null
  }
  if (S_ISBLK(info.st_mode)) return "a device";
  if (S_ISFIFO(info.st_mode)) return open_already ? "" : "a FIFO";
  if (S_ISSOCK(info.st_mode)) return open_already ? "" : "a socket";
  return "";
}

}  // namespace

void require_readable(const std::string& path) {
  struct stat info {};
  // What cannot be looked at is left to the reader, which says why.
  if (::stat(path.c_str(), &info) != 0) return;
  const std::string_view what = endless(info, is_open_already(path));
  if (what.empty()) return;
  throw Error(Fault::usage, "FileUnreadable",
              (path == "/dev/stdin" ? "stdin" : base::printable(path)) + " is " +
                  std::string(what) + ", not a file",
              "give a file, a folder, or - for what is piped to stdin");
}

bool can_read_again(const std::string& path) {
  struct stat info {};
  return !is_open_already(path) && ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

ManifestFiles find_manifests(const std::string& path) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    require_readable(path);
    return {{path}, false};
  }
  FolderWalk walk;
  walk.walk(path, 0);
  ManifestFiles found{walk.take(), true};
  if (found.files.empty()) {
    throw Error(Fault::usage, "NoManifests",
                "no *.yaml, *.yml or *.json file in folder " + base::printable(path),
                "give the folder that holds them, or the output of kubectl by -f -");
  }
  return found;
}

}  // namespace kube
