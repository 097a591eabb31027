// A saved plan, read back.
#include "fix/plan_reader.hpp"

#include <nlohmann/json.hpp>

#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/program.hpp"
#include "base/text.hpp"
#include "fix/fix.hpp"
#include "fix/write_rules.hpp"

namespace fix {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> strings(const Json& in, const char* key) {
  return in.contains(key) ? in.at(key).get<std::vector<std::string>>() : std::vector<std::string>{};
}

// Checked as on the command line: a plan may have been edited.
void read_option(const Json& in, const OptionSpec& option, Options& out) {
  switch (option.type) {
    case OptionType::flag:
      if (in.get<bool>()) out.set_words(option, {});
      return;
    case OptionType::either:
      out.set_words(option, {std::string(option.words[in.get<bool>() ? 1 : 0])});
      return;
    case OptionType::duration:
      out.set_words(option, {std::to_string(in.get<long>()) + "ms"});
      return;
    case OptionType::list:
    case OptionType::pairs: out.set_words(option, in.get<std::vector<std::string>>()); return;
    case OptionType::text:
    case OptionType::choice:
    case OptionType::port: out.set_words(option, {in.get<std::string>()}); return;
  }
}

Options read_options(const Json& in, std::string_view fix) {
  Options out;
  out.namespaces = strings(in, "namespaces");
  out.select = strings(in, "select");
  const Fix* known = find(fix);
  if (known == nullptr) return out;
  for (const OptionSpec* option : known->options) {
    const std::string key(option->key);
    if (in.contains(key)) read_option(in.at(key), *option, out);
  }
  return out;
}

Patch read_patch(const Json& in) {
  Patch patch;
  for (const Json& entry : in) {
    Operation op;
    const std::string word = entry.at("op").get<std::string>();
    op.op = word == "test"      ? Operation::Op::test
            : word == "add"     ? Operation::Op::add
            : word == "replace" ? Operation::Op::replace
                                : Operation::Op::remove;
    if (word != to_string(op.op)) throw std::runtime_error("unknown operation " + word);
    op.path = entry.at("path").get<std::string>();
    if (op.op != Operation::Op::remove) op.value = entry.at("value").dump();
    patch.push_back(std::move(op));
  }
  return patch;
}

kube::ObjectRef read_ref(const Json& in) {
  return {in.value("group", ""), in.at("kind").get<std::string>(), in.value("namespace", ""),
          in.at("name").get<std::string>()};
}

FindingChange read_finding_change(const Json& in) {
  const std::string state = in.at("state").get<std::string>();
  return {state == "fixed" ? FindingChange::State::fixed
          : state == "new" ? FindingChange::State::fresh
                           : FindingChange::State::unchanged,
          in.at("code").get<std::string>(), read_ref(in.at("object")), in.value("title", "")};
}

Step read_step(const Json& in) {
  Step step;
  const Json& object = in.at("object");
  step.object = read_ref(object);
  for (const kube::Resource* r : aibrix::resources::all()) {
    if (r->group == step.object.group && r->kind == step.object.kind) step.resource = r;
  }
  if (step.resource == nullptr)
    throw std::runtime_error("kind " + step.object.kind + " is unknown");
  step.version = object.value("version", "");
  step.uid = object.value("uid", "");
  const std::string verb = in.at("verb").get<std::string>();
  step.verb = verb == "create"   ? Step::Verb::create
              : verb == "delete" ? Step::Verb::remove
                                 : Step::Verb::patch;
  step.wave = in.value("wave", 0);
  step.after_parent = in.value("whenMarkedForDeletion", false);
  step.reversibility =
      in.value("danger", "") == "undoable" ? Reversibility::undoable : Reversibility::permanent;
  step.what = in.value("what", "");
  step.no_undo = in.value("noUndo", "");
  step.diff_path = in.value("path", "");
  if (in.contains("patch")) step.patch = read_patch(in.at("patch"));
  if (in.contains("undo")) step.undo = read_patch(in.at("undo"));
  if (in.contains("body")) step.body = in.at("body").dump();
  step.withheld = strings(in, "withheld");
  require_address(step);
  return step;
}

}  // namespace

Plan read_plan(std::string_view json, const std::string& file) {
  const auto bad = [&](const std::string& why) {
    return base::Error(base::Fault::usage, "BadPlan", file + ": " + base::printable(why),
                       "write a plan with: aibrixctl fix … -o json > plan.json");
  };
  try {
    const Json in = Json::parse(json);
    if (!in.is_object() || in.value("kind", "") != "FixPlan") throw bad("not a plan of aibrixctl");
    if (in.value("apiVersion", "") != base::document_format)
      throw bad("the plan has another format version");
    Plan plan;
    plan.fix = in.at("fix").get<std::string>();
    plan.options = read_options(in.at("options"), plan.fix);
    const Json& cluster = in.at("cluster");
    plan.context = cluster.value("context", "");
    plan.server = cluster.value("server", "");
    plan.cluster_uid = cluster.value("uid", "");
    plan.undoes = in.value("undoes", "");
    for (const Json& c : in.value("findings", Json::array()))
      plan.findings.push_back(read_finding_change(c));
    for (const Json& step : in.at("steps")) plan.steps.push_back(read_step(step));
    return plan;
  } catch (const Json::exception& error) {
    throw bad(std::string("not a plan: ") + error.what());
  } catch (const base::Error&) {
    throw;
  } catch (const std::runtime_error& error) {
    throw bad(error.what());
  }
}

}  // namespace fix
