// Plans and what became of them, as documents.
#include "fix/document.hpp"

#include "base/utf8.hpp"
#include "checks/core/hide_secrets.hpp"
#include "fix/plan_reader.hpp"
#include "fix/withheld.hpp"
#include "kube/files/json_document.hpp"
#include "kube/redact/redact.hpp"

namespace fix {
namespace {

using base::utf8;
using kube::Json;
using kube::json_text;
using kube::object_json;
using kube::put;

void put(Json& out, const char* key, const std::vector<std::string>& list) {
  for (const std::string& text : list) out[key].push_back(utf8(text));
}

void put(Json& out, const char* key, const std::vector<Advice>& list) {
  for (const Advice& a : list) {
    Json entry = {{"text", utf8(a.text)}};
    put(entry, "command", checks::to_shell(a.command));
    out[key].push_back(std::move(entry));
  }
}

// What is not set or empty is left out.
void put_value(Json& out, const char* key, const OptionValue& value) {
  if (const auto* flag = std::get_if<bool>(&value)) {
    if (*flag) out[key] = true;
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    put(out, key, *text);
  } else if (const auto* list = std::get_if<std::vector<std::string>>(&value)) {
    put(out, key, *list);
  } else if (const auto* time = std::get_if<std::optional<std::chrono::milliseconds>>(&value)) {
    if (*time) out[key] = (*time)->count();
  } else {
    for (const auto& [name, text_of] : std::get<OptionPairs>(value)) {
      out[key].push_back(utf8(name + '=' + text_of));
    }
  }
}

std::string_view to_string(Step::Verb verb) {
  switch (verb) {
    case Step::Verb::patch: return "patch";
    case Step::Verb::create: return "create";
    case Step::Verb::remove: return "delete";
  }
  return "patch";
}

std::string_view to_string(Watched::State state) {
  switch (state) {
    case Watched::State::done: return "done";
    case Watched::State::waiting: return "waiting";
    case Watched::State::others: return "others must act";
  }
  return "waiting";
}

Json step_json(const Step& step, bool whole) {
  Json out = {{"verb", to_string(step.verb)},
              {"object", object_json(step.object, step.version, step.uid)},
              {"what", utf8(step.what)},
              {"danger", to_string(step.reversibility)}};
  if (step.wave != 0) out["wave"] = step.wave;
  if (step.after_parent) out["whenMarkedForDeletion"] = true;
  // A patch or an object that lacks its secrets must not be applied: it is left out as a whole.
  const SecretFields secrets = whole ? SecretFields() : secret_fields(step);
  if (!step.patch.empty() && secrets.patch.empty()) out["patch"] = Json::parse(to_json(step.patch));
  if (!step.body.empty() && secrets.body.empty()) out["body"] = Json::parse(step.body);
  put(out, "path", step.diff_path);
  for (const DiffLine& line : step.diff) {
    Json entry = {{"mark", std::string(1, line.mark)}, {"text", utf8(line.text)}};
    put(entry, "note", line.note);
    out["diff"].push_back(std::move(entry));
  }
  put(out, "cost", step.cost);
  if (!step.undo.empty() && secrets.undo.empty()) out["undo"] = Json::parse(to_json(step.undo));
  put(out, "noUndo", step.no_undo);
  put(out, "withheld", secrets.all());
  return out;
}

Json options_json(const Options& o) {
  Json out = Json::object();
  put(out, "namespaces", o.namespaces);
  put(out, "select", o.select);
  for (const auto& [option, value] : o.given())
    put_value(out, std::string(option->key).c_str(), value);
  return out;
}

Json plan_json(const Plan& given, std::string_view tool_version, bool whole) {
  const Plan plan = whole ? given : without_secrets(given);
  Json out = kube::document_head("FixPlan", tool_version);
  out["fix"] = plan.fix;
  out["options"] = options_json(plan.options);
  out["cluster"] = Json::object();
  put(out["cluster"], "context", plan.context);
  put(out["cluster"], "server", plan.server);
  put(out["cluster"], "uid", plan.cluster_uid);
  put(out, "undoes", plan.undoes);
  put(out, "looked", plan.summary);
  for (const FindingChange& c : plan.findings) {
    out["findings"].push_back({{"state", to_string(c.state)},
                               {"code", c.code},
                               {"title", utf8(c.title)},
                               {"object", object_json(c.object)}});
  }
  put(out, "why", plan.why);
  put(out, "tryFirst", plan.alternatives);
  put(out, "blockers", plan.blockers);
  put(out, "facts", plan.facts);
  out["steps"] = Json::array();
  for (const Step& step : plan.steps) out["steps"].push_back(step_json(step, whole));
  put(out, "kept", plan.left_alone);
  put(out, "passedOver", plan.skipped);
  put(out, "unread", plan.unread);
  put(out, "after", plan.remaining);
  put(out, "byHand", plan.manual_steps);
  put(out, "followedNamespaces", plan.namespaces);
  if (checks::secret_lines(plan.manifest).empty()) put(out, "manifest", plan.manifest);
  if (!plan.steps.empty()) {
    out["danger"] = to_string(plan.reversibility());
    if (plan.reversibility() == Reversibility::permanent) out["confirm"] = utf8(plan.phrase());
  }
  return out;
}

}  // namespace

std::string to_json(const Plan& plan, std::string_view tool_version, int exit_code) {
  Json out = plan_json(plan, tool_version, false);
  out["exitCode"] = exit_code;
  return json_text(out);
}

Plan as_read_back(const Plan& plan, const std::string& file) {
  return read_plan(json_text(plan_json(plan, "", true)), file);
}

std::string to_json(const Plan& plan, const RunOutcome& outcome, std::string_view tool_version,
                    int exit_code) {
  Json out = plan_json(plan, tool_version, false);
  out["kind"] = "FixRun";
  put(out, "run", outcome.run);
  put(out, "journal", outcome.folder);
  if (outcome.applied.cut_off) put(out, "cutOff", outcome.applied.cut_off->what());
  for (std::size_t i = 0; i < outcome.applied.steps.size(); ++i) {
    const StepResult& result = outcome.applied.steps[i];
    Json entry = {{"object", plan.steps[i].id()}, {"state", to_string(result.state)}};
    put(entry, "detail", kube::redact_text(result.detail));
    out["results"].push_back(std::move(entry));
  }
  for (const Watched& w : outcome.watched) {
    out["verified"].push_back({{"object", kube::to_string(w.object)},
                               {"state", to_string(w.state)},
                               {"text", utf8(kube::redact_text(w.text))}});
  }
  out["exitCode"] = exit_code;
  return json_text(out);
}

}  // namespace fix
