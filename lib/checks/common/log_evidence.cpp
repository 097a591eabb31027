// Findings whose cause stands in the log of a container.
#include "checks/common/log_evidence.hpp"

#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/responses/log_reason.hpp"
#include "base/text.hpp"
#include "checks/common/log_targets.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::ComponentRole;
using aibrix::LogReason;
using kube::Object;
using Writer = aibrix::ResponseText::Writer;

constexpr std::size_t longest_quote = 300;
constexpr std::size_t most_quotes = 2;

// One log, whose it is and what it tells.
struct Told {
  const kube::PodLog* log = nullptr;
  AilingContainer container;
  std::string program;         // "aibrix-controller-manager"; empty: no part of the install
  kube::ObjectRef deployment;  // of that program
  LogReason reason;
};

Writer writer_of(ComponentRole role) {
  switch (role) {
    case ComponentRole::controller_manager: return Writer::controller;
    case ComponentRole::gateway_plugins: return Writer::plugin;
    case ComponentRole::envoy_gateway: return Writer::envoy_gateway;
    case ComponentRole::envoy: return Writer::envoy;
    case ComponentRole::kuberay_operator: return Writer::kuberay;
    case ComponentRole::metadata_service:
    case ComponentRole::redis:
    case ComponentRole::gpu_optimizer: break;
  }
  return Writer::unknown;
}

// Finds out whose log it is; the sidecars of a model's pod are not known to be anybody's.
Writer find_writer(const Context& context, Told& told) {
  const Object& pod = *told.container.pod;
  for (std::size_t i = 0; i < aibrix::component_count; ++i) {
    const auto role = static_cast<ComponentRole>(i);
    const aibrix::Component& part = context.cluster.component(role);
    if (std::ranges::find(part.pods, &pod) == part.pods.end()) continue;
    told.program = role == ComponentRole::envoy ? "Envoy" : part.name();
    told.deployment = part.ref();
    return writer_of(role);
  }
  return Writer::unknown;
}

std::vector<Told> read_logs(const Context& context) {
  std::vector<Told> out;
  for (const kube::PodLog& log : context.snapshot.logs()) {
    const kube::Lookup pod =
        context.snapshot.find(kube::resources::pods, log.from.ns, log.from.pod);
    if (!pod) continue;
    for (AilingContainer& container : ailing_containers(*pod)) {
      if (container.ref != log.from) continue;
      Told told{&log, std::move(container), {}, {}, {}};
      const Writer writer = find_writer(context, told);
      told.reason = aibrix::reason_in_log(log.text, writer, told.container.ended);
      if (!told.reason.line.empty()) out.push_back(std::move(told));
      break;
    }
  }
  return out;
}

bool is_of(const Told& told, const std::vector<const Object*>& pods) {
  return std::ranges::find(pods, told.container.pod) != pods.end();
}

// The commands that look for what is known now.
bool only_looks(const Remedy& remedy) {
  const auto& words = remedy.command.words;
  return remedy.confidence == Confidence::manual && remedy.command.program == "kubectl" &&
         std::ranges::any_of(
             words, [](const Word& w) { return w.text == "logs" || w.text == "describe"; });
}

// "aibrix-controller-manager", "the engine of chat", "container x of chat".
std::string program_name(const Finding& finding, const Told& told) {
  const std::string& container = told.container.ref.container;
  if (!told.program.empty()) {
    // Beside Envoy runs the shutdown manager, and beside plugins what init containers wait for.
    const std::size_t containers = told.container.pod->at("spec", "containers").items().size();
    return containers < 2 ? told.program : "container " + container + " of " + told.program;
  }
  const std::string whose =
      finding.models.empty() ? "pod " + told.container.ref.pod : finding.models.front();
  return "container " + container + " of " + whose;
}

// What ended from outside did not end for what it says itself, and what runs has started.
bool names_cause(const Finding& finding, const Told& told) {
  const aibrix::LogCause* cause = told.reason.cause;
  return cause != nullptr && tells_of_pods(finding.code) && !told.container.killed &&
         (told.container.ended || cause->while_running());
}

void name_cause(const Told& told, Finding& finding) {
  finding.title = program_name(finding, told) + ' ' + told.reason.predicate();
  std::erase_if(finding.remedies, only_looks);
  Remedy remedy;
  remedy.text = told.reason.advice();
  if (told.reason.cause->restart && !told.program.empty()) {
    remedy.confidence = Confidence::review;
    remedy.command = kubectl(told.deployment.ns, "rollout", "restart")
                         .on_one("deployment", told.deployment.name);
  }
  finding.remedies.insert(finding.remedies.begin(), std::move(remedy));
}

// The findings that prove the cause of a line: of a kind that is missing, the one about that kind.
void follow(const Told& told, const std::vector<Finding>& all, Finding& finding) {
  const auto kind = told.reason.names.find("kind");
  for (const aibrix::ResponseCause& cause : told.reason.kind->causes) {
    for (const Finding& other : all) {
      if (!cause.codes.contains(other.code) || other.code == finding.code) continue;
      const bool is_crd = other.subject.ref.kind == "CustomResourceDefinition";
      // Images of several releases, and a list of controllers that leaves some out, say less than
      // the line does: they stand beside it, not above it.
      const bool beside = other.code == INS012 || other.code == INS007;
      const bool same_kind = is_crd && kind != told.reason.names.end() &&
                             other.subject.ref.name.starts_with(base::lower(kind->second));
      const bool follows_from_this = std::ranges::any_of(other.causes, [&](const Cause& c) {
        return c.code == finding.code && c.object == finding.subject.ref;
      });
      if ((is_crd && !same_kind) || beside || follows_from_this) continue;
      finding.caused_by(other.code, other.subject.ref);
    }
  }
}

// Before what else was measured: no status says more than the program itself.
void quote(const Told& told, std::size_t before, Finding& finding) {
  const kube::ContainerRef& c = told.container.ref;
  Evidence line{
      "log of " + c.pod + " (" + c.container + (told.log->previous ? ", previous run)" : ")"),
      base::shorten(told.reason.line, longest_quote),
      {}};
  const auto at = static_cast<std::ptrdiff_t>(std::min(before, finding.evidence.size()));
  finding.evidence.insert(finding.evidence.begin() + at, std::move(line));
}

}  // namespace

void tell_from_logs(const Context& context, std::vector<Finding>& findings) {
  if (context.snapshot.logs().empty()) return;
  const std::vector<Told> logs = read_logs(context);
  std::vector<bool> quoted(logs.size(), false);
  const auto tell = [&](Finding& finding) {
    const auto pods = pods_spoken_of(context, finding);
    std::size_t quotes = 0;
    bool named = false;
    for (std::size_t i = 0; i < logs.size() && quotes < most_quotes; ++i) {
      if (!is_of(logs[i], pods)) continue;
      quote(logs[i], quotes, finding);
      quoted[i] = true;
      ++quotes;
      if (named || !names_cause(finding, logs[i])) continue;
      named = true;
      name_cause(logs[i], finding);
      follow(logs[i], findings, finding);
    }
  };
  for (Finding& finding : findings) {
    if (tells_of_pods(finding.code)) tell(finding);
  }
  for (Finding& finding : findings) {
    if (std::ranges::find(quoted, false) == quoted.end()) return;
    if (finding.level != Level::error) continue;
    const auto pods = pods_spoken_of(context, finding);
    for (std::size_t i = 0; i < logs.size(); ++i) {
      if (quoted[i] || !is_of(logs[i], pods)) continue;
      quote(logs[i], finding.evidence.size(), finding);
      quoted[i] = true;
    }
  }
}

}  // namespace checks
