// The report of a run of doctor: what is in it, and its output formats.
#pragma once
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "checks/core/runner.hpp"
#include "checks/trace/verdict.hpp"
#include "fix/plan.hpp"
#include "report/picture.hpp"

namespace report {

// From which level on findings make a run fail (exit code 1).
enum class FailOn { error, warning, info, never };
std::string_view to_string(FailOn fail_on);
bool reaches(checks::Level level, FailOn fail_on);

// Where the time of a run went. One after the other, so the parts add up to the whole, but for
// printing.
struct Spent {
  std::chrono::microseconds connect{0};  // until the connection was ready, TLS included
  std::chrono::microseconds wait{0};     // the server had not answered yet
  std::chrono::microseconds receive{0};  // decrypting and taking apart what came
  std::chrono::microseconds parse{0};    // JSON or YAML into objects
  std::chrono::microseconds checks{0};
  std::chrono::microseconds confirm{0};  // reading once more what errors rest on
};

// Data of one run: what differs between two runs that saw the same.
struct Run {
  std::string id;
  base::Time started_at{};
  std::chrono::milliseconds duration{};
  std::string source;              // "cluster", "files", "snapshot"
  std::string files;               // their names, for people; empty: none
  std::vector<std::string> scope;  // namespaces; {"*"}: all
  std::size_t requests = 0;        // sent to the API server; 0 for files
  std::size_t retries = 0;
  std::size_t connections = 0;
  std::size_t rounds = 0;       // of requests that had to follow each other
  std::size_t bytes = 0;        // received
  std::size_t peak_memory = 0;  // bytes, of the whole process; 0: not known
  Spent spent;
};

// What was looked at; empty where unknown.
struct ClusterSummary {
  std::string context;
  std::string server;
  std::string kubernetes;
  std::string aibrix;
  std::string envoy_gateway;
  std::string gateway_api;  // bundle version of its CRDs
  std::vector<std::string> reference_grant_versions;
  std::string asked = {};        // where flags led and as whom, for people; empty: to the context
  std::string known_up_to = {};  // where AIBrix is newer: the last release this program knows
};

// What the models and the gateway can do, for people.
struct Overview {
  bool asked = false;                        // models were asked for by name
  std::vector<checks::ModelVerdict> models;  // asked for, or all; empty where there are too many
  std::size_t model_count = 0;
  std::size_t adapter_count = 0;  // LoRA adapters, of model_count
  bool models_known = false;      // pods and adapters were read
  std::string endpoint;           // "http://192.168.10.11:30877"; empty: `endpoint_how` says why
  std::string endpoint_how;       // "node port on node-2 (InternalIP)"
};

// All that a renderer needs.
struct Report {
  std::string version;  // of aibrixctl
  Run run;
  ClusterSummary cluster;
  Overview overview;
  checks::Outcomes outcomes;
  FailOn fail_on = FailOn::error;
  bool require_complete = false;
  // What somebody chose to ignore, and how much was folded under what is told.
  std::vector<checks::Finding> ignored;
  std::size_t ignored_symptoms = 0;
  bool unread = false;    // a log or a pod that was asked for could not be read
  std::size_t known = 0;  // findings of an earlier report, neither told nor counted
  // What a file of the folder took away: "fail-on never (.aibrixctl.yaml)".
  std::vector<std::string> loosened;
  // Against an earlier report, or with files laid over a cluster: what changed in the findings.
  std::vector<fix::FindingChange> changes;
  bool since_report = false;       // they are against an earlier report
  std::vector<std::string> notes;  // about the source: "3 documents of kinds that no check reads"
  int exit_code = 0;
  std::optional<base::Time> as_of;  // what was read, by its own clock; not known for every file
  std::vector<Picture> pictures;    // of some models, those that fail first
};

// How text is laid out; documents (json, yaml) ignore it.
struct Style {
  bool colour = false;
  bool ascii = false;
  int width = 100;       // columns
  bool verbose = false;  // also what passed, and every line of long lists
};

struct Counts {
  std::size_t error = 0, warning = 0, info = 0;
  std::size_t ok = 0, found = 0, skipped = 0, undetermined = 0;
  std::size_t not_applicable = 0;  // part of skipped
};
Counts count(const checks::Outcomes& outcomes);

// Closes every totals line: "2 ignored, 3 known (baseline)", and who lowered --fail-on.
std::vector<std::string> left_out(const Report& report);

// "fixed: REF001 no ReferenceGrant …", of what an earlier report or the cluster had.
std::vector<std::string> fixed_lines(const Report& report);

// This check looked at less than it should have (skipped for want of something, undetermined).
bool unchecked(const checks::CheckOutcome& outcome);

// 0, 1, 3 or 70: depends on the outcomes alone, never on the format (README, "Exit codes").
int exit_code(const checks::Outcomes& outcomes, FailOn fail_on, bool require_complete);

// The answer on one screen for people at a terminal, worst first; with Style::verbose all there is.
std::string text(const Report& report, const Style& style);
// One finding per line, tab-separated, no header: for pipes and logs.
std::string plain(const Report& report);
// One finding per line: level, code, object, title. For chats and logs.
std::string short_lines(const Report& report);
// The summary line that closes text and plain: "2 errors, 1 warning, 37 ok, 1 not checked".
std::string summary(const Report& report);
// What the run cost, as -v shows it: where the time went, what was read. One or two lines.
std::string costs(const Report& report);
// One document after report.schema.json.
std::string json(const Report& report);
std::string yaml(const Report& report);
// One finding as it stands in findings[]: for documents of other commands.
std::string finding_json_text(const checks::Finding& finding);
// The `kind: Error` document of a run that could not report.
std::string error_json(const base::Error& error, std::string_view version);
std::string error_yaml(const base::Error& error, std::string_view version);
// How a failed run ends in the formats that are read as text.
std::string error_text(const base::Error& error);

// `explain CODE`.
std::string explain(const checks::Check& check, const Style& style);
// The same of these checks as a document of kind CheckCatalogue, in JSON or YAML.
std::string checks_document(std::span<const checks::Check* const> checks, std::string_view version,
                            bool yaml);

}  // namespace report
