// The choice of contexts, the threads that read them, and their one report.
#include "many_contexts.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "kube/auth/kubeconfig.hpp"
#include "kube/auth/kubeconfig_file.hpp"
#include "report/formats.hpp"
#include "reports.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr std::size_t most_at_once = 64;

[[noreturn]] void refuse_contexts(const std::string& what, const std::string& hint) {
  throw base::Error(base::Fault::usage, "BadArgument", what, hint);
}

// As it was typed.
std::string flag_of(const ContextChoice& choice) {
  return choice.all ? "--all-contexts" : choice.names.empty() ? "--contexts-file" : "--contexts";
}

void require_one_cluster_flags_unset(const Global& global, const std::string& flag) {
  const auto flags = std::to_array<std::pair<const char*, const std::string*>>({
      {"--context", &global.context},
      {"--cluster", &global.cluster},
      {"--user", &global.user},
      {"--server", &global.server},
      {"--token", &global.token},
      {"--certificate-authority", &global.certificate_authority},
      {"--client-certificate", &global.client_certificate},
      {"--client-key", &global.client_key},
      {"--tls-server-name", &global.tls_server_name},
  });
  for (const auto& [name, value] : flags) {
    if (value->empty()) continue;
    refuse_contexts(std::string(name) + " is for one cluster, and " + flag + " reads several",
                    "leave out one of them; a variable AIBRIXCTL_… counts as its flag");
  }
}

void require_sense_of(const Global& global, const DoctorOptions& options,
                      const ContextChoice& choice) {
  const std::string flag = flag_of(choice);
  const int ways =
      (choice.all ? 1 : 0) + (choice.names.empty() ? 0 : 1) + (choice.file.empty() ? 0 : 1);
  if (ways > 1) {
    refuse_contexts("--contexts, --all-contexts and --contexts-file exclude each other",
                    "give one of them");
  }
  if (choice.parallel && (*choice.parallel == 0 || *choice.parallel > most_at_once)) {
    refuse_contexts("--parallel: " + std::to_string(*choice.parallel) + " is not between 1 and " +
                        std::to_string(most_at_once),
                    "leave it out for " + std::to_string(default_parallel));
  }
  const SourceOptions& source = options.source;
  const bool of_files = !source.files.empty() || source.whole_cluster || source.over_cluster ||
                        !source.now.empty() || !source.exclude.empty() || source.strict_files ||
                        source.kustomize || source.helm || source.allow_remote;
  if (of_files) {
    refuse_contexts(flag + " reads clusters; -f and its options are about files",
                    "leave out one of them");
  }
  if (options.baseline) {
    refuse_contexts("--baseline is a report of one cluster, and " + flag + " reads several",
                    "leave it out, or run doctor for each context");
  }
  if (options.wait.count() != 0 || options.watch) {
    refuse_contexts(std::string(options.watch ? "--watch" : "--wait") +
                        " is for one cluster, and " + flag + " reads several",
                    "leave out one of them");
  }
  require_one_cluster_flags_unset(global, flag);
}

std::vector<std::string> chosen_contexts(const ContextChoice& choice,
                                         const kube::Kubeconfig& config) {
  std::vector<std::string> out = choice.names;
  if (choice.all) out = kube::context_names(config);
  if (!choice.file.empty()) {
    constexpr std::size_t most = std::size_t{1} << 20U;
    const bool piped = choice.file == "-";
    out = names_in(base::read_file(piped ? "/dev/stdin" : choice.file, most));
  }
  if (out.empty() || std::ranges::find(out, "") != out.end()) {
    refuse_contexts(
        flag_of(choice) + " names no context",
        "the kubeconfig has: " + base::printable(base::join(kube::context_names(config), ", ")));
  }
  std::set<std::string> seen;
  for (const std::string& name : out) {
    if (!seen.insert(name).second) {
      refuse_contexts("context \"" + base::printable(name) + "\" is named twice", "name each once");
    }
    kube::require_context(config, name);
  }
  return out;
}

// What the threads and the one that waits for them share.
class Crew {
 public:
  Crew(const std::vector<std::string>& contexts,
       const std::function<report::Report(const std::string&)>& one)
      : one_(one) {
    for (const std::string& context : contexts) clusters_.push_back({context, {}, {}, {}});
  }

  void run(std::size_t parallel, const std::function<void(std::size_t)>& progress) {
    std::vector<std::thread> threads;
    const std::size_t many = std::min(parallel, clusters_.size());
    // All of them are waited for, whatever happens here.
    try {
      for (std::size_t i = 0; i < many; ++i) threads.emplace_back([this] { work(); });
    } catch (const std::system_error&) {
      if (threads.empty()) work();  // no thread to be had
    }
    std::unique_lock lock(mutex_);
    while (done_ < clusters_.size()) {
      changed_.wait_for(lock, std::chrono::milliseconds(100));
      const std::size_t done = done_;
      lock.unlock();
      progress(done);
      lock.lock();
    }
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    if (many > 1) try_again_alone();
  }

  std::vector<report::ListedCluster> result() { return std::move(clusters_); }

 private:
  void work() {
    for (;;) {
      const std::size_t i = next_.fetch_add(1);
      if (i >= clusters_.size()) return;
      read(clusters_[i]);
      const std::lock_guard lock(mutex_);
      ++done_;
      changed_.notify_one();
    }
  }

  void read(report::ListedCluster& cluster) {
    try {
      stop_if_cancelled();
      cluster.report = one_(cluster.context);
    } catch (...) {
      cluster.failure = base::current_error();
    }
  }

  void try_again_alone() {
    for (report::ListedCluster& cluster : clusters_) {
      if (!cluster.failure || cluster.failure->reason != "MemoryLimit") continue;
      cluster.failure.reset();
      read(cluster);
    }
  }

  const std::function<report::Report(const std::string&)>& one_;
  std::vector<report::ListedCluster> clusters_;  // each is of the thread that took its number
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t done_ = 0;
};

void print_list(const Global& global, const DoctorOptions& options,
                const report::ReportList& list) {
  const std::string format = format_of(global, options);
  write_report(format, rendered(list, format, style_for(global)));
  const bool left_out = std::ranges::any_of(list.clusters, [](const auto& cluster) {
    return cluster.report && !report::left_out(*cluster.report).empty();
  });
  const bool lines = format == "plain" || format == "short";
  if (lines || (format != "text" && left_out)) notice(base::printable(report::summary(list)));
  if (!options.ci || !lines) return;
  for (const report::ListedCluster& cluster : list.clusters) {
    if (!cluster.report || !global.verbose) continue;
    for (const std::string& note : cluster.report->notes) {
      notice("note: " + base::printable(cluster.context + ": " + note));
    }
  }
}

}  // namespace

void add_contexts(CLI::App& command, ContextChoice& choice) {
  command
      .add_option("--contexts", choice.names,
                  "Check the clusters of these contexts in one run, with one report")
      ->type_name("NAME")
      ->delimiter(',')
      ->allow_extra_args(false);
  command.add_flag("--all-contexts", choice.all,
                   "Check the clusters of all contexts of the kubeconfig");
  command
      .add_option("--contexts-file", choice.file,
                  "Check the clusters of the contexts in this file, one name a line (-: stdin)")
      ->type_name("FILE");
  command
      .add_option("--parallel", choice.parallel,
                  "With several contexts: how many clusters are read at once (default: 8)")
      ->type_name("N");
}

std::vector<std::string> names_in(const std::string& text) {
  std::vector<std::string> out;
  for (const std::string_view line : base::split(text, '\n')) {
    std::string_view name = line;
    for (std::size_t at = name.find('#'); at != std::string_view::npos;
         at = name.find('#', at + 1)) {
      const bool comment = at == 0 || name[at - 1] == ' ' || name[at - 1] == '\t';
      if (comment) name = name.substr(0, at);
    }
    name = base::trim(name);
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

std::vector<report::ListedCluster> diagnose_each(
    const std::vector<std::string>& contexts, std::size_t parallel,
    const std::function<report::Report(const std::string& context)>& one,
    const std::function<void(std::size_t done)>& progress) {
  Crew crew(contexts, one);
  crew.run(parallel, progress);
  return crew.result();
}

int doctor_of_contexts(const Global& global, const DoctorOptions& options,
                       const ContextChoice& choice) {
  require_sense_of(global, options, choice);
  const std::size_t parallel = choice.parallel.value_or(default_parallel);
  begin_reports(global, choice.file.empty() ? std::vector<std::string>{}
                                            : std::vector<std::string>{choice.file});
  const auto many = many_clusters(global, parallel == 1);
  const std::vector<std::string> contexts = chosen_contexts(choice, *many->kubeconfig);
  const auto one = [&](const std::string& context) {
    Global of_this = global;
    of_this.context = context;
    SourceOptions where = options.source;
    where.many = many;
    InputSource source(of_this, where);
    return diagnose(of_this, options, source);
  };
  report::ReportList list;
  list.version = AIBRIXCTL_VERSION;
  {
    Progress progress(true);
    list.clusters = diagnose_each(contexts, parallel, one, [&](std::size_t done) {
      progress.show("reading clusters: " + std::to_string(done) + " of " +
                    std::to_string(contexts.size()));
    });
  }
  stop_if_cancelled();
  for (report::ListedCluster& cluster : list.clusters) {
    Global of_this = global;
    of_this.context = cluster.context;
    cluster.command = for_cluster(checks::aibrixctl("doctor"), of_this);
  }
  report::sort_worst_first(list);
  write_reports(global, [&](const std::string& format) {
    return rendered(list, format, file_style(global));
  });
  print_list(global, options, list);
  if (options.ci) annotate(global, report::digests(list));
  return report::exit_code(list);
}

}  // namespace cli
