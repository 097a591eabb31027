// One run of doctor: reads the cluster or files, runs the checks, confirms errors, reports.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/endpoint.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/system.hpp"
#include "base/text.hpp"
#include "checks/core/open_world.hpp"
#include "cluster_flags.hpp"
#include "doctor.hpp"
#include "fix/overlay.hpp"
#include "kube/redact/redact.hpp"
#include "second_look.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using Clock = std::chrono::steady_clock;

std::string run_id() {
  constexpr std::string_view alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
  std::string id;
  for (int i = 0; i < 10; ++i) id += alphabet[base::random_number() % alphabet.size()];
  return id;
}

std::string source_name(kube::Source source) {
  switch (source) {
    case kube::Source::cluster: return "cluster";
    case kube::Source::files: return "files";
    case kube::Source::snapshot: return "snapshot";
  }
  return "files";
}

report::ClusterSummary summarize(const kube::Snapshot& snapshot, const aibrix::Cluster& cluster) {
  report::ClusterSummary out;
  out.context = snapshot.info().context;
  out.server = snapshot.info().server;
  out.kubernetes = snapshot.info().kubernetes;
  out.aibrix = cluster.release().text();
  if (cluster.release().beyond_known()) out.known_up_to = aibrix::last_known_release();
  out.envoy_gateway = cluster.envoy_gateway_release().text;
  const kube::Lookup crd =
      snapshot.find(kube::resources::crds, "", kube::full_name(aibrix::resources::http_routes));
  if (crd) out.gateway_api = crd->annotation("gateway.networking.k8s.io/bundle-version");
  out.reference_grant_versions = snapshot.served_versions(aibrix::resources::reference_grants);
  return out;
}

// The objects an error rests on: what it is about, and what it names beside that.
std::vector<kube::ObjectRef> objects_to_recheck(const checks::Outcomes& outcomes) {
  constexpr std::size_t most = 64;  // beyond that a whole second reading would be cheaper
  std::vector<kube::ObjectRef> out;
  const auto add = [&](const checks::Subject& s) {
    const bool known = std::find(out.begin(), out.end(), s.ref) != out.end();
    if (!known && out.size() < most) out.push_back(s.ref);
  };
  for (const checks::Finding& f : outcomes.findings) {
    if (f.level != checks::Level::error) continue;
    add(f.subject);
    for (const checks::Symptom& symptom : f.symptoms) add(symptom.subject);
    for (const checks::Subject& s : f.related) add(s);
  }
  return out;
}

std::chrono::microseconds since(Clock::time_point moment) {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - moment);
}

// Judging each of more models than this takes longer than people want to wait.
constexpr std::size_t most_models = 200;

std::vector<checks::Trace> traces_of(const kube::Snapshot& snapshot, const aibrix::Cluster& cluster,
                                     const checks::Outcomes& outcomes,
                                     const std::vector<std::string>& models) {
  std::vector<checks::Trace> out;
  for (const std::string& model : models) {
    out.push_back(checks::trace_model({snapshot, cluster, models}, outcomes, model));
  }
  return out;
}

// Of the models that were asked for, or of some whose requests fail.
constexpr std::size_t most_pictures = 10;

void add_picture(report::Report& report, const checks::Trace& trace, bool asked) {
  const bool wanted = asked || report.overview.models.back().fails();
  if (wanted && report.pictures.size() < most_pictures) {
    report.pictures.push_back(report::picture_of(trace));
  }
}

void look_over(report::Report& report, const kube::Snapshot& snapshot,
               const aibrix::Cluster& cluster, const std::vector<std::string>& asked) {
  report::Overview& out = report.overview;
  const checks::Outcomes& outcomes = report.outcomes;
  out.asked = !asked.empty();
  std::vector<std::string> names = asked;
  for (const aibrix::Model& model : cluster.models()) {
    ++out.model_count;
    if (model.adapter != nullptr) ++out.adapter_count;
    if (!out.asked) names.push_back(model.name);
  }
  out.models_known = snapshot.complete(kube::resources::pods);
  if (names.size() <= most_models) {
    for (const checks::Trace& trace : traces_of(snapshot, cluster, outcomes, names)) {
      out.models.push_back(checks::verdict_of({snapshot, cluster, asked}, trace));
      add_picture(report, trace, out.asked);
    }
  }
  const aibrix::EndpointFacts endpoint = aibrix::find_endpoint(cluster, aibrix::Vantage::outside);
  if (!endpoint.addresses.empty()) {
    out.endpoint = endpoint.addresses.front().url();
    out.endpoint_how = endpoint.addresses.front().how;
  } else if (!endpoint.why_not.empty()) {
    out.endpoint_how = endpoint.why_not.front();
  }
}

// The files' names, for people.
std::string names_of(const std::vector<std::string>& files) {
  constexpr std::size_t shown = 2;
  std::vector<std::string> out;
  for (const std::string& file : files) {
    if (out.size() < shown) out.push_back(file == "-" ? "stdin" : base::printable(file));
  }
  if (files.size() > shown) out.push_back(std::to_string(files.size() - shown) + " more");
  return base::join(out, ", ");
}

// Adds the time it took to `spent`.
checks::Outcomes examine(const kube::Snapshot& snapshot, const Global& global,
                         const DoctorOptions& options, const checks::Focus& focus,
                         std::chrono::microseconds& spent) {
  const auto started = Clock::now();
  const aibrix::Cluster cluster(snapshot, {global.install_namespace, options.aibrix_version});
  const auto selected = checks::select(options.only, options.skip);
  checks::Outcomes outcomes = checks::run(selected, {snapshot, cluster, options.models}, focus);
  if (!snapshot.live()) checks::find_places(outcomes.findings);
  if (!options.models.empty()) {
    const auto traces = traces_of(snapshot, cluster, outcomes, options.models);
    checks::keep_what_concerns(outcomes, traces);
  }
  spent += since(started);
  return outcomes;
}

// Reading is one thread: what is neither waiting nor parsing is libcurl and TLS.
void account(const kube::FetchStats& stats, report::Run& run) {
  using std::chrono::microseconds;
  run.requests = stats.requests;
  run.retries = stats.retries;
  run.connections = stats.connections;
  run.bytes = stats.bytes;
  run.spent.connect = stats.connect;
  run.spent.wait = std::max(stats.waited - stats.connect, microseconds(0));
  run.spent.parse = stats.parse;
  run.spent.receive =
      std::max(stats.total - run.spent.connect - run.spent.wait - stats.parse, microseconds(0));
}

bool fails(const report::Report& report) {
  return std::any_of(report.outcomes.findings.begin(), report.outcomes.findings.end(),
                     [&](const auto& f) { return report::reaches(f.level, report.fail_on); });
}

std::string awaited(const report::Report& report) {
  std::vector<std::string> codes;
  for (const checks::Finding& f : report.outcomes.findings) {
    if (report::reaches(f.level, report.fail_on)) {
      codes.push_back(f.code + " " + kube::to_string(f.subject.ref));
    }
  }
  return base::join(codes, ", ");
}

}  // namespace

void require_namespaces(const std::vector<std::string>& wanted, const kube::Snapshot& snapshot) {
  if (!snapshot.complete(kube::resources::namespaces)) return;
  std::vector<std::string> existing;
  for (const kube::Object& ns : snapshot.list(kube::resources::namespaces)) {
    existing.emplace_back(ns.name());
  }
  for (const std::string& name : wanted) {
    if (std::find(existing.begin(), existing.end(), name) != existing.end()) continue;
    const std::string near = base::closest_match(name, existing);
    throw base::Error(base::Fault::usage, "NamespaceNotFound",
                      "namespace \"" + base::printable(name) + "\" does not exist",
                      near.empty() ? "" : "did you mean " + near + "?");
  }
}

namespace {

// Logs of what fails and answers of pods, and what the checks say with them.
void look_again(const Global& global, const DoctorOptions& options, const checks::Focus& focus,
                InputSource& source, Reading& reading, report::Report& report) {
  const auto looking = Clock::now();
  const auto look = [&](auto&& how) {
    SecondLook seen;
    {
      const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
      seen = how(checks::Context{reading.snapshot, cluster, options.models});
    }
    report.run.requests += seen.requests;
    report.notes.insert(report.notes.end(), seen.notes.begin(), seen.notes.end());
    report.unread = report.unread || seen.unread;
    if (!seen.snapshot) return;
    reading.snapshot = std::move(*seen.snapshot);
    report.outcomes = examine(reading.snapshot, global, options, focus, report.run.spent.checks);
  };
  if (options.probe) {
    look([&](const checks::Context& context) { return ask_pods(source, context); });
  }
  if (options.logs && !report.outcomes.findings.empty()) {
    look([&](const checks::Context& context) {
      return read_logs(source, context, report.outcomes.findings);
    });
  }
  report.run.spent.confirm += since(looking);
}

}  // namespace

namespace {

// Annotation aibrixctl.io/ignore of an object: findings about it of these codes.
void add_annotated(const kube::Snapshot& snapshot, std::vector<report::IgnoreRule>& rules) {
  for (const kube::Resource* kind : snapshot.kinds()) {
    for (const kube::Object& object : snapshot.list(*kind)) {
      const std::string_view codes = object.annotation("aibrixctl.io/ignore");
      for (const std::string_view code : base::split(codes, ',')) {
        if (base::trim(code).empty()) continue;
        const std::string name = kube::to_string(object);
        report::IgnoreRule rule;
        rule.code = std::string(base::trim(code));
        rule.object = name;
        if (object.origin() != nullptr && object.origin()->file != nullptr) {
          rule.file = object.origin()->file->name;
          rule.line = object.origin()->line;
        }
        rules.push_back(std::move(rule));
      }
    }
  }
}

// What is to be told of the rules themselves is found by checks as everything else.
void tell_of_rules(const DoctorOptions& options, const kube::Snapshot& snapshot,
                   std::vector<kube::FileFault> faults, checks::Outcomes& outcomes) {
  if (faults.empty()) return;
  kube::SnapshotBuilder builder(snapshot);
  builder.file_faults() = std::move(faults);
  const kube::Snapshot told = builder.build();
  const aibrix::Cluster cluster(told);
  std::vector<const checks::Check*> selected = checks::select(options.only, options.skip);
  std::erase_if(selected, [](const checks::Check* check) {
    return check->code != checks::codes::FIL002 && check->code != checks::codes::FIL003;
  });
  checks::Outcomes of_rules = checks::run(selected, {told, cluster, {}});
  for (checks::CheckOutcome& o : outcomes.checks) {
    for (checks::CheckOutcome& rule : of_rules.checks) {
      if (rule.check == o.check) o = std::move(rule);
    }
  }
  for (checks::Finding& f : of_rules.findings) {
    const auto behind = std::ranges::find_if(
        outcomes.findings, [&](const checks::Finding& other) { return other.level < f.level; });
    outcomes.findings.insert(behind, std::move(f));
  }
}

// A running controller-manager is what a dump of a whole cluster has, and manifests have not.
bool may_be_whole(const aibrix::Cluster& cluster) {
  const kube::Object* manager =
      cluster.component(aibrix::ComponentRole::controller_manager).deployment;
  return manager != nullptr && aibrix::from_api_server(*manager);
}

void set_aside(const kube::Snapshot& snapshot, const aibrix::Cluster& cluster,
               report::Report& report) {
  checks::set_aside_what_is_elsewhere(report.outcomes, checks::is_unapplied(snapshot));
  if (report.outcomes.set_aside && may_be_whole(cluster)) {
    report.notes.push_back(
        "what these files lack does not count: for a dump of a whole cluster add --whole-cluster");
  }
}

// What is not counted: the order matters, for what is ignored is neither new nor fixed.
void pass_gate(const DoctorOptions& options, const kube::Snapshot& snapshot,
               const aibrix::Cluster& cluster, const std::optional<checks::Outcomes>& before,
               report::Report& report) {
  if (options.open_world && snapshot.source() == kube::Source::files)
    set_aside(snapshot, cluster, report);
  std::vector<report::IgnoreRule> rules = options.ignore;
  add_annotated(snapshot, rules);
  tell_of_rules(options, snapshot, report::ignore(report, rules, wall_clock()), report.outcomes);
  report.loosened = options.loosened;
  if (options.baseline) {
    report.since_report = true;
    report::keep_what_is_new(report, *options.baseline);
  } else if (before) {
    report::keep_what_is_new(report, report::known_of(before->findings));
  }
}

}  // namespace

report::Report diagnose(const Global& global, const DoctorOptions& options, InputSource& source) {
  const auto started = Clock::now();
  report::Report report;
  report.version = AIBRIXCTL_VERSION;
  report.run.id = run_id();
  report.run.started_at = wall_clock();
  const checks::Focus focus{options.models, source.namespaces()};
  Reading reading = source.read(checks::needs_of(checks::select(options.only, options.skip)));
  require_namespaces(focus.namespaces, reading.snapshot);
  account(reading.stats, report.run);
  report.outcomes = examine(reading.snapshot, global, options, focus, report.run.spent.checks);
  std::optional<checks::Outcomes> before;
  if (reading.before) {
    before = examine(*reading.before, global, options, focus, report.run.spent.checks);
  } else if (reading.snapshot.live()) {
    // Lists are read at different moments: what an error rests on is looked at once more.
    const auto looking = Clock::now();
    Recheck again = source.recheck(reading.snapshot, objects_to_recheck(report.outcomes));
    report.run.spent.confirm = since(looking);
    report.run.requests += again.requests;
    for (const std::string& why : again.failures) {
      report.notes.push_back("what errors rest on could not be read a second time: " + why);
    }
    if (again.snapshot) {
      reading.snapshot = std::move(*again.snapshot);
      report.outcomes = examine(reading.snapshot, global, options, focus, report.run.spent.checks);
    }
  }
  look_again(global, options, focus, source, reading, report);
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  report.cluster = summarize(reading.snapshot, cluster);
  look_over(report, reading.snapshot, cluster, options.models);
  report.as_of = reading.snapshot.now();
  report.run.source = source_name(reading.snapshot.source());
  report.run.files = names_of(options.source.files);
  for_cluster(report, global);
  report.run.scope = focus.namespaces.empty() ? std::vector<std::string>{"*"} : focus.namespaces;
  report.run.duration = std::chrono::duration_cast<std::chrono::milliseconds>(since(started));
  report.run.peak_memory = base::peak_memory();
  report.run.rounds = source.rounds();
  pass_gate(options, reading.snapshot, cluster, before, report);
  const auto& notes = reading.snapshot.notes();
  report.notes.insert(report.notes.begin(), notes.begin(), notes.end());
  for (std::string& note : report.notes) kube::redact_in_place(note);
  if (options.keep != nullptr) *options.keep = reading.snapshot;
  report.fail_on = options.fail_on;
  report.require_complete = options.require_complete;
  report.exit_code = report::exit_code(report.outcomes, options.fail_on, options.require_complete);
  if (report.exit_code == 0 && options.require_complete && report.unread) report.exit_code = 3;
  return report;
}

report::Report diagnose_until(const Global& global, const DoctorOptions& options,
                              InputSource& source) {
  constexpr std::chrono::milliseconds pause(2000);
  constexpr std::chrono::milliseconds settle(300);
  const auto deadline = Clock::now() + options.wait;
  source.follow(pause);
  std::string said;
  for (;;) {
    report::Report report = diagnose(global, options, source);
    if (!fails(report) || Clock::now() >= deadline) return report;
    const std::string what = awaited(report);
    if (what != said) notice("waiting for: " + base::printable(what));
    said = what;
    // Ages go on by themselves.
    source.wait_for_change(std::min(deadline, Clock::now() + pause), settle);
    stop_if_cancelled();
  }
}

}  // namespace cli
