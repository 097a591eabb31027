// The second round of reading: evidence from the parts themselves.
#include "second_look.hpp"

#include <algorithm>

#include "aibrix/responses/log_reason.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "checks/common/log_targets.hpp"
#include "checks/common/probe_targets.hpp"
#include "source.hpp"

namespace cli {
namespace {

// "namespaces a and b"
std::string in_namespaces(const std::vector<std::string>& names) {
  return (names.size() == 1 ? "namespace " : "namespaces ") + base::join_and(names);
}

// Said once, and no fault of the run: nobody has to give this right.
std::string not_permitted(std::string_view what, std::string_view subresource,
                          std::string_view flag, const std::vector<std::string>& namespaces) {
  return std::string(what) + " in " + in_namespaces(namespaces) + ": not permitted to get pods/" +
         std::string(subresource) + ". " + std::string(base::program_name) + " rbac print " +
         std::string(flag) + " prints a role with the rule (apiGroups [\"\"], resources [pods/" +
         std::string(subresource) + "], verbs [get])";
}

bool is_there(const kube::Snapshot& snapshot, const kube::ContainerRef& container) {
  return std::ranges::any_of(snapshot.logs(),
                             [&](const kube::PodLog& log) { return log.from == container; });
}

}  // namespace

SecondLook read_logs(InputSource& source, const checks::Context& context,
                     const std::vector<checks::Finding>& findings) {
  SecondLook out;
  std::vector<kube::LogTarget> targets;
  for (const checks::AilingContainer& c : checks::log_targets(context, findings)) {
    if (!is_there(context.snapshot, c.ref)) targets.push_back({c.ref, c.previous});
  }
  if (targets.empty()) return out;
  kube::LogsRead read = source.read_logs(targets);
  out.requests = read.requests;
  if (!read.forbidden.empty()) {
    out.notes.push_back(not_permitted("logs of failing containers were not read", "log",
                                      "--with-logs", read.forbidden));
  }
  if (!read.failures.empty()) {
    out.unread = true;
    const std::size_t more = read.failures.size() - 1;
    out.notes.push_back("a log could not be read: " + read.failures.front() +
                        (more == 0 ? "" : " (and " + base::plural(more, "other log") + ')'));
  }
  if (read.logs.empty()) return out;
  kube::SnapshotBuilder builder(context.snapshot);
  for (kube::PodLog& log : read.logs) builder.logs().push_back(std::move(log));
  out.snapshot = builder.build();
  return out;
}

SecondLook ask_pods(InputSource& source, const checks::Context& context) {
  SecondLook out;
  kube::PodsAsked asked = source.ask_pods(checks::probe_targets(context));
  out.requests = asked.requests;
  out.unread = !asked.forbidden.empty() || !asked.failure.empty();
  if (!asked.forbidden.empty()) {
    out.notes.push_back(
        not_permitted("pods were not asked", "proxy", "--with-probe", asked.forbidden));
  }
  if (!asked.failure.empty()) out.notes.push_back("pods could not be asked: " + asked.failure);
  kube::SnapshotBuilder builder(context.snapshot);
  builder.answers(std::move(asked.answers));
  out.snapshot = builder.build();
  return out;
}

kube::Snapshot with_telling_lines_only(const kube::Snapshot& snapshot) {
  kube::SnapshotBuilder builder(snapshot);
  for (kube::PodLog& log : builder.logs()) {
    log.text = aibrix::reason_in_log(log.text, aibrix::ResponseText::Writer::unknown, true).line;
  }
  std::erase_if(builder.logs(), [](const kube::PodLog& log) { return log.text.empty(); });
  return builder.build();
}

}  // namespace cli
