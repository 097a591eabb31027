// The input of commands: files given with -f, a live cluster, or files laid over a cluster.
#pragma once
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "commands.hpp"
#include "kube/http/bounds.hpp"
#include "kube/read/list_query.hpp"
#include "kube/read/need.hpp"
#include "kube/read/pod_logs.hpp"
#include "kube/read/pod_proxy.hpp"
#include "kube/read/request_batch.hpp"
#include "kube/snapshot.hpp"
#include "report/report.hpp"

namespace CLI {
class App;
}

namespace base {
class MemoryBudget;
}

namespace kube {
class Transport;
struct Access;
struct Kubeconfig;
}  // namespace kube

namespace cli {

// Where the flags led when it was looked: a kubeconfig may come to lead elsewhere.
struct ChosenCluster {
  std::string server, context, user;
  bool operator==(const ChosenCluster&) const = default;
};
class LiveCluster;

// What the readers of several clusters have in common, each in a thread of its own.
struct ManyClusters {
  std::shared_ptr<const kube::Kubeconfig> kubeconfig;  // read once
  std::shared_ptr<base::MemoryBudget> memory;          // one limit for all of them
  bool one_at_a_time = true;  // a plugin may ask the person at the terminal
};
// Of the kubeconfig that `global` names.
std::shared_ptr<const ManyClusters> many_clusters(const Global& global, bool one_at_a_time);

// Where a command reads from: files when any are given, else the cluster.
struct SourceOptions {
  std::vector<std::string> files;    // paths, folders, "-"
  std::vector<std::string> exclude;  // patterns of what in folders is left out
  bool strict_files = false;         // what is no manifest is an error in folders too
  bool kustomize = false;            // run on kustomizations in folders
  bool helm = false;                 // run on charts in folders
  bool allow_remote = false;         // they may use the network
  bool whole_cluster = false;        // what is not in the files does not exist
  bool over_cluster = false;         // they are laid over the live cluster
  std::string now;                   // RFC 3339: judge ages as of this moment
  bool with_secrets = false;         // list Secrets too, which most roles do not permit
  bool no_logs = false;              // read no log of a container, whatever is wrong with it
  bool read_only = false;  // nothing else leaves, by whatever mistake: see kube/http/read_only.hpp
  std::optional<ChosenCluster> chosen = {};  // no other one may be read
  std::shared_ptr<const ManyClusters> many;  // this cluster is one of several; it shows no progress
};

// Adds -f, --exclude, --strict-files, --kustomize, --helm, --allow-remote, --whole-cluster and
// --now.
void add_source(CLI::App& command, SourceOptions& options);

// --with-secrets, for commands that run checks.
void add_with_secrets(CLI::App& command, bool& with_secrets);
// --no-logs, for commands that read logs.
void add_no_logs(CLI::App& command, bool& no_logs);
// The needs that flag leaves: nothing else sends a request for them.
std::vector<kube::Need> asked_for(std::span<const kube::Need> needs, bool with_secrets);

// What one reading brought, and what it cost.
struct Reading {
  kube::Snapshot snapshot;
  kube::FetchStats stats;  // of files: only parse and total
  // With files laid over a cluster: the cluster as it is.
  std::optional<kube::Snapshot> before = {};
};

// What came of reading single objects once more.
struct Recheck {
  std::optional<kube::Snapshot> snapshot;  // with what has changed; nullopt: nothing has
  std::size_t requests = 0;
  std::vector<std::string> failures;  // why some could not be read: "may not get pods …"
};

// A source that can be read several times (doctor --wait). Keeps the connection between readings.
class InputSource {
 public:
  using Clock = std::chrono::steady_clock;
  InputSource(const Global& global, SourceOptions options);
  ~InputSource();
  InputSource(const InputSource&) = delete;
  InputSource& operator=(const InputSource&) = delete;

  bool from_files() const { return !options_.files.empty(); }
  // -n split at commas; empty: all.
  const std::vector<std::string>& namespaces() const { return namespaces_; }
  // Transport::rounds() of all that was read.
  std::size_t rounds() const { return transport_ ? transport_->rounds() : 0; }
  Reading read(std::span<const kube::Need> needs);
  // From the next read() on: what is read later comes from watches, which wait_for_change() begins;
  // what cannot be watched is read again this often. Only for a cluster.
  void follow(std::chrono::milliseconds interval) { follow_ = interval; }
  // As LiveCluster::wait; read() then tells what is so.
  bool wait_for_change(Clock::time_point until, std::chrono::milliseconds settle);
  // "31 lists are watched"; empty: none yet.
  std::string followed() const;
  // Reads these objects once more. Only for a cluster.
  Recheck recheck(const kube::Snapshot& snapshot, const std::vector<kube::ObjectRef>& objects);
  // The ends of these containers' logs: from the cluster, or from files beside those given.
  kube::LogsRead read_logs(const std::vector<kube::LogTarget>& targets);
  // Asks these pods. Only for a cluster.
  kube::PodsAsked ask_pods(const std::vector<kube::PodGet>& gets);
  // The connection to the cluster. Requests of the reader end at Ctrl-C; those of the writer are
  // waited for, so that nobody has to guess what became of them.
  kube::Transport& reader() { return connect(); }
  // From here to the end of the block --timeout holds for the reader too. read() and recheck() do
  // so themselves; what waits for a person or an effect is not to.
  kube::ReadingTime reading_time() { return connect(), kube::ReadingTime(*bounds_); }
  // Throws base::Error(internal) for what is SourceOptions::read_only.
  kube::Transport& writer();
  const kube::Access& access() { return connect(), *access_; }
  ChosenCluster chosen();

 private:
  Reading read_files();
  Reading read_cluster(std::span<const kube::Need> needs);
  Reading fetch(std::span<const kube::Need> needs, std::vector<kube::WatchedList>* lists);
  void start_following(std::span<const kube::Need> needs, const Reading& first,
                       std::vector<kube::WatchedList> lists);
  std::unique_ptr<kube::Transport> watching_transport(const std::atomic<int>& stop) const;
  kube::LogsRead read_cluster_logs(const std::vector<kube::LogTarget>& targets);
  kube::LogsRead read_new_logs(const std::vector<kube::LogTarget>& targets);
  void read_definitions(const kube::Snapshot& files, Reading& reading);
  kube::Transport& connect();
  void require_chosen() const;

  const Global& global_;
  SourceOptions options_;
  std::vector<std::string> namespaces_;
  std::unique_ptr<kube::Access> access_;
  std::shared_ptr<kube::Bounds> bounds_;  // once connected
  std::unique_ptr<kube::Transport> transport_;
  std::unique_ptr<kube::Transport> writer_;
  std::optional<std::chrono::milliseconds> follow_;
  std::unique_ptr<LiveCluster> live_;
  bool from_live_ = false;              // the last read() asked nothing
  std::optional<kube::Snapshot> last_;  // of read(), while following
  // Logs by container and version of its pod, of the last time they were asked for.
  std::map<std::string, std::optional<kube::PodLog>> logs_;
  kube::LogsRead log_troubles_;
};

// Namespaces that are always read: AIBrix's (also --install-namespace) and Envoy Gateway's.
std::vector<std::string> install_namespaces(const Global& global);

// Names of the kubeconfig's contexts, for completion.
std::vector<std::string> contexts(const Global& global);

}  // namespace cli
