// What is secret in a plan, and the plan without it.
#include "fix/withheld.hpp"

#include "kube/redact/redact.hpp"
#include "kube/redact/redact_object.hpp"

namespace fix {
namespace {

std::string last_step(std::string_view pointer) {
  return std::string(pointer.substr(pointer.rfind('/') + 1));
}

// An operation's value, under its name.
bool secret_value(const Operation& op) {
  if (op.value.empty()) return false;
  if (kube::holds_placeholder(op.value)) return true;
  bool changed = false;
  kube::redact_answer(R"({"spec":{)" + json_string(last_step(op.path)) + ":" + op.value + "}}",
                      changed);
  return changed;
}

std::vector<std::string> secret_paths(const Patch& patch) {
  std::vector<std::string> out;
  for (const Operation& op : patch) {
    if (secret_value(op)) out.push_back(op.path);
  }
  return out;
}

using kube::redact_in_place;

void hide(std::vector<std::string>& texts) {
  for (std::string& text : texts) redact_in_place(text);
}

void hide(std::vector<Advice>& list) {
  for (Advice& advice : list) redact_in_place(advice.text);
}

}  // namespace

std::vector<std::string> SecretFields::all() const {
  std::vector<std::string> out;
  for (const std::string& path : patch) out.push_back("patch " + path);
  for (const std::string& path : undo) out.push_back("undo " + path);
  for (const std::string& field : body) out.push_back("body " + field);
  return out;
}

SecretFields secret_fields(const Step& step) {
  SecretFields out{secret_paths(step.patch), secret_paths(step.undo), {}};
  if (step.body.empty()) return out;
  bool changed = false;
  const std::string clean = kube::redact_answer(step.body, changed);
  if (changed || kube::holds_placeholder(step.body)) out.body = kube::placeholder_fields(clean);
  return out;
}

std::vector<std::string> unfilled_fields(const Patch& patch) {
  std::vector<std::string> out;
  for (const Operation& op : patch) {
    if (kube::holds_placeholder(op.value)) out.push_back(op.path);
  }
  return out;
}

std::vector<std::string> unfilled_fields(const Step& step) {
  std::vector<std::string> out;
  // What a document left out and somebody has put back is whole again.
  for (const std::string& field : step.withheld) {
    const bool filled = (field.starts_with("patch ") && !step.patch.empty()) ||
                        (field.starts_with("body ") && !step.body.empty()) ||
                        field.starts_with("undo ");
    if (!filled) out.push_back(field);
  }
  for (const std::string& path : unfilled_fields(step.patch)) out.push_back("patch " + path);
  for (const std::string& field : kube::placeholder_fields(step.body))
    out.push_back("body " + field);
  return out;
}

Plan without_secrets(Plan plan) {
  redact_in_place(plan.summary);
  hide(plan.why);
  hide(plan.alternatives);
  hide(plan.blockers);
  hide(plan.left_alone);
  hide(plan.skipped);
  hide(plan.unread);
  hide(plan.remaining);
  hide(plan.manual_steps);
  hide(plan.facts);
  for (Step& step : plan.steps) {
    redact_in_place(step.what);
    hide(step.cost);
    redact_in_place(step.no_undo);
    for (DiffLine& line : step.diff) {
      redact_in_place(line.text);
      redact_in_place(line.note);
    }
  }
  return plan;
}

}  // namespace fix
