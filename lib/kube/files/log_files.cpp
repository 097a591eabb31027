// The search for logs beside dumps.
#include "kube/files/log_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "base/chars.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"

namespace kube {
namespace {

namespace fs = std::filesystem;

// A bundle has a few thousand files; a folder that somebody named by mistake may have all of a
// disk.
constexpr std::size_t most_files = 20'000;
constexpr int deepest_folder = 8;
// Read of a file's end. Runtime prefixes and colours do not count to what is kept.
constexpr std::size_t tail_bytes = 4 * kept_log_bytes;

struct Layout {
  std::string_view path;  // {ns}, {pod} and {container} filled in, the end of a file's path
  bool previous;
  bool several = false;  // logs of all containers, each between START and END
};

constexpr auto layouts = std::to_array<Layout>({
    {"{ns}_{pod}_{container}_previous.log", true},
    {"{ns}_{pod}_{container}-previous.log", true},
    {"{ns}_{pod}_{container}.previous.log", true},
    {"{ns}_{pod}_{container}.log", false},
    {"pods/logs/{ns}/{pod}/{container}-previous.log", true},
    {"pods/logs/{ns}/{pod}/{container}.log", false},
    {"pod-logs/{ns}/{pod}/{container}-previous.log", true},
    {"pod-logs/{ns}/{pod}/{container}.log", false},
    {"namespaces/{ns}/pods/{pod}/{container}/{container}/logs/previous.log", true},
    {"namespaces/{ns}/pods/{pod}/{container}/{container}/logs/current.log", false},
    {"{ns}/{pod}/logs.txt", false, true},
});

// Names come from the dump: nothing that is no name of Kubernetes becomes part of a path.
bool is_name(std::string_view text) {
  return !text.empty() && text[0] != '.' && std::ranges::all_of(text, [](char c) {
    return base::is_alnum(c) || c == '-' || c == '.';
  });
}

std::string filled_in(std::string_view layout, const ContainerRef& c) {
  std::string out(layout);
  for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"{ns}", c.ns},
                                    {"{pod}", c.pod},
                                    {"{container}", c.container}}) {
    for (std::size_t at = out.find(name); at != std::string::npos; at = out.find(name, at)) {
      out.replace(at, name.size(), value);
      at += value.size();
    }
  }
  return out;
}

bool is_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

// Whether the path ends with these names, and not with a part of the first.
bool ends_with_names(const std::string& path, const std::string& names) {
  return path.ends_with(names) &&
         (path.size() == names.size() || path[path.size() - names.size() - 1] == '/');
}

// Both throw base::Error when they cannot read the file.
std::string read_tail(const std::string& path) {
  std::ifstream in(path, std::ios::binary | std::ios::ate);
  if (!in) {
    throw base::Error(base::Fault::usage, "FileUnreadable",
                      base::printable(path) + " cannot be read");
  }
  const std::streamoff size = in ? static_cast<std::streamoff>(in.tellg()) : 0;
  const auto most = static_cast<std::streamoff>(tail_bytes);
  const std::streamoff from = std::max<std::streamoff>(size - most, 0);
  in.seekg(from);
  std::string text(static_cast<std::size_t>(size - from), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
  // Half a line could be half a secret.
  if (from > 0) text.erase(0, std::min(text.find('\n'), text.size() - 1) + 1);
  return text;
}

// "==== START logs for container manager of pod aibrix-system/x ====" … "==== END …"
std::string between_marks(const std::string& path, const ContainerRef& c) {
  constexpr std::size_t most = std::size_t{32} << 20;
  const std::string all = base::read_file(path, most);
  const std::string what = " logs for container " + c.container + " of pod " + c.ns + '/' + c.pod;
  const std::size_t start = all.find("==== START" + what);
  if (start == std::string::npos) return {};
  const std::size_t line = all.find('\n', start);
  if (line == std::string::npos) return {};
  return all.substr(line + 1, all.find("==== END" + what, line) - line - 1);
}

class Search {
 public:
  explicit Search(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
      std::error_code error;
      if (path == "-" || path.starts_with("/dev/") || path.starts_with("/proc/")) continue;
      if (fs::is_directory(path, error)) {
        walk(path);
      } else {
        const std::string folder = base::parent_folder(path);
        folders_.push_back(folder);
        folders_.push_back(folder + "/..");
      }
    }
  }

  // Empty: there is none.
  std::string find(const std::string& names) const {
    const auto it = std::ranges::find_if(
        files_, [&](const std::string& file) { return ends_with_names(file, names); });
    if (it != files_.end()) return *it;
    for (const std::string& folder : folders_) {
      if (is_file(folder + '/' + names)) return folder + '/' + names;
    }
    return {};
  }

 private:
  void walk(const std::string& folder) {
    std::error_code error;
    fs::recursive_directory_iterator it(folder, fs::directory_options::skip_permission_denied,
                                        error);
    std::size_t seen = 0;
    for (; !error && it != fs::recursive_directory_iterator(); it.increment(error)) {
      if (++seen > most_files) return;
      if (it.depth() >= deepest_folder) it.disable_recursion_pending();
      const std::string path = it->path().string();
      if ((path.ends_with(".log") || path.ends_with("/logs.txt")) && is_file(path)) {
        files_.push_back(path);
      }
    }
  }

  std::vector<std::string> files_;
  std::vector<std::string> folders_;
};

std::optional<PodLog> log_of(const Search& search, const LogTarget& target,
                             std::vector<std::string>& failures) {
  const ContainerRef& c = target.container;
  if (!is_name(c.ns) || !is_name(c.pod) || !is_name(c.container)) return std::nullopt;
  // First what is wanted first.
  for (const bool previous : {target.previous, !target.previous}) {
    for (const Layout& layout : layouts) {
      if (layout.previous != previous) continue;
      const std::string path = search.find(filled_in(layout.path, c));
      if (path.empty()) continue;
      try {
        std::string text = log_end(layout.several ? between_marks(path, c) : read_tail(path));
        if (!text.empty()) return PodLog{c, previous, std::move(text), path};
      } catch (const base::Error& error) {
        if (error.fault != base::Fault::usage) throw;
        failures.emplace_back(error.what());
      }
    }
  }
  return std::nullopt;
}

}  // namespace

LogsRead logs_beside(std::span<const std::string> paths, std::span<const LogTarget> targets) {
  LogsRead out;
  if (targets.empty()) return out;
  const Search search(paths);
  for (const LogTarget& target : targets) {
    if (auto log = log_of(search, target, out.failures)) out.logs.push_back(std::move(*log));
  }
  return out;
}

}  // namespace kube
