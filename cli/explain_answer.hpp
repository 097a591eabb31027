// `explain -`: recognises pasted errors and logs, and asks a cluster which cause holds.
#pragma once
#include <string>
#include <vector>

#include "commands.hpp"
#include "report/answer.hpp"
#include "source.hpp"

namespace cli {

struct ExplainOptions {
  SourceOptions source;
  bool doctor = false;
  std::string model;  // --model: in place of what the answer tells

  // A cluster is looked at only when it was asked for: --doctor, -f, or a flag that says which.
  bool wants_cluster(const Global& global) const;
};

// `explain -`: reads stdin, tells what it is, returns the exit code.
int explain_pasted(const Global& global, const ExplainOptions& options);

// Adds which of the causes holds, from the outcomes of a doctor run about `model`, which must
// outlive `explained`.
void narrow(report::Explained& explained, const checks::Outcomes& outcomes,
            const std::string& model);

}  // namespace cli
