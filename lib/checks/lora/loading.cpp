// LOR002, LOR004, LOR007: a LoRA that engines will not load, or have lost.
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "checks/common/adapters.hpp"
#include "checks/common/causes.hpp"
#include "checks/core/command.hpp"
#include "checks/core/timing.hpp"

namespace checks {
namespace {

using kube::Object;
using kube::Value;

constexpr kube::Need adapters{&aibrix::resources::model_adapters};
constexpr kube::Need loading_needs[] = {adapters, need::optional(need::deployments),
                                        need::optional(need::namespaces)};
constexpr kube::Need instance_needs[] = {adapters, need::pods, need::optional(need::deployments),
                                         need::optional(need::namespaces)};
constexpr kube::Need secret_needs[] = {
    adapters, {&kube::resources::secrets, kube::Scope::workloads, true, {}, &kube::secrets_right}};

constexpr std::string_view retries = "adapter.model.aibrix.ai/retry-count.";
constexpr int most_retries = 5;  // modeladapter_controller.go

// Annotations of pods for which the controller has given up.
std::vector<std::string> exhausted(const Object& adapter) {
  std::vector<std::string> out;
  for (const kube::Member& m : adapter.at("metadata", "annotations").members()) {
    if (!m.key.starts_with(retries)) continue;
    const std::string_view text = m.value.text();
    int count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    if (count >= most_retries) out.emplace_back(m.key);
  }
  return out;
}

// v0.5 writes its words of success into the condition of a failure (modeladapter_controller.go).
std::string engine_words(const kube::Condition& condition) {
  const std::string_view message = condition.message();
  return message.ends_with(" is loaded") ? std::string() : std::string(message);
}

void advise_load(const Context& context, const Object& adapter, const std::string& words,
                 const std::vector<std::string>& gave_up, Finding& f) {
  const std::string text = base::lower(words);
  const auto says = [&](std::string_view word) { return text.find(word) != std::string::npos; };
  if (says("runtime_lora") || says("dynamic lora") || says("enable-lora") || says("status 405")) {
    f.remedy(Confidence::review,
             "start the engine with --enable-lora and VLLM_ALLOW_RUNTIME_LORA_UPDATING=True");
  } else if (says("401") || says("403") || says("unauthorized") || says("credential")) {
    f.remedy(
        Confidence::manual,
        "provide the required key: credentialsSecretRef for the artifact, additionalConfig api-key "
        "for the engine");
  } else if (says("404") || says("not found") || says("no such file")) {
    f.remedy(Confidence::manual,
             "correct spec.artifactURL, or make the URL reachable from the engine");
  } else if (words.empty()) {
    f.remedy(
        Confidence::manual,
        "find out what the engine answered from the controller's log (load_lora_adapter), then "
        "fix it: artifact, rank, or its flags --enable-lora and "
        "VLLM_ALLOW_RUNTIME_LORA_UPDATING",
        controller_log_command(context));
  } else {
    f.remedy(Confidence::manual,
             "fix what the engine reports: artifact, rank, or its flags --enable-lora and "
             "VLLM_ALLOW_RUNTIME_LORA_UPDATING");
  }
  if (gave_up.empty()) return;
  Command command = kubectl(adapter.ns(), "annotate", target_of(adapter));
  for (const std::string& key : gave_up) command.with(operand(key + '-'));
  f.remedy(Confidence::review, "then remove the retry annotations, so that the controller retries",
           command);
}

void run_loading(const Context& context, Reporter& reporter) {
  for (const Object* adapter : adapters_to_judge(context, reporter)) {
    const kube::Condition error = load_error(*adapter);
    const std::vector<std::string> gave_up = exhausted(*adapter);
    const bool failed = adapter->status()["phase"].text() == "Failed";
    if (!error.exists() && gave_up.empty() && !failed) continue;
    if (adapter->status()["phase"].text() == "Running" && !error.exists()) continue;
    if (error.exists() && settling(context, error)) {
      reporter.undetermined("a load error of " + kind_and_name(*adapter) + " is only seconds old");
      continue;
    }
    const kube::Condition ready = error.exists() ? error : adapter->condition("Ready");
    Finding& f = reporter.error(*adapter, "the engine does not load " + kind_and_name(*adapter));
    f.model(std::string(adapter->name())).with_consequence(unloaded_consequence(*adapter));
    f.at_field("status.conditions");
    f.since = ready.since();
    const std::string words = engine_words(ready);
    f.with_evidence("engine", words.empty() ? "gives no reason" : words);
    f.with_evidence("artifactURL", std::string(adapter->spec()["artifactURL"].text()));
    if (!gave_up.empty()) {
      f.with_evidence("tries", base::plural(gave_up.size(), "pod") + " given up after " +
                                   std::to_string(most_retries));
    }
    f.caused_by(LOR007, adapter->ref());
    advise_load(context, *adapter, words, gave_up, f);
  }
}

void run_instances(const Context& context, Reporter& reporter) {
  for (const Object* adapter : adapters_to_judge(context, reporter)) {
    const auto instances = adapter->status()["instances"].items();
    std::vector<std::string> gone;
    for (const Value& instance : instances) {
      const kube::Lookup pod =
          context.snapshot.find(kube::resources::pods, adapter->ns(), instance.text());
      if (pod.missing()) gone.emplace_back(instance.text());
      if (pod.unknown()) {
        reporter.undetermined("pod " + std::string(instance.text()) + " was not read");
      }
    }
    if (gone.empty()) continue;
    const bool all = gone.size() == instances.size();
    const std::string title =
        kind_and_name(*adapter) + " lists " +
        (gone.size() == 1 ? "a pod that no longer exists"
                          : std::to_string(gone.size()) + " pods that no longer exist");
    Finding& f = all ? reporter.error(*adapter, title) : reporter.warning(*adapter, title);
    f.model(std::string(adapter->name())).at_field("status.instances");
    f.with_consequence(all ? unloaded_consequence(*adapter) : "Fewer pods share its requests.");
    f.with_evidence("instances", base::join(gone, ", "),
                    "pods of namespace " + std::string(adapter->ns()));
    blame_controller(context, f);
    f.remedy(Confidence::review,
             "restart the controller; it then selects pods for the adapter again",
             restart_command(
                 context.cluster.component(aibrix::ComponentRole::controller_manager).ref()));
  }
}

void run_secret(const Context& context, Reporter& reporter) {
  for (const Object* adapter : adapters_to_judge(context, reporter)) {
    const std::string name(adapter->at("spec", "credentialsSecretRef", "name").text());
    if (name.empty()) continue;
    const kube::Lookup secret =
        context.snapshot.find(kube::resources::secrets, adapter->ns(), name);
    const std::string full = std::string(adapter->ns()) + '/' + name;
    if (secret.unknown() && context.snapshot.withheld(kube::resources::secrets)) {
      reporter.not_asked("whether Secret " + full + " exists", kube::secrets_right);
    } else if (secret.unknown()) {
      reporter.undetermined("Secret " + full + " was not read");
    }
    if (!secret.missing()) continue;
    const bool loaded = adapter->status()["instances"].size() != 0;
    const std::string title = "Secret " + full + ", from which " + kind_and_name(*adapter) +
                              " reads its credentials, does not exist";
    Finding& f = loaded || !from_api_server(*adapter) ? reporter.warning(*adapter, title)
                                                      : reporter.error(*adapter, title);
    f.model(std::string(adapter->name())).at_field("spec.credentialsSecretRef");
    f.with_consequence(loaded ? "It cannot be loaded again." : unloaded_consequence(*adapter));
    f.with_evidence("Secret", "not found",
                    "name " + name + ", namespace " + std::string(adapter->ns()));
    f.with_related(kube::ObjectRef{"", "Secret", std::string(adapter->ns()), name});
    f.remedy(
        Confidence::manual,
        "create the Secret with the keys that its storage requires, such as aws_access_key_id and "
        "aws_secret_access_key");
  }
}

}  // namespace

constinit const Check registry::LOR002{
    codes::LOR002,
    Area::lora,
    "an engine does not load a ModelAdapter",
    loading_needs,
    run_loading,
    {"An engine failed to load the LoRA adapter; the condition's message contains its answer. "
     "After 5 attempts the controller gives up on a pod. Requests get 400 \"model … does not "
     "exist\".",
     "A wrong artifactURL, missing credentials, a rank that the engine does not support, or an "
     "engine without --enable-lora or VLLM_ALLOW_RUNTIME_LORA_UPDATING=True.",
     "Fix what the engine reports, then delete and re-create the adapter, or remove its retry "
     "annotations.",
     "every release; phase Failed: v0.6 and later"}};

constinit const Check registry::LOR004{
    codes::LOR004,
    Area::lora,
    "a ModelAdapter lists pods that no longer exist",
    instance_needs,
    run_instances,
    {"status.instances of a ModelAdapter lists pods that no longer exist. The gateway routes its "
     "requests according to this list. If none is left, they get 400 \"model … does not exist\".",
     "Pods were replaced while the controller was down, or it did not notice.",
     "Bring the controller back, or restart it.", "every release"}};

constinit const Check registry::LOR007{
    codes::LOR007,
    Area::lora,
    "the Secret of a ModelAdapter does not exist",
    secret_needs,
    run_secret,
    {"spec.credentialsSecretRef references a Secret that does not exist in the adapter's "
     "namespace. Only the names of Secrets are read, never their values, and only with "
     "--with-secrets.",
     "The Secret was created in another namespace or under another name.",
     "Create it in the adapter's namespace.", "v0.5 and later"}};

}  // namespace checks
