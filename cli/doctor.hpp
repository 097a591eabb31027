// What `doctor` is told, and its run, for all commands that need findings.
#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "checks/core/select.hpp"
#include "commands.hpp"
#include "report/gate.hpp"
#include "report/report.hpp"
#include "source.hpp"

namespace cli {

// What the words beside a fix mean, for --help.
inline constexpr std::string_view confidence_help =
    "Each fix is marked by how much care it takes:\n"
    "safe: it only adds something, or one command takes it back.\n"
    "review: it changes behavior; read what it does first.\n"
    "manual: it needs a decision or an action of yours.";

struct DoctorOptions {
  std::vector<std::string> models;
  SourceOptions source;
  std::vector<std::string> only, skip;
  std::string aibrix_version;  // of files that do not tell it
  report::FailOn fail_on = report::FailOn::error;
  bool require_complete = false;
  bool ci = false;
  std::chrono::milliseconds wait{0};
  bool watch = false;
  std::chrono::milliseconds interval{30'000};  // of what cannot be watched
  bool logs = false;                           // read the logs of what fails
  bool probe = false;                          // ask pods
  bool open_world = false;                     // files that hold a part of a cluster
  std::vector<report::IgnoreRule> ignore;
  std::optional<std::vector<report::KnownFinding>> baseline;
  std::vector<std::string> loosened;  // see report::Report
  kube::Snapshot* keep = nullptr;     // where to leave what was read, as the checks saw it last
};

// What standard output of `doctor` gets.
std::string format_of(const Global& global, const DoctorOptions& options);

// Of `doctor`: sets what follows from its flags, and throws base::Error(usage) where they do not go
// together.
void settle(DoctorOptions& options);

// Reads once, runs the selected checks once.
report::Report diagnose(const Global& global, const DoctorOptions& options, InputSource& source);

// Throws base::Error(usage) when one of them is known not to exist.
void require_namespaces(const std::vector<std::string>& wanted, const kube::Snapshot& snapshot);

// diagnose() at each change until nothing reaches fail_on or the time is up; says on stderr what
// is awaited, only when that changes.
report::Report diagnose_until(const Global& global, const DoctorOptions& options,
                              InputSource& source);

}  // namespace cli
