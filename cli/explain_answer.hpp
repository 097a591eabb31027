// `explain -`: recognises pasted errors and logs, and asks a cluster which cause holds.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "commands.hpp"
#include "report/answer.hpp"
#include "source.hpp"

namespace cli {

struct ExplainOptions {
  SourceOptions source;
  bool doctor = false;
  std::string model;               // --model: in place of what the answer tells
  std::optional<bool> looks = {};  // in place of what the flags say of a cluster

  // A cluster is looked at only when it was asked for: --doctor, -f, or a flag that says which.
  bool wants_cluster(const Global& global) const;
};

// What is known of a pasted text. It points into the run of doctor that narrowed it, if one did,
// and lives as long as the call of `use`.
struct ExplainedText {
  std::vector<report::Explained> answers;
  std::size_t left_out = 0;  // lines that nobody knows
  int exit_code = 0;
};
void explain_text(const Global& global, const ExplainOptions& options, const std::string& text,
                  const std::function<void(const ExplainedText&)>& use);

// `explain -`: reads stdin, tells what it is, returns the exit code.
int explain_pasted(const Global& global, const ExplainOptions& options);

// Adds which of the causes holds, from the outcomes of a doctor run about `model`, which must
// outlive `explained`.
void narrow(report::Explained& explained, const checks::Outcomes& outcomes,
            const std::string& model);

}  // namespace cli
