// `doctor --contexts`: the same run over several clusters, side by side, and one report.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "doctor.hpp"
#include "report/report_list.hpp"

namespace CLI {
class App;
}

namespace cli {

inline constexpr std::size_t default_parallel = 8;

// Which clusters, and how many of them are read at once.
struct ContextChoice {
  std::vector<std::string> names;
  bool all = false;
  std::string file;                     // one name a line; "-": standard input
  std::optional<std::size_t> parallel;  // default_parallel

  bool given() const { return all || !names.empty() || !file.empty(); }
};

// Adds --contexts, --all-contexts, --contexts-file and --parallel.
void add_contexts(CLI::App& command, ContextChoice& choice);

// The names in a file of them: one a line, without what follows a '#'.
std::vector<std::string> names_in(const std::string& text);

// Makes the report of each context, at most `parallel` at once, each in a thread of its own; where
// memory did not suffice for them side by side, once more alone. What `one` throws is the failure
// of that cluster. `progress` is told, by this thread, how many are done. In the order of
// `contexts`.
std::vector<report::ListedCluster> diagnose_each(
    const std::vector<std::string>& contexts, std::size_t parallel,
    const std::function<report::Report(const std::string& context)>& one,
    const std::function<void(std::size_t done)>& progress);

// The whole run. Throws base::Error(usage) before anything is read: a context that is not there or
// twice, an option that is for one cluster.
int doctor_of_contexts(const Global& global, const DoctorOptions& options,
                       const ContextChoice& choice);

}  // namespace cli
