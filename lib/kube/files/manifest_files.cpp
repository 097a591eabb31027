// The search of folders for manifests, and the refusal of what never ends.
#include "kube/files/manifest_files.hpp"

#include <sys/stat.h>
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
#include "base/file.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "kube/files/kustomization.hpp"
#include "kube/files/path_rules.hpp"

namespace kube {
namespace {

namespace fs = std::filesystem;
using base::Error;
using base::Fault;

// Far deeper than any tree of manifests; bounds the recursion.
constexpr int max_depth = 64;

constexpr std::size_t max_ignore_bytes = 1'000'000;

class FolderWalk {
 public:
  FolderWalk(const std::string& root, const FolderOptions& options) : options_(options) {
    for (const std::string& pattern : options.exclude) excluded_.add(pattern, root);
  }

  void walk(const std::string& folder, int depth) {
    struct stat info {};
    if (::stat(folder.c_str(), &info) != 0) unreadable(folder, errno);
    if (!entered_.insert({info.st_dev, info.st_ino}).second) return;
    if (depth > max_depth) {
      throw Error(Fault::usage, "FileUnreadable",
                  base::printable(folder) + " is nested too many folders deep",
                  "name the folder that holds the manifests");
    }
    const auto ignored = base::read_file_if_there(folder + "/.aibrixctlignore", max_ignore_bytes);
    if (ignored) rules_.add_lines(*ignored, folder);
    const FolderKind kind = folder_kind(folder);
    if (kind.chart && options_.helm) return found_.helm_on.push_back(folder);
    if (kind.kustomize) note(folder, kind.uses);
    for (const std::string& name : entries(folder)) {
      const std::string path = folder.back() == '/' ? folder + name : folder + "/" + name;
      struct stat entry {};
      if (::stat(path.c_str(), &entry) != 0) {
        // A link that leads nowhere matters only if it claims to be a manifest.
        if (is_manifest(name) && !leaves_out(path, false)) files_.push_back(path);
      } else if (S_ISDIR(entry.st_mode)) {
        if (leaves_out(path, true)) {
          ++found_.excluded;
        } else if (kind.chart && name == "templates") {
          walk_templates(folder, path, depth + 1);
        } else {
          walk(path, depth + 1);
        }
      } else if (S_ISREG(entry.st_mode) && is_manifest(name)) {
        if (leaves_out(path, false)) {
          ++found_.excluded;
        } else {
          files_.push_back(path);
        }
      }
    }
  }

  ManifestFiles take() {
    found_.folder = true;
    leave_out_of_kustomize();
    found_.files = std::move(files_);
    return std::move(found_);
  }

 private:
  bool leaves_out(const std::string& path, bool folder) const {
    return excluded_.leaves_out(path, folder) || rules_.leaves_out(path, folder);
  }

  // All that a chart's templates are is text that Helm makes manifests of.
  void walk_templates(const std::string& chart, const std::string& folder, int depth) {
    const std::size_t before = files_.size();
    walk(folder, depth);
    const auto first = files_.begin() + static_cast<std::ptrdiff_t>(before);
    if (first == files_.end()) return;
    found_.charts.push_back(chart);
    found_.templates.insert(found_.templates.end(), first, files_.end());
    files_.erase(first, files_.end());
  }

  struct Kustomized {
    std::string folder;
    Kustomization uses;
  };
  void note(const std::string& folder, const Kustomization& uses) {
    std::string normal = fs::path(folder).lexically_normal().string();
    if (normal.size() > 1 && normal.back() == '/') normal.pop_back();
    kustomized_.push_back({normal, uses});
  }

  // Of normal paths.
  static bool is_below(const std::string& path, const std::string& folder) {
    if (folder == ".") return !path.starts_with("..") && !path.starts_with('/');
    return path.starts_with(folder) &&
           (path.size() == folder.size() || folder.ends_with('/') || path[folder.size()] == '/');
  }

  bool is_base(const std::string& path) const {
    return std::ranges::any_of(kustomized_, [&](const Kustomized& one) {
      return std::ranges::any_of(one.uses.bases, [&](const std::string& base) {
        // A base that the kustomization itself stands in would take everything with it.
        return is_below(path, base) && !is_below(one.folder, base);
      });
    });
  }

  bool is_patch(const std::string& path) const {
    return std::ranges::any_of(kustomized_, [&](const Kustomized& one) {
      return std::ranges::find(one.uses.patches, path) != one.uses.patches.end();
    });
  }

  // What is in the folder of a kustomization is its to say.
  void leave_to_kustomize() {
    std::erase_if(files_, [&](const std::string& file) {
      const std::string path = fs::path(file).lexically_normal().string();
      return is_patch(path) || is_base(path) ||
             std::ranges::any_of(kustomized_,
                                 [&](const Kustomized& one) { return is_below(path, one.folder); });
    });
    for (const Kustomized& one : kustomized_) {
      if (!is_base(one.folder)) found_.kustomize_on.push_back(one.folder);
    }
  }

  // In two steps: a base may have been found before what builds on it.
  void leave_out_of_kustomize() {
    if (kustomized_.empty()) return;
    if (options_.kustomize) return leave_to_kustomize();
    found_.left_out = std::erase_if(files_, [&](const std::string& file) {
      const std::string path = fs::path(file).lexically_normal().string();
      return is_patch(path) || is_base(path);
    });
    for (const Kustomized& one : kustomized_) {
      if (one.uses.changes && !is_base(one.folder)) found_.kustomizations.push_back(one.folder);
    }
  }

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

  const FolderOptions& options_;
  PathRules excluded_;  // by the command line: no file takes it in again
  PathRules rules_;
  ManifestFiles found_;
  std::vector<Kustomized> kustomized_;
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
    const bool finite = base::is_null_device(info) || (open_already && ::isatty(0) == 1);
    return finite ? "" : "a device";
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

ManifestFiles find_manifests(const std::string& path, const FolderOptions& options) {
  struct stat info {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    require_readable(path);
    ManifestFiles file;
    file.files = {path};
    return file;
  }
  FolderWalk walk(path, options);
  walk.walk(path, 0);
  ManifestFiles found = walk.take();
  const bool nothing = found.files.empty() && found.templates.empty() &&
                       found.kustomize_on.empty() && found.helm_on.empty();
  if (nothing && found.excluded == 0) {
    throw Error(Fault::usage, "NoManifests",
                "no *.yaml, *.yml or *.json file in folder " + base::printable(path),
                "give the folder that holds them, or the output of kubectl by -f -");
  }
  return found;
}

}  // namespace kube
