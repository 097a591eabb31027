// Secrets in what a plan sends. What is sent is whole; what is shown or kept is without them, and
// nothing that is without them is ever sent.
#pragma once
#include <string>
#include <vector>

#include "fix/plan.hpp"

namespace fix {

// The fields of a step that hold a secret, or something in its place: "patch /spec/artifactURL",
// "body spec.additionalConfig.api-key".
struct SecretFields {
  std::vector<std::string> patch, undo, body;
  bool empty() const { return patch.empty() && undo.empty() && body.empty(); }
  std::vector<std::string> all() const;
};
SecretFields secret_fields(const Step& step);

// The fields in which something stands in place of a secret: such a step must not be sent. Also
// those that a document left out.
std::vector<std::string> unfilled_fields(const Step& step);
std::vector<std::string> unfilled_fields(const Patch& patch);

// A copy to be shown: texts without secrets. Patches and bodies stay as they are, see SecretFields.
Plan without_secrets(Plan plan);

}  // namespace fix
