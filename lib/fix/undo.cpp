// The planner of the inverse of a run, from its journal and its backup.
#include "fix/undo.hpp"

#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "fix/withheld.hpp"
#include "kube/files/json_document.hpp"
#include "kube/files/yaml_text.hpp"
#include "kube/http/api_error.hpp"
#include "kube/parse/json_reader.hpp"
#include "kube/redact/redact_object.hpp"

namespace fix {
namespace {

using kube::Json;
using State = StepResult::State;

// It had an effect, or may have had one.
bool may_be_done(const StepResult& result) {
  return result.state == State::done || result.state == State::unknown;
}

std::string backed_up(const Record& record, const Step& step) {
  const Json list = Json::parse(record.before);
  for (const Json& item : list.value("items", Json::array())) {
    if (kube::ref_of(item) == step.object) return item.dump();
  }
  return {};
}

// ", once these are filled in: …"; empty when the copy is whole.
std::string to_fill_in(const std::string& body) {
  const std::vector<std::string> fields = kube::placeholder_fields(body);
  if (fields.empty()) return {};
  return ", after adding these fields, which the backup does not contain: " +
         base::join(fields, ", ");
}

class Inverter {
 public:
  Inverter(const Record& record, kube::Transport& transport)
      : record_(record), transport_(transport) {}

  Plan make() {
    plan_.fix = "undo";
    plan_.undoes = record_.id;
    plan_.server = record_.plan.server;
    plan_.context = record_.plan.context;
    plan_.cluster_uid = record_.plan.cluster_uid;
    std::size_t done = 0;
    for (std::size_t i = record_.plan.steps.size(); i-- > 0;) {
      if (!may_be_done(record_.steps[i])) continue;
      ++done;
      invert(record_.plan.steps[i], record_.steps[i]);
    }
    plan_.summary = "run " + record_.id + " (" + record_.plan.fix +
                    "): " + base::plural(done, "step") + " of " +
                    std::to_string(record_.plan.steps.size()) + " done";
    return std::move(plan_);
  }

 private:
  Step inverse_of(const Step& step) {
    Step out;
    out.resource = step.resource;
    out.version = step.version;
    out.object = step.object;
    out.uid = step.uid;
    out.wave = static_cast<int>(plan_.steps.size());  // in this order, one after the other
    return out;
  }

  void invert(const Step& step, const StepResult& result) {
    switch (step.verb) {
      case Step::Verb::patch: return invert_patch(step);
      case Step::Verb::create: return invert_create(step, result);
      case Step::Verb::remove: return invert_remove(step);
    }
  }

  void invert_patch(const Step& step) {
    std::vector<std::string> fields = unfilled_fields(step.undo);
    for (const std::string& field : step.withheld) {
      if (step.undo.empty() && field.starts_with("undo ")) fields.push_back(field.substr(5));
    }
    if (!fields.empty()) {
      plan_.remaining.push_back(
          name_of(step.object) +
          ": the original value contained secrets, which are not recorded; set manually: " +
          base::join(fields, ", "));
      return;
    }
    if (step.undo.empty()) {
      std::string text = name_of(step.object) + ": " +
                         (step.no_undo.empty() ? "this cannot be reverted" : step.no_undo);
      const bool stripped = step.diff_path == "metadata.finalizers";
      if (stripped)
        text += ". Once it is gone, it can be re-created from " + record_.folder + "/before.json" +
                to_fill_in(backed_up(record_, step));
      plan_.remaining.push_back(std::move(text));
      return;
    }
    Step out = inverse_of(step);
    out.patch = step.undo;
    out.what = "revert: " + step.what;
    for (const Operation& op : step.undo) {
      if (op.op != Operation::Op::test) {
        out.diff.push_back({op.op == Operation::Op::remove ? '-' : '+',
                            op.path + (op.value.empty() ? "" : ": " + op.value), ""});
      }
    }
    out.no_undo = "run the fix again";
    plan_.steps.push_back(std::move(out));
  }

  void invert_create(const Step& step, const StepResult& result) {
    const auto answers = transport_.send({read_request(step)});
    const kube::Response& answer = answers.front();
    if (answer.failure == kube::Failure::none && answer.status == 404) {
      plan_.left_alone.push_back(name_of(step.object) + " no longer exists");
      return;
    }
    if (!answer.ok()) {
      plan_.blockers.push_back(
          {name_of(step.object) + " cannot be read: " + kube::describe_failure(answer), {}});
      return;
    }
    kube::Document document;
    const kube::Value live = kube::read_json(answer.body, document);
    const std::string uid(live.at("metadata", "uid").text());
    if (!result.uid.empty() && result.uid != uid) {
      plan_.left_alone.push_back(name_of(step.object) + " was re-created since and is not changed");
      return;
    }
    std::string why;
    if (effect_on(step, live, &why) != Effect::done) {
      plan_.blockers.push_back(
          {name_of(step.object) + " was changed by somebody else in the meantime", {}});
      return;
    }
    Step out = inverse_of(step);
    out.verb = Step::Verb::remove;
    out.uid = uid;
    out.what = "delete it: the run created it";
    out.no_undo = "run the fix again";
    plan_.steps.push_back(std::move(out));
  }

  void invert_remove(const Step& step) {
    const std::string body = backed_up(record_, step);
    const auto& redacted = record_.redacted;
    const bool incomplete =
        !kube::placeholder_fields(body).empty() ||
        std::find(redacted.begin(), redacted.end(), step.id()) != redacted.end();
    if (body.empty() || incomplete) {
      plan_.remaining.push_back(
          name_of(step.object) + " cannot be re-created: " +
          (body.empty() ? "there is no backup of it"
                        : "its backup does not contain its secrets" + to_fill_in(body)));
      return;
    }
    Step out = inverse_of(step);
    out.verb = Step::Verb::create;
    out.uid.clear();
    out.body = body;
    out.what = "re-create it from its backup";
    const std::string yaml = kube::yaml_text(body);
    for (const std::string_view line : base::split(yaml, '\n')) {
      if (!line.empty()) out.diff.push_back({'+', std::string(line), ""});
    }
    out.diff_path = "the whole object";
    plan_.steps.push_back(std::move(out));
  }

  const Record& record_;
  kube::Transport& transport_;
  Plan plan_;
};

}  // namespace

Plan plan_undo(const Record& record, kube::Transport& transport) {
  return Inverter(record, transport).make();
}

}  // namespace fix
