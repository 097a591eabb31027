// The table of what files and variables may set.
#include "settings_keys.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace cli {
namespace {

using Shape = SettingKey::Shape;
constexpr Whose folder = Whose::folder;

constexpr auto key_table = std::to_array<SettingKey>({
    {.name = "fail-on", .flag = "fail-on", .whose = folder},
    {.name = "exclude", .flag = "exclude", .whose = folder, .shape = Shape::list, .of_files = true},
    {.name = "release", .flag = "aibrix-version", .whose = folder},
    {.name = "whole-cluster",
     .flag = "whole-cluster",
     .whose = folder,
     .shape = Shape::flag,
     .of_files = true},
    {.name = "formats", .flag = "output", .whose = folder, .shape = Shape::list},

    {.name = "kubeconfig", .flag = "kubeconfig", .of_cluster = true},
    {.name = "context", .flag = "context", .of_cluster = true},
    {.name = "cluster", .flag = "cluster", .of_cluster = true},
    {.name = "user", .flag = "user", .of_cluster = true},
    {.name = "server", .flag = "server", .of_cluster = true},
    {.name = "token", .flag = "token", .of_cluster = true},
    {.name = "certificate-authority", .flag = "certificate-authority", .of_cluster = true},
    {.name = "client-certificate", .flag = "client-certificate", .of_cluster = true},
    {.name = "client-key", .flag = "client-key", .of_cluster = true},
    {.name = "tls-server-name", .flag = "tls-server-name", .of_cluster = true},
    {.name = "insecure-skip-tls-verify",
     .flag = "insecure-skip-tls-verify",
     .shape = Shape::flag,
     .of_cluster = true},
    {.name = "as", .flag = "as", .of_cluster = true},
    {.name = "as-uid", .flag = "as-uid", .of_cluster = true},
    {.name = "as-group", .flag = "as-group", .shape = Shape::list, .of_cluster = true},
    {.name = "namespace", .flag = "namespace"},
    {.name = "install-namespace", .flag = "install-namespace"},
    {.name = "compression", .flag = "compression"},
    {.name = "disable-compression", .flag = "disable-compression", .shape = Shape::flag},
    {.name = "request-timeout", .flag = "request-timeout"},
    {.name = "timeout", .flag = "timeout"},
    {.name = "max-memory", .flag = "max-memory"},

    {.name = "only", .flag = "only", .shape = Shape::list},
    {.name = "skip", .flag = "skip", .shape = Shape::list},
    {.name = "baseline", .flag = "baseline"},
    {.name = "require-complete", .flag = "require-complete", .shape = Shape::flag},
    {.name = "strict-files", .flag = "strict-files", .shape = Shape::flag, .of_files = true},
    {.name = "kustomize", .flag = "kustomize", .shape = Shape::flag, .of_files = true},
    {.name = "helm", .flag = "helm", .shape = Shape::flag, .of_files = true},
    {.name = "allow-remote", .flag = "allow-remote", .shape = Shape::flag, .of_files = true},
    {.name = "with-cluster", .flag = "with-cluster", .shape = Shape::flag, .of_files = true},
    {.name = "probe", .flag = "probe", .shape = Shape::flag},
    {.name = "with-secrets", .flag = "with-secrets", .shape = Shape::flag},
    {.name = "no-logs", .flag = "no-logs", .shape = Shape::flag},
    {.name = "ci", .flag = "ci", .shape = Shape::flag},
    {.name = "color", .flag = "color"},
    {.name = "ascii", .flag = "ascii", .shape = Shape::flag},
    {.name = "verbose", .flag = "verbose", .shape = Shape::flag},
});

constexpr auto typed_table = std::to_array<std::string_view>(
    {"apply", "yes", "confirm", "force", "delete", "delete-routes", "restart-controller", "expose",
     "plan", "select", "update-baseline", "filename"});

}  // namespace

std::span<const SettingKey> setting_keys() {
  return key_table;
}

const SettingKey* find_setting(std::string_view name) {
  const auto it = std::ranges::find_if(
      key_table, [&](const SettingKey& k) { return k.name == name || k.flag == name; });
  return it == key_table.end() ? nullptr : &*it;
}

std::vector<std::string> setting_names(Whose whose) {
  std::vector<std::string> out;
  for (const SettingKey& key : key_table) {
    if (whose == Whose::user || key.whose == Whose::folder) out.emplace_back(key.name);
  }
  return out;
}

std::span<const std::string_view> command_line_flags() {
  return typed_table;
}

bool is_of_command_line(std::string_view flag) {
  return std::ranges::find(typed_table, flag) != typed_table.end();
}

std::string variable_of(std::string_view flag) {
  std::string out = "AIBRIXCTL_";
  for (const char c : flag) out += c == '-' ? '_' : base::upper(std::string(1, c)).front();
  return out;
}

int fail_on_rank(std::string_view word) {
  constexpr std::string_view words[] = {"never", "error", "warning", "info"};
  const auto it = std::ranges::find(words, word);
  return it == std::end(words) ? -1 : static_cast<int>(it - std::begin(words));
}

}  // namespace cli
