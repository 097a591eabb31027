// The registry of all checks, and how a check reports what it finds.
#include "checks/core/check.hpp"

#include <algorithm>

#include "base/lists.hpp"

namespace checks {

std::span<const Check* const> all() {
#define CODE(code) &registry::code,
  static constexpr const Check* table[] = {
#include "checks/checks.def"
  };
  return table;
}

const Check* find(std::string_view code) {
  const auto checks = all();
  const auto it = std::find_if(checks.begin(), checks.end(),
                               [&](const Check* check) { return check->code == code; });
  return it == checks.end() ? nullptr : *it;
}

std::string_view to_string(Area area) {
  switch (area) {
    case Area::files: return "files";
    case Area::manifests: return "manifests";
    case Area::install: return "install";
    case Area::webhooks: return "webhooks";
    case Area::gateway: return "gateway";
    case Area::endpoint: return "endpoint";
    case Area::grants: return "grants";
    case Area::routing: return "routing";
    case Area::models: return "models";
    case Area::lora: return "lora";
    case Area::scaling: return "scaling";
    case Area::deletion: return "deletion";
  }
  return "";
}

Finding& Reporter::add(Level level, Subject subject, std::string title) {
  Finding finding;
  finding.code = code_;
  finding.level = level;
  finding.subject = std::move(subject);
  finding.title = std::move(title);
  return findings_.emplace_back(std::move(finding));
}

Finding& Reporter::error(Subject subject, std::string title) {
  return add(Level::error, std::move(subject), std::move(title));
}

Finding& Reporter::warning(Subject subject, std::string title) {
  return add(Level::warning, std::move(subject), std::move(title));
}

Finding& Reporter::info(Subject subject, std::string title) {
  return add(Level::info, std::move(subject), std::move(title));
}

void Reporter::undetermined(std::string why) {
  base::add_once(undetermined_, std::move(why));
}

void Reporter::not_asked(const std::string& what, const kube::ExtraRight& right) {
  not_asked_ = true;
  not_applicable("not asked for: " + what + ". " + std::string(right.why));
}

void Reporter::not_applicable(std::string why) {
  base::add_once(not_applicable_, std::move(why));
}

}  // namespace checks
