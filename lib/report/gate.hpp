// What a report leaves out of the count: findings that somebody chose to ignore, and those that an
// earlier report knew.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/report.hpp"

namespace report {

// "CODE=kind/ns/name": both sides are globs, in any case. Cluster-scoped objects: "kind/name".
struct IgnoreRule {
  std::string code;
  std::string object = "*";
  std::string reason;             // for people
  std::optional<base::Time> end;  // from then on it ignores nothing
  std::string file;               // where it is written; empty: on the command line
  std::uint32_t line = 0, column = 0;
};
// "MDL012=deployment/default/chat"
std::string to_string(const IgnoreRule& rule);
// Throws base::Error(usage).
IgnoreRule parse_ignore(std::string_view text);

// Takes the findings that a rule names out of the report, with what follows from them; they are
// kept in `ignored`. What is to be told of the rules: those that have ended, and those that name
// nothing, though the checks that they are about have looked everywhere (FIL002, FIL003).
std::vector<kube::FileFault> ignore(Report& report, const std::vector<IgnoreRule>& rules,
                                    base::Time now);

// One finding of an earlier report, as far as it is compared.
struct KnownFinding {
  std::string code;
  kube::ObjectRef object;
  checks::Level level = checks::Level::warning;
  std::string title;
};
// Of a document that `doctor -o json` wrote. Throws base::Error(usage).
std::vector<KnownFinding> read_baseline(const std::string& text, const std::string& file);
std::vector<KnownFinding> known_of(const std::vector<checks::Finding>& findings);

// Leaves what is new or worse, and says in report.changes what is new, fixed or unchanged. What a
// check did not look at is not called fixed.
void keep_what_is_new(Report& report, const std::vector<KnownFinding>& known);

}  // namespace report
