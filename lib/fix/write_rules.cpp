// What fixes write, and so what an undo of one may take back.
#include "fix/write_rules.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/chars.hpp"
#include "base/text.hpp"
#include "fix/fix.hpp"

namespace fix {
namespace {

std::runtime_error wrong(const Step& step, const std::string& why) {
  return std::runtime_error("step on " + step.id() + ": " + why);
}

// "v1", "v1alpha3".
bool is_version(std::string_view text) {
  if (text.size() < 2 || text[0] != 'v' || !base::is_digit(text[1])) return false;
  return std::ranges::all_of(text, [](char c) { return base::is_digit(c) || base::is_lower(c); });
}

// One step of a URL's path that means itself.
bool is_path_step(std::string_view text) {
  if (text == "." || text == ".." || text.size() > 253) return false;
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) > ' ' && static_cast<unsigned char>(c) < 0x7F &&
           std::string_view("/%?#\\").find(c) == std::string_view::npos;
  });
}

// '*' stands for one step of the pointer, "**" for all that follow.
bool covers(std::string_view pattern, std::string_view pointer) {
  const auto wanted = base::split(pattern, '/');
  const auto given = base::split(pointer, '/');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "**") return given.size() > i;
    if (i >= given.size() || (wanted[i] != "*" && wanted[i] != given[i])) return false;
  }
  return wanted.size() == given.size();
}

const WriteRight* right_of(const Fix& fix, const Step& step, std::string_view verb) {
  const auto it = std::ranges::find_if(fix.rights, [&](const WriteRight& right) {
    return right.resource == step.resource && right.verb == verb;
  });
  return it == fix.rights.end() ? nullptr : &*it;
}

void require_patch(const Fix& fix, const Step& step, const Patch& patch) {
  const WriteRight* right = right_of(fix, step, "patch");
  bool guarded = false;
  for (const Operation& op : patch) {
    if (op.op == Operation::Op::test) {
      guarded = guarded || (op.path == "/metadata/uid" && op.value == kube::json_string(step.uid));
      continue;
    }
    const bool known = right != nullptr && std::ranges::any_of(right->fields, [&](auto pattern) {
                         return covers(pattern, op.path);
                       });
    if (!known) throw wrong(step, "fix " + std::string(fix.name) + " never writes " + op.path);
  }
  if (!guarded || step.uid.empty()) throw wrong(step, "its patch does not test the object's uid");
}

void require_step(const Fix& fix, const Step& step) {
  if (step.verb == Step::Verb::patch) {
    if (step.patch.empty()) throw wrong(step, "it has no patch");
    require_patch(fix, step, step.patch);
    if (!step.undo.empty()) require_patch(fix, step, step.undo);
    return;
  }
  const bool create = step.verb == Step::Verb::create;
  if (right_of(fix, step, create ? "create" : "delete") == nullptr) {
    throw wrong(step, "fix " + std::string(fix.name) + " never " +
                          (create ? "creates" : "deletes") + " such an object");
  }
}

}  // namespace

void require_address(const Step& step) {
  if (!is_version(step.version))
    throw wrong(step, "\"" + step.version + "\" is not an API version");
  if (step.object.name.empty() || !is_path_step(step.object.name) ||
      !is_path_step(step.object.ns)) {
    throw wrong(step, "its name is not a valid object name");
  }
}

void require_writable(const Plan& plan) {
  // An undo's own run is only shown: taking it back is running the fix again.
  if (plan.fix == "undo") return;
  const Fix* fix = find(plan.fix);
  if (fix == nullptr) throw std::runtime_error("unknown fix " + plan.fix);
  for (const Step& step : plan.steps) require_step(*fix, step);
}

}  // namespace fix
