// LOR008: in manifests, a ModelAdapter beside a base model that cannot load it.
#include <algorithm>
#include <array>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/engine/engine.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/written.hpp"
#include "kube/schema/tell.hpp"
#include "kube/selector.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;
using Templates = std::vector<WrittenTemplate>;

Finding& tell(const Object& adapter, const std::string& title, Reporter& reporter) {
  return reporter.error(adapter, title)
      .model(std::string(adapter.name()))
      .with_consequence("Requests for " + std::string(adapter.name()) + " get 400.");
}

std::string_view model_of(const WrittenTemplate& t) {
  return t.pod.value.at("metadata", "labels", aibrix::names::model_name).text();
}

// Those of the base model, by its name: only then is it known that the selector was meant for them.
Templates of_base(const Templates& all, std::string_view base) {
  Templates out;
  std::ranges::copy_if(all, std::back_inserter(out),
                       [&](const WrittenTemplate& t) { return model_of(t) == base; });
  return out;
}

void report_unselected(const Object& adapter, const Templates& base, Reporter& reporter) {
  const WrittenTemplate& first = base.front();
  std::vector<std::string> lacking;
  for (const kube::Member& m : adapter.at("spec", "podSelector", "matchLabels").members()) {
    if (first.pod.value.at("metadata", "labels", m.key).text() == m.value.text()) continue;
    lacking.push_back(std::string(m.key) + '=' + std::string(m.value.scalar()));
  }
  Finding& f = tell(adapter,
                    "the podSelector of " + kind_and_name(adapter) +
                        " does not select the pods of " + kind_and_name(*first.object),
                    reporter);
  f.at_field("spec.podSelector").with_related(*first.object);
  f.with_evidence("podSelector", kube::selector_text(adapter.spec()["podSelector"]));
  if (!lacking.empty())
    f.with_evidence("pod template", "does not have " + base::join(lacking, ", "));
  f.remedy(Confidence::review, "make spec.podSelector match the labels of the pod template");
}

// The controller looks at pods with both labels alone (modeladapter_controller.go,
// podWithLabelFilter).
bool report_unlabelled(const Object& adapter, const WrittenTemplate& t, Reporter& reporter) {
  const std::string key(aibrix::names::adapter_enabled);
  const std::string_view value =
      t.pod.value.at("metadata", "labels", aibrix::names::adapter_enabled).text();
  if (value == "true") return false;
  Finding& f = tell(adapter,
                    "the pods of " + kind_and_name(*t.object) + ", the base of " +
                        kind_and_name(adapter) + ", are not labelled for LoRA adapters",
                    reporter);
  f.at_field("spec.baseModel").with_related(*t.object);
  f.with_evidence(t.pod.path + ".metadata.labels",
                  value.empty() ? "no " + key : key + ": " + std::string(value),
                  key + ": \"true\"");
  f.remedy(Confidence::review, "label the pod template with " + key + ": \"true\"");
  return true;
}

// vLLM serves /v1/load_lora_adapter only with both (vllm/entrypoints/openai/api_server.py).
void report_engine(const Object& adapter, const WrittenTemplate& t, Reporter& reporter) {
  const auto engine = aibrix::find_engine(t.pod.value);
  if (!engine || engine->kind != aibrix::Engine::Kind::vllm) return;
  const Value container = t.pod.value.at("spec", "containers")[engine->index];
  if (!container["envFrom"].empty()) return;
  const auto words = aibrix::command_line(container, t.pod.value["metadata"]);
  constexpr std::string_view variable = "VLLM_ALLOW_RUNTIME_LORA_UPDATING";
  const auto env = aibrix::env_value(container, variable, t.pod.value["metadata"]);
  const std::string value = base::lower(env.value);
  const bool in_command = std::ranges::any_of(
      words, [&](const auto& w) { return w.text.find(variable) != std::string::npos; });
  const bool allowed =
      in_command || (env.given && (!env.certain || value == "1" || value == "true"));
  const bool enabled = aibrix::flag_values(words, "--enable-lora").given;
  if (allowed && enabled) return;
  const std::string missing =
      allowed ? "--enable-lora" : std::string(variable) + (enabled ? "" : " and --enable-lora");
  Finding& f = tell(adapter,
                    "the engine of " + kind_and_name(*t.object) + ", the base of " +
                        kind_and_name(adapter) + ", is started without " + missing,
                    reporter);
  f.at_field("spec.baseModel").with_related(*t.object);
  f.with_evidence("--enable-lora", enabled ? "given" : "not given", "given");
  f.with_evidence(std::string(variable), env.given ? env.value : "not set", "True");
  f.remedy(Confidence::review,
           "start the engine with --enable-lora and " + std::string(variable) + "=True");
}

// ValidateArtifactURL in pkg/utils/modeladapter.go; https is refused by some releases only. hf://
// is allowed there, and neither the controller (lora_client.go), nor an engine, nor AIBrix's
// runtime (downloaders.py) makes a place of it.
void judge_url(const Object& adapter, Reporter& reporter) {
  const std::string url(adapter.spec()["artifactURL"].text());
  constexpr auto schemes = std::to_array<std::string_view>(
      {"s3://", "gcs://", "tos://", "huggingface://", "https://", "/"});
  if (!adapter.spec()["artifactURL"].is_string()) return;  // the API server refuses it
  if (kube::is_filled_in_later(url)) return;
  if (std::ranges::any_of(schemes, [&](auto s) { return url.starts_with(s); })) return;
  Finding& f = tell(
      adapter, "artifactURL of " + kind_and_name(adapter) + " has no scheme that AIBrix supports",
      reporter);
  f.at_field("spec.artifactURL");
  f.with_evidence("artifactURL", url, "s3://, gcs://, huggingface:// or an absolute path");
  f.remedy(Confidence::review, "write it with one of these schemes");
}

// In v0.8 and before, a label with another name gives the adapter that model's route.
void judge_label(const Object& adapter, const Templates& base, Reporter& reporter) {
  const std::string_view label = adapter.label(aibrix::names::model_name);
  if (label.empty() || label == adapter.name() || base.empty()) return;
  if (label != adapter.spec()["baseModel"].text()) return;
  Finding& f = reporter.warning(adapter, "the model label of " + kind_and_name(adapter) +
                                             " is not its own name but that of its base model");
  f.model(std::string(adapter.name()))
      .at_field("metadata.labels[" + std::string(aibrix::names::model_name) + ']');
  f.with_consequence("It and its base model share one HTTPRoute, and the adapter gets none.");
  f.with_evidence("label", std::string(label), std::string(adapter.name()));
  f.remedy(Confidence::review, "label it with its own name");
}

// Its HTTPRoute goes to the port of its label; its Service has one port, 8000
// (pkg/controller/modeladapter/resources.go).
void judge_port(const Object& adapter, Reporter& reporter) {
  constexpr std::string_view only = "8000";
  const std::string_view port = adapter.label(aibrix::names::model_port);
  if (port.empty() || port == only) return;
  const std::string name(adapter.name());
  Finding& f =
      reporter.warning(adapter, "the port label of " + kind_and_name(adapter) + " is " +
                                    std::string(port) + ", which its Service does not have");
  f.model(name).at_field("metadata.labels[" + std::string(aibrix::names::model_port) + ']');
  f.with_consequence("Requests for " + name +
                     " without the routing-strategy header get 500 or 503.");
  f.with_evidence("label", std::string(port), std::string(only));
  f.remedy(
      Confidence::review,
      "set it to 8000, the port of every adapter's Service; requests with a strategy go to the engine's own port");
}

// Its controller makes a Service of the adapter's name, and the gateway asks for models by name.
void judge_name(const Object& adapter, const Templates& all, Reporter& reporter) {
  if (adapter.name().find('.') != std::string_view::npos) {
    Finding& f = tell(adapter, "no Service can be called as " + kind_and_name(adapter), reporter);
    f.at_field("metadata.name");
    f.with_evidence("name", std::string(adapter.name()), "small letters, digits and dashes");
    f.remedy(Confidence::review, "give the adapter a name without dots");
  }
  const Templates same = of_base(all, adapter.name());
  if (same.empty()) return;
  Finding& f =
      reporter.warning(adapter, kind_and_name(adapter) + " has the same name as the model of " +
                                    kind_and_name(*same.front().object));
  f.model(std::string(adapter.name())).at_field("metadata.name");
  f.with_consequence("Both are asked for by one name, and both would have one Service.");
  f.with_related(*same.front().object);
  f.remedy(Confidence::review, "give the adapter a name of its own");
}

// The base stands in the files, where the selector does not look.
bool report_elsewhere(const Context& context, const Object& adapter, Reporter& reporter) {
  const Value selector = adapter.spec()["podSelector"];
  if (selector["matchLabels"].empty() && selector["matchExpressions"].empty()) return false;
  for (const Object* object : written_workloads(context)) {
    for (const aibrix::PodTemplate& pod : aibrix::pod_templates(*object)) {
      if (!kube::matches_selector(selector, pod.value.at("metadata", "labels"))) continue;
      Finding& f = reporter.warning(adapter, kind_and_name(adapter) + " is in namespace " +
                                                 std::string(adapter.ns()) +
                                                 ", not with its base " + kind_and_name(*object) +
                                                 " in " + std::string(object->ns()));
      f.model(std::string(adapter.name())).at_field("metadata.namespace");
      f.with_consequence("It looks for pods in its own namespace alone, and is loaded nowhere.");
      f.with_related(*object);
      f.with_evidence("podSelector", kube::selector_text(selector));
      f.remedy(Confidence::review, "put the adapter into the namespace of its base");
      return true;
    }
  }
  return false;
}

void judge_base_name(const Object& adapter, const Templates& picked, Reporter& reporter) {
  const std::string_view base = adapter.spec()["baseModel"].text();
  if (base.empty() || model_of(picked.front()).empty()) return;
  Finding& f =
      reporter.warning(adapter, kind_and_name(adapter) +
                                    " names another base model than that of the pods it selects");
  f.model(std::string(adapter.name())).at_field("spec.baseModel");
  f.with_consequence("The adapter is loaded into an engine that was not meant.");
  f.with_evidence("baseModel", std::string(base), std::string(model_of(picked.front())));
  f.with_related(*picked.front().object);
  f.remedy(Confidence::review, "make spec.baseModel and spec.podSelector mean the same model");
}

void judge(const Context& context, const Object& adapter, Reporter& reporter) {
  judge_url(adapter, reporter);
  const Templates all = written_templates(context, adapter.ns());
  const Templates base = of_base(all, adapter.spec()["baseModel"].text());
  judge_label(adapter, base, reporter);
  judge_port(adapter, reporter);
  judge_name(adapter, all, reporter);
  const Value selector = adapter.spec()["podSelector"];
  Templates picked;
  std::ranges::copy_if(all, std::back_inserter(picked), [&](const WrittenTemplate& t) {
    return kube::matches_selector(selector, t.pod.value.at("metadata", "labels"));
  });
  if (!selector.exists()) return;  // the API server refuses it
  if (picked.empty() && base.empty()) {
    if (report_elsewhere(context, adapter, reporter)) return;
    return reporter.undetermined("the base of " + kind_and_name(adapter) + " is not in the files");
  }
  if (picked.empty() &&
      !base.front().pod.value.at("metadata", "labels", aibrix::names::adapter_enabled).exists() &&
      adapter.at("spec", "podSelector", "matchLabels", aibrix::names::adapter_enabled).exists()) {
    report_unlabelled(adapter, base.front(), reporter);
    return;
  }
  if (picked.empty()) return report_unselected(adapter, base, reporter);
  if (base.empty()) judge_base_name(adapter, picked, reporter);
  for (const WrittenTemplate& t : picked) {
    if (report_unlabelled(adapter, t, reporter)) return;
    report_engine(adapter, t, reporter);
  }
}

void run(const Context& context, Reporter& reporter) {
  bool any = false;
  for (const Object& adapter : context.snapshot.list(aibrix::resources::model_adapters)) {
    if (from_api_server(adapter)) continue;
    any = true;
    judge(context, adapter, reporter);
  }
  if (!any) reporter.not_applicable("no manifest of a ModelAdapter: LOR001 looks at its pods");
}

constexpr auto base_needs = model_lists_with(aibrix::resources::model_adapters);

}  // namespace

constinit const Check registry::LOR008{
    codes::LOR008,
    Area::lora,
    "a ModelAdapter's manifest does not fit its base model's",
    base_needs,
    run,
    {"In manifests, a ModelAdapter selects no pods of the base model that stands beside it, or that "
     "model's pods are not labelled for adapters, or its engine does not load adapters while it "
     "runs, or the artifactURL has a scheme that the controller refuses, so that the adapter is never "
     "loaded. Or its port label is not 8000, so that its HTTPRoute leads nowhere.",
     "A typo in spec.podSelector, no label adapter.model.aibrix.ai/enabled: \"true\" on the pod "
     "template, or a vLLM without --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.",
     "Change what the finding names, in the adapter's manifest or in the base model's.",
     "every release"}};

}  // namespace checks
