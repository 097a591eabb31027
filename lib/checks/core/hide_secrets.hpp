// The one place where secrets are taken out of what checks say. Everything that prints findings
// (doctor, trace, explain, endpoint test, undo) has them from run(), which ends with this.
#pragma once
#include <string>

#include "checks/core/runner.hpp"

namespace checks {

// Texts of the cluster lose what is secret. A command or a manifest that would not be whole without
// it is not offered: the remedy names the fields that a person has to fill in.
void hide_secrets(Outcomes& outcomes);
void hide_secrets(Finding& finding);

// The lines of a manifest's text that hold a secret, or something in its place, by their keys:
// "url in line 12". Empty: it can be applied as it is.
std::vector<std::string> secret_lines(std::string_view text);

}  // namespace checks
