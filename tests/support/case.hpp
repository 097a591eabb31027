// Test cases of checks that are YAML files, for the tests that run them.
#pragma once
#include <string>
#include <string_view>

#include "checks/core/runner.hpp"

namespace support {

// A case is a file of tests/cases/CODE: Kubernetes objects, and in the comments before them what
// the check of that code must find in them. tests/cases/README.md has the words.
//
// What differs from what its header says, with what was found in the header's own words; empty: the
// case holds. A header that cannot be read is a std::runtime_error "file:line: …".
std::string judge_case(std::string_view code, std::string_view text, const std::string& file);

// What a run of the case finds, folded as a report has it.
std::vector<checks::Finding> found_in_case(std::string_view code, std::string_view text,
                                           const std::string& file);

// What the remedies of a case's findings do. A case may hold an `# after:` line: the objects behind
// it are what the controllers leave when a remedy has been carried out.
struct RemedyProof {
  std::size_t changes = 0;  // remedies of this code's findings that change something by a command
  bool asked = false;       // the case holds `# after:`
  std::string failures;     // each remedy after which the finding is still there, and why
};
RemedyProof prove_remedies(std::string_view code, std::string_view text, const std::string& file);

// True when the header expects a finding of this code, alone or folded under another.
bool expects_finding(std::string_view code, std::string_view text, const std::string& file);

// Everything a run said, as the header of a case would say it.
std::string as_header(std::string_view code, const checks::Outcomes& outcomes);

}  // namespace support
