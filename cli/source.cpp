// The reader of a command's input: manifests, snapshot files, the cluster, or both laid together.
#include "source.hpp"

#include <algorithm>

#include "aibrix/names.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "fix/overlay.hpp"
#include "kube/auth/credentials.hpp"
#include "kube/auth/kubeconfig.hpp"
#include "kube/files/log_files.hpp"
#include "kube/files/manifest.hpp"
#include "kube/files/manifest_files.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/http/read_only.hpp"
#include "kube/read/definitions.hpp"
#include "kube/read/fetch.hpp"
#include "kube/read/get_objects.hpp"
#include "limits.hpp"
#include "live_cluster.hpp"
#include "option_types.hpp"
#include "render.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

kube::KubeconfigFlags kubeconfig_flags(const Global& g) {
  kube::KubeconfigFlags flags;
  flags.kubeconfig = g.kubeconfig;
  flags.context = g.context;
  flags.cluster = g.cluster;
  flags.user = g.user;
  flags.server = g.server;
  flags.tls_server_name = g.tls_server_name;
  flags.certificate_authority = g.certificate_authority;
  flags.insecure_skip_tls_verify = g.insecure_skip_tls_verify;
  flags.token = g.token;
  flags.client_certificate = g.client_certificate;
  flags.client_key = g.client_key;
  flags.as_user = g.as_user;
  flags.as_uid = g.as_uid;
  flags.as_groups = g.as_groups;
  return flags;
}

std::vector<std::string> split_namespaces(const Global& global) {
  std::vector<std::string> out;
  if (global.all_namespaces || global.ns.empty()) return out;
  for (const std::string_view name : base::split(global.ns, ',')) {
    if (!base::trim(name).empty()) out.emplace_back(base::trim(name));
  }
  return out;
}

std::chrono::milliseconds timeout(const std::string& text) {
  return duration("--request-timeout", text, "write it like 30s or 2m; 0 is none");
}

kube::Compression compression(const Global& global) {
  if (global.disable_compression || global.compression == "off") return kube::Compression::off;
  return global.compression == "on" ? kube::Compression::on : kube::Compression::automatic;
}

std::optional<base::Time> moment(const std::string& text) {
  if (text.empty()) return std::nullopt;
  const auto parsed = base::parse_time(text);
  if (parsed) return parsed;
  throw base::Error(base::Fault::usage, "BadArgument",
                    "invalid time \"" + base::printable(text) + "\" for --now",
                    "write it like 2026-08-22T15:00:00Z");
}

std::vector<const kube::ExtraRight*> extras(bool with_secrets) {
  if (with_secrets) return {&kube::secrets_right};
  return {};
}

const kube::Resource* resource_of(const kube::ObjectRef& ref) {
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (r->group == ref.group && r->kind == ref.kind) return r;
  }
  return nullptr;
}

}  // namespace

InputSource::InputSource(const Global& global, SourceOptions options)
    : global_(global), options_(std::move(options)), namespaces_(split_namespaces(global)) {}

InputSource::~InputSource() = default;

kube::Transport& InputSource::connect() {
  if (transport_) return *transport_;
  kube::ExecOptions exec;
  // In a pipeline nobody can answer a plugin that asks, and what others ask of us is not for it.
  exec.stdin_is_terminal = stdin_is_terminal() && environment("CI").empty() &&
                           !options_.read_only &&
                           (options_.many == nullptr || options_.many->one_at_a_time);
  exec.cancel = &cancel_flag();
  exec.now = wall_clock;
  exec.path = environment("PATH");
  bounds_ = bounds_of(global_, options_.many == nullptr ? nullptr : options_.many->memory);
  if (bounds_->time().count() != 0) exec.deadline = std::min(exec.deadline, bounds_->time());
  const kube::KubeconfigFlags flags = kubeconfig_flags(global_);
  access_ = std::make_unique<kube::Access>(
      options_.many == nullptr
          ? kube::load_access(flags, kube_environment(), exec)
          : kube::load_access(*options_.many->kubeconfig, flags, kube_environment(), exec));
  require_chosen();
  kube::CurlOptions curl;
  curl.user_agent = "aibrixctl/" AIBRIXCTL_VERSION;
  curl.now = wall_clock;
  curl.request_timeout = timeout(global_.request_timeout);
  curl.stop = &cancel_flag();
  curl.bounds = bounds_;
  curl.compression = compression(global_);
  curl.learn_line = true;
  access_->credentials = kube::for_threads(access_->credentials);  // watches have one of their own
  transport_ = std::make_unique<kube::CurlTransport>(*access_, curl);
  if (options_.read_only) {
    transport_ = std::make_unique<kube::ReadOnlyTransport>(std::move(transport_));
  }
  return *transport_;
}

ChosenCluster InputSource::chosen() {
  connect();
  return {access_->server, access_->context, access_->user};
}

void InputSource::require_chosen() const {
  if (!options_.chosen) return;
  const ChosenCluster now{access_->server, access_->context, access_->user};
  if (now == *options_.chosen) return;
  const auto words = [](const ChosenCluster& c) {
    return (c.context.empty() ? std::string() : "context " + c.context + " at ") + c.server;
  };
  throw base::Error(base::Fault::usage, "OtherCluster",
                    "the kubeconfig leads elsewhere now: to " + base::printable(words(now)) +
                        ", not to " + base::printable(words(*options_.chosen)),
                    "start this program again to read that cluster, or give it --context");
}

kube::Transport& InputSource::writer() {
  if (options_.read_only) {
    throw base::Error(base::Fault::internal, "NotARead", "this run only reads: it has no writer");
  }
  connect();
  if (writer_) return *writer_;
  kube::CurlOptions curl;
  curl.user_agent = "aibrixctl/" AIBRIXCTL_VERSION;
  curl.now = wall_clock;
  curl.request_timeout = timeout(global_.request_timeout);
  if (curl.request_timeout.count() == 0) curl.request_timeout = std::chrono::seconds(60);
  writer_ = std::make_unique<kube::CurlTransport>(*access_, curl);
  return *writer_;
}

Reading InputSource::read(std::span<const kube::Need> needs) {
  if (!from_files()) {
    const bool of_folders = !options_.exclude.empty() || options_.strict_files ||
                            options_.kustomize || options_.helm || options_.allow_remote;
    if (!of_folders) return read_cluster(needs);
    throw base::Error(
        base::Fault::usage, "BadArgument",
        "--exclude, --strict-files, --kustomize, --helm and --allow-remote are about files",
        "give the files with -f");
  }
  if (!options_.over_cluster) return read_files();
  if (options_.whole_cluster || !options_.now.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--whole-cluster and --now are about files alone",
                      "leave out --with-cluster");
  }
  const Reading files = read_files();
  Reading reading = read_cluster(needs);
  read_definitions(files.snapshot, reading);
  reading.before = reading.snapshot;
  reading.snapshot = fix::overlay(reading.snapshot, files.snapshot);
  return reading;
}

// Schemas of the cluster win over those that the program has.
void InputSource::read_definitions(const kube::Snapshot& files, Reading& reading) {
  if (files.written().empty()) return;
  try {
    kube::Transport& transport = connect();
    const kube::ReadingTime same(*bounds_, kube::ReadingTime::Of::same_reading);
    reading.snapshot = kube::with_definitions(transport, reading.snapshot, files.written());
  } catch (const base::Error& error) {
    if (error.reason != "Timeout") throw;
  }
}

Reading InputSource::read_files() {
  const EndsAtOnce interruptible;
  kube::ManifestOptions options;
  options.paths = options_.files;
  if (std::ranges::find(options.paths, "-") != options.paths.end()) {
    kube::require_readable("/dev/stdin");
    options.stdin_text = base::read_file("/dev/stdin", options.max_file_bytes);
  }
  options.whole_cluster = options_.whole_cluster;
  options.exclude = options_.exclude;
  options.strict_files = options_.strict_files;
  options.name_all = global_.verbose;
  if (options_.kustomize) {
    options.kustomize = renderer(Renderer::kustomize, options_.allow_remote);
  }
  if (options_.helm) options.helm = renderer(Renderer::helm, options_.allow_remote);
  Progress progress(true);
  options.progress = [&progress](std::size_t read, std::size_t of) {
    stop_if_cancelled();
    progress.show("reading files: " + std::to_string(read) + " of " + std::to_string(of));
  };
  options.now = moment(options_.now);
  if (namespaces_.size() == 1) {
    options.default_namespace = namespaces_.front();
  } else {
    options.chart = "aibrix-";
    options.chart_namespace = global_.install_namespace.empty()
                                  ? std::string(aibrix::names::system_namespace)
                                  : global_.install_namespace;
  }
  const auto started = std::chrono::steady_clock::now();
  Reading reading{kube::read_manifests(std::move(options), aibrix::resources::all()), {}};
  reading.stats.total = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - started);
  reading.stats.parse = reading.stats.total;
  return reading;
}

Reading InputSource::read_cluster(std::span<const kube::Need> needs) {
  if (options_.whole_cluster || !options_.now.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--whole-cluster and --now are about files", "give the files with -f");
  }
  if (live_ != nullptr && !live_->outdated()) {
    kube::FetchStats stats;
    kube::Snapshot snapshot = live_->read(stats);
    if (!live_->outdated()) {
      from_live_ = true;
      last_ = snapshot;
      return {std::move(snapshot), stats};
    }
  }
  live_.reset();
  from_live_ = false;
  if (!follow_) return fetch(needs, nullptr);
  std::vector<kube::WatchedList> lists;
  Reading reading = fetch(needs, &lists);
  start_following(needs, reading, std::move(lists));
  last_ = reading.snapshot;
  return reading;
}

void InputSource::start_following(std::span<const kube::Need> needs, const Reading& first,
                                  std::vector<kube::WatchedList> lists) {
  FollowOptions options;
  options.interval = *follow_;
  options.memory = {bounds_, &bounds_->memory()};
  options.read = [this](std::span<const kube::Need> again) {
    std::vector<kube::WatchedList> found;
    Reading reading = fetch(again, &found);
    return Followed{std::move(reading.snapshot), reading.stats, std::move(found)};
  };
  options.transport = [this](const std::atomic<int>& stop) { return watching_transport(stop); };
  live_ = std::make_unique<LiveCluster>(Followed{first.snapshot, first.stats, std::move(lists)},
                                        std::vector<kube::Need>(needs.begin(), needs.end()),
                                        std::move(options));
}

// Its requests last, and there are as many as kinds: where HTTP/2 is not spoken each has a
// connection of its own.
std::unique_ptr<kube::Transport> InputSource::watching_transport(
    const std::atomic<int>& stop) const {
  kube::CurlOptions curl;
  curl.user_agent = "aibrixctl/" AIBRIXCTL_VERSION;
  curl.now = wall_clock;
  curl.max_connections = 0;
  curl.stall_timeout = std::chrono::minutes(10);  // watches end before that by themselves
  curl.stop = &stop;
  return std::make_unique<kube::CurlTransport>(*access_, curl);
}

bool InputSource::wait_for_change(Clock::time_point until, std::chrono::milliseconds settle) {
  return live_->wait(until, settle, cancel_flag());
}

std::string InputSource::followed() const {
  if (live_ == nullptr || live_->watched() + live_->polled() == 0) return {};
  std::string out = "watching " + base::plural(live_->watched(), "list");
  if (live_->polled() != 0) {
    out += ", reading " + std::to_string(live_->polled()) + " again every " +
           base::format_age(live_->interval());
  }
  return out;
}

Reading InputSource::fetch(std::span<const kube::Need> needs,
                           std::vector<kube::WatchedList>* lists) {
  kube::Transport& transport = connect();
  Progress progress(options_.many == nullptr);
  kube::FetchOptions options;
  options.lists = lists;
  options.workload_namespaces = namespaces_;
  options.install_namespaces = install_namespaces(global_);
  options.extras = extras(options_.with_secrets);
  options.forbidden_hint =
      std::string(base::program_name) + " explain CODE names those a check reads";
  options.progress = [&progress](std::size_t answered, std::size_t asked) {
    progress.show("reading the cluster: " + std::to_string(answered) + " of " +
                  std::to_string(asked) + " answers");
  };
  options.bounds = bounds_;
  kube::FetchStats stats;
  const kube::ReadingTime reading(*bounds_);
  kube::Snapshot snapshot = kube::fetch(transport, *access_, needs, options, &stats);
  return {std::move(snapshot), stats};
}

Recheck InputSource::recheck(const kube::Snapshot& snapshot,
                             const std::vector<kube::ObjectRef>& objects) {
  Recheck out;
  if (from_live_) return out;  // all of it is as it is now
  std::vector<kube::ObjectKey> keys;
  for (const kube::ObjectRef& ref : objects) {
    const kube::Resource* resource = resource_of(ref);
    // A list that was narrowed or forbidden says nothing about single objects.
    if (resource == nullptr || resource->metadata_only || !snapshot.loaded(*resource)) continue;
    keys.push_back({resource, ref.ns, ref.name});
  }
  if (keys.empty()) return out;
  kube::GetResult again;
  try {
    kube::Transport& transport = connect();
    const kube::ReadingTime reading(*bounds_, kube::ReadingTime::Of::same_reading);
    again = kube::get_objects(transport, snapshot, keys);
  } catch (const base::Error& error) {
    // Everything is known but whether it is still so.
    if (error.reason != "Timeout") throw;
    out.failures.emplace_back(error.what());
    return out;
  }
  out.requests = keys.size();
  kube::SnapshotBuilder builder(snapshot);
  bool changed = false;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    const kube::GetOutcome& r = again.objects[i];
    const kube::Lookup before = snapshot.find(*keys[i].resource, keys[i].ns, keys[i].name);
    if (r.state == kube::GetOutcome::State::failed) {
      const bool said = std::ranges::find(out.failures, r.detail) != out.failures.end();
      if (!said) out.failures.push_back(r.detail);
      continue;
    }
    const bool same = r.object ? before && before->at("metadata", "resourceVersion").text() ==
                                               r.object->at("metadata", "resourceVersion").text()
                               : !before;
    if (same) continue;
    changed = true;
    auto& list = builder.list(*keys[i].resource).objects;
    std::erase_if(list, [&](const kube::Object& o) {
      return o.ns() == keys[i].ns && o.name() == keys[i].name;
    });
    if (r.object) list.push_back(*r.object);
    builder.own(r.memory);
  }
  if (!changed) return out;
  if (again.now) builder.now(again.now);
  out.snapshot = builder.build();
  return out;
}

kube::LogsRead InputSource::read_logs(const std::vector<kube::LogTarget>& targets) {
  if (from_files() && !options_.over_cluster) {
    const EndsAtOnce interruptible;
    return kube::logs_beside(options_.files, targets);
  }
  return follow_ ? read_new_logs(targets) : read_cluster_logs(targets);
}

kube::LogsRead InputSource::read_cluster_logs(const std::vector<kube::LogTarget>& targets) {
  kube::LogsRead out;
  try {
    kube::Transport& transport = connect();
    const kube::ReadingTime reading(*bounds_, kube::ReadingTime::Of::same_reading);
    out = kube::read_pod_logs(transport, targets);
  } catch (const base::Error& error) {
    // A log is evidence: without it all else is as true.
    if (error.reason != "Timeout") throw;
    out.failures.emplace_back(error.what());
  }
  return out;
}

// Each log once for each state of its pod: a container that ends anew changes that.
kube::LogsRead InputSource::read_new_logs(const std::vector<kube::LogTarget>& targets) {
  const auto key_of = [&](const kube::LogTarget& target) {
    const kube::ContainerRef& c = target.container;
    const kube::Lookup pod = last_->find(kube::resources::pods, c.ns, c.pod);
    const std::string_view version = pod ? pod->at("metadata", "resourceVersion").text() : "";
    return c.ns + '/' + c.pod + '/' + c.container + (target.previous ? "/previous " : " ") +
           std::string(version);
  };
  std::map<std::string, std::optional<kube::PodLog>> known;
  std::vector<kube::LogTarget> fresh;
  for (const kube::LogTarget& target : targets) {
    const auto before = logs_.find(key_of(target));
    if (before == logs_.end()) {
      fresh.push_back(target);
    } else {
      known.insert(*before);
    }
  }
  kube::LogsRead out;
  if (!fresh.empty()) {
    out = read_cluster_logs(fresh);
    for (const kube::LogTarget& target : fresh) {
      const auto log = std::ranges::find(out.logs, target.container, &kube::PodLog::from);
      known[key_of(target)] =
          log == out.logs.end() ? std::nullopt : std::optional<kube::PodLog>(*log);
    }
    log_troubles_ = {{}, out.forbidden, out.failures};
  }
  out.forbidden = log_troubles_.forbidden;
  out.failures = log_troubles_.failures;
  out.logs.clear();
  for (const auto& [key, log] : known) {
    if (log) out.logs.push_back(*log);
  }
  logs_ = std::move(known);
  return out;
}

kube::PodsAsked InputSource::ask_pods(const std::vector<kube::PodGet>& gets) {
  kube::PodsAsked out;
  try {
    kube::Transport& transport = connect();
    const kube::ReadingTime reading(*bounds_, kube::ReadingTime::Of::same_reading);
    out = kube::ask_pods(transport, gets);
  } catch (const base::Error& error) {
    if (error.reason != "Timeout") throw;
    out.failure = error.what();
  }
  return out;
}

std::shared_ptr<const ManyClusters> many_clusters(const Global& global, bool one_at_a_time) {
  auto out = std::make_shared<ManyClusters>();
  out->kubeconfig = kube::load_kubeconfig(kubeconfig_flags(global), kube_environment());
  out->memory = shared_memory(global);
  out->one_at_a_time = one_at_a_time;
  return out;
}

std::vector<kube::Need> asked_for(std::span<const kube::Need> needs, bool with_secrets) {
  return kube::asked_for(needs, extras(with_secrets));
}

std::vector<std::string> install_namespaces(const Global& global) {
  std::vector<std::string> out = {std::string(aibrix::names::system_namespace),
                                  std::string(aibrix::names::envoy_gateway_namespace)};
  const std::string& own = global.install_namespace;
  if (!own.empty() && own != out[0] && own != out[1]) out.push_back(own);
  return out;
}

std::vector<std::string> contexts(const Global& global) {
  return kube::context_names(kubeconfig_flags(global), kube_environment());
}

}  // namespace cli
