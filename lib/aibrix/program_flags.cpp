// The table of flags, and the reader of a container's command line.
#include "aibrix/program_flags.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <span>

#include "aibrix/image.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

struct Flag {
  std::string_view name;
  ReleaseSpan releases;  // by default every one: not known to have come or gone
};

// cmd/controllers/main.go. --enable-runtime-sidecar: v0.1.1 ends over it (issue 668).
constexpr auto controller_flags = std::to_array<Flag>({
    {"kube-api-qps", {}},
    {"kube-api-burst", {}},
    {"metrics-bind-address", {}},
    {"health-probe-bind-address", {}},
    {"leader-elect", {}},
    {"metrics-secure", {}},
    {"enable-http2", {}},
    {"leader-election-namespace", {}},
    {"leader-election-lease-duration", {}},
    {"leader-election-renew-deadline", {}},
    {"leader-election-resource-lock", {}},
    {"leader-election-id", {}},
    {"controllers", {}},
    {"model-adapter-scheduler-policy", {}},
    {"enable-runtime-sidecar", since(v0_2)},
    {"disable-webhook", {}},
    {"debug-mode", {}},
});
// cmd/plugins/main.go
constexpr auto plugin_flags = std::to_array<Flag>({
    {"grpc-bind-address", {}},
    {"http-bind-address", since(v0_7)},
    {"metrics-bind-address", {}},
    {"standalone", {}},
    {"endpoints-config", {}},
});
// python/aibrix/aibrix/metadata/app.py
constexpr auto metadata_flags = std::to_array<Flag>({
    {"host", {}},
    {"port", {}},
    {"enable-fastapi-docs", {}},
    {"disable-batch-api", {}},
    {"disable-file-api", {}},
    {"enable-k8s-job", until(v0_6)},
    {"k8s-namespace", until(v0_6)},
    {"k8s-job-patch", until(v0_6)},
    {"kopf-startup-timeout", until(v0_6)},
    {"kopf-shutdown-timeout", until(v0_6)},
    {"e2e-test", until(v0_6)},
    {"enable-k8s-support", since(v0_7)},
    {"dry-run", since(v0_7)},
    {"help", {}},
});
// klog.InitFlags, and what controller-runtime adds: both Go programs.
constexpr auto go_flags = std::to_array<std::string_view>(
    {"add_dir_header", "alsologtostderr", "legacy_stderr_threshold_behavior", "log_backtrace_at",
     "log_dir", "log_file", "log_file_max_size", "logtostderr", "one_output", "skip_headers",
     "skip_log_headers", "stderrthreshold", "v", "vmodule", "kubeconfig", "h", "help"});

struct Program {
  std::string_view image;    // ends with
  std::string_view command;  // it must run this, where the image holds several; empty: any
  std::span<const Flag> flags;
  bool go = true;
};
constexpr auto programs = std::to_array<Program>({
    {"aibrix/controller-manager", "", controller_flags},
    {"aibrix/gateway-plugins", "", plugin_flags},
    {"aibrix/metadata-service", "aibrix_metadata", metadata_flags, false},
});

// In these the tables above were read whole: a flag that is not in them is none.
constexpr ReleaseSpan read_whole = between(v0_6, v0_7);

const Program* program_of(const kube::Value& container) {
  const std::string_view image = image_name(container["image"].text());
  const auto at = std::find_if(programs.begin(), programs.end(), [&](const Program& p) {
    return image.ends_with(p.image) &&
           (p.command.empty() || container["command"][std::size_t{0}].text() == p.command);
  });
  return at == programs.end() ? nullptr : &*at;
}

// nullopt: it is known, or cannot be judged.
std::optional<UnknownFlag> judge(const Program& program, const Release& release,
                                 std::string_view name) {
  if (program.go && std::find(go_flags.begin(), go_flags.end(), name) != go_flags.end())
    return std::nullopt;
  const auto at = std::find_if(program.flags.begin(), program.flags.end(),
                               [&](const Flag& f) { return f.name == name; });
  UnknownFlag out{"--" + std::string(name), ""};
  if (at == program.flags.end()) {
    return read_whole.holds(release).value_or(false) ? std::optional(out) : std::nullopt;
  }
  if (at->releases.holds(release).value_or(true)) return std::nullopt;
  if (at->releases.ends_open()) out.since = at->releases.start();
  return out;
}

}  // namespace

std::vector<UnknownFlag> unknown_flags(const kube::Value& container) {
  std::vector<UnknownFlag> out;
  const Program* program = program_of(container);
  if (program == nullptr) return out;
  const std::string_view tag = image_tag(container["image"].text());
  const auto version = base::parse_version(tag);
  if (!version) return out;  // a build of main, a digest
  const Release release(ProgramVersion{version, std::string(tag), ""});
  for (const std::string_view list : {"command", "args"}) {
    for (const kube::Value& item : container[list].items()) {
      std::string_view word = item.text();
      const bool one_dash = program->go && word.starts_with('-') && !word.starts_with("--");
      if (!word.starts_with("--") && !one_dash) continue;
      word.remove_prefix(one_dash ? 1 : 2);
      word = word.substr(0, word.find('='));
      if (word.empty()) continue;
      if (auto unknown = judge(*program, release, word)) out.push_back(std::move(*unknown));
    }
  }
  return out;
}

}  // namespace aibrix
