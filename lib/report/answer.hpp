// `explain -`, `explain --list` and what `endpoint test` says of an answer.
#pragma once
#include <string>
#include <vector>

#include "checks/trace/response_causes.hpp"
#include "report/report.hpp"

namespace report {

// One pasted answer, and what it was recognised as.
struct Explained {
  aibrix::ResponseText answer;
  aibrix::Match match;
  bool checked = false;  // a cluster was looked at
  std::string model;     // the run was about this model; empty: about all
  std::vector<checks::CauseVerdict> causes;
  std::vector<const checks::Finding*> proofs;
  bool follows = false;                       // from an answer before it, which says why
  std::vector<std::size_t> repeated{};        // lines on which the same stands again
  std::vector<checks::Word> cluster_flags{};  // of the run, for commands
};

// An answer that was not pasted but received has no line. With Style::verbose all that is known of
// it, else what a person needs.
std::string answer_text(const Explained& explained, const Style& style);
// kind AnswerExplanation.
std::string answers_json(const std::vector<Explained>& all, std::string_view version,
                         int exit_code);
std::string answers_yaml(const std::vector<Explained>& all, std::string_view version,
                         int exit_code);

// The whole catalogue: `explain --list`.
std::string catalogue_text(const Style& style);
std::string catalogue_json(std::string_view version);
std::string catalogue_yaml(std::string_view version);

}  // namespace report
