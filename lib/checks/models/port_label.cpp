// MDL008: with a routing strategy requests go to the port of the pod's label, whatever the Service
// says.
#include <algorithm>
#include <charconv>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/names.hpp"
#include "checks/common/model_backend.hpp"
#include "checks/common/non_string_labels.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;
using kube::Value;

constexpr auto port_label_needs = with(model_lists, need::optional(need::services));

// What the label of a pod (template) makes the gateway use (pkg/utils/pod.go GetModelPortForPod).
struct PortLabel {
  bool given = false;
  bool number = true;
  bool typed = false;  // no string: told as such
  std::int64_t port = 8000;
  std::string text;
};

PortLabel read_label(const Value& pod) {
  PortLabel out;
  const Value label = pod.at("metadata", "labels", aibrix::names::model_port);
  out.given = label.exists();
  out.typed = out.given && !label.is_string();
  out.text = label.scalar();
  if (!out.given) return out;
  std::int64_t port = 0;
  const auto [end, error] =
      std::from_chars(out.text.data(), out.text.data() + out.text.size(), port);
  out.number = error == std::errc() && end == out.text.data() + out.text.size() && port > 0;
  if (out.number) out.port = port;
  return out;
}

// Another container may listen on the port: a proxy in front of the engine.
bool other_listens(const Value& pod, std::size_t engine, std::int64_t port) {
  const auto containers = pod.at("spec", "containers").items();
  for (std::size_t i = 0; i < containers.size(); ++i) {
    if (i == engine) continue;
    for (const Value& p : containers[i]["ports"].items()) {
      if (p["containerPort"].integer() == port) return true;
    }
    const auto words = aibrix::command_line(containers[i], pod["metadata"]);
    if (aibrix::flag_value(words, "--port") == std::to_string(port)) return true;
  }
  return false;
}

// Declared ports of all containers; "" when one declares none, for then it may listen anywhere.
std::string declared_ports(const Value& pod, std::int64_t wanted) {
  std::string out;
  for (const Value& container : pod.at("spec", "containers").items()) {
    if (container["ports"].empty()) return "";
    for (const Value& p : container["ports"].items()) {
      if (p["containerPort"].integer() == wanted) return "";
      out += (out.empty() ? "" : ", ") + std::string(p["containerPort"].scalar());
    }
  }
  return out;
}

struct Site {
  const Object* object;
  Value pod;         // has metadata and spec
  std::string path;  // of that in the object
  bool serves;       // pods of it run, or will once the manifest is applied
};

void report(const Model& model, const Site& site, const PortLabel& label,
            const std::string& measured, bool sure, Reporter& reporter) {
  const std::string key(aibrix::names::model_port);
  const std::string title = !label.given ? "label " + key + " is missing"
                            : label.number
                                ? "label " + key + " is " + label.text
                                : "label " + key + " is \"" + label.text + "\", not a port,";
  const std::string where =
      " on the pods of " + model.name + ", whose engine listens on port " + measured;
  const std::string declares = " on the pods of " + model.name + ", which declare port " + measured;
  const std::string text = title + (sure ? where : declares);
  Finding& f = sure && site.serves ? reporter.error(*site.object, text)
                                   : reporter.warning(*site.object, text);
  f.model(model.name);
  f.at_field((site.path.empty() ? "" : site.path + '.') + "metadata.labels[" + key + "]");
  f.with_consequence("Requests for " + model.name +
                     " with a routing strategy fail, because they are sent to port " +
                     std::to_string(label.port) + '.');
  f.with_evidence(key, label.given ? label.text : "not set, defaults to 8000", measured);
  f.with_evidence(sure ? "engine port" : "container ports", measured);
  f.note("requests without a strategy use the Service's targetPort and are not affected");
  f.remedy(Confidence::review,
           "set the label to \"" + measured + "\" on the pod template (re-creates its pods)");
}

// The gateway takes 8000 instead (GetModelPortForPod), which here happens to be right.
void report_no_number(const Model& model, const Site& site, const PortLabel& label,
                      Reporter& reporter) {
  const std::string key(aibrix::names::model_port);
  Finding& f = reporter.warning(*site.object, "label " + key + " is \"" + label.text +
                                                  "\", not a port, on the pods of " + model.name);
  f.model(model.name);
  f.at_field((site.path.empty() ? "" : site.path + '.') + "metadata.labels[" + key + "]");
  f.with_consequence("The gateway ignores it and uses port 8000.");
  f.with_evidence(key, label.text, std::to_string(label.port));
  f.remedy(Confidence::review, "set the label to \"" + std::to_string(label.port) + '"');
}

void judge_site(const Model& model, const Site& site, Reporter& reporter) {
  const PortLabel label = read_label(site.pod);
  if (label.typed) return;
  const auto engine = aibrix::find_engine(site.pod);
  if (label.given && !label.number && !from_api_server(*site.object)) {
    const bool listens = engine && engine->port && *engine->port == label.port;
    if (listens) return report_no_number(model, site, label, reporter);
  }
  if (engine && engine->port) {
    if (*engine->port == label.port || other_listens(site.pod, engine->index, label.port)) return;
    return report(model, site, label, std::to_string(*engine->port), engine->port_told, reporter);
  }
  // Without a command line that tells, only what the containers declare is left, and that only
  // against the default: a label is somebody's word.
  if (label.given && label.number) return;
  const std::string declared = declared_ports(site.pod, label.port);
  if (!declared.empty()) report(model, site, label, declared, false, reporter);
}

void judge_ports_of(const Model& model, Reporter& reporter) {
  for (const aibrix::Workload& w : model.workloads) {
    for (const aibrix::PodTemplate& t : aibrix::pod_templates(*w.object)) {
      const Value metadata = t.value["metadata"];
      const bool ours = metadata["labels"][aibrix::names::model_name].text() == model.name ||
                        metadata["annotations"][aibrix::names::model_name].text() == model.name;
      const bool runs = w.replicas != 0;
      if (ours) judge_site(model, {w.object, t.value, t.path, runs}, reporter);
    }
  }
  if (!model.workloads.empty() || model.pods.empty()) return;
  const Object& pod = *model.pods.front();
  if (!pod.deleting()) judge_site(model, {&pod, pod.root(), "", true}, reporter);
}

void run_port_label(const Context& context, Reporter& reporter) {
  // A server never hands out a label that is no string.
  if (!context.snapshot.live()) report_non_string_labels(context, reporter);
  for (const Model& model : models_to_judge(context, reporter)) judge_ports_of(model, reporter);
}

}  // namespace

constinit const Check registry::MDL008{
    codes::MDL008,
    Area::models,
    "the port label of a model's pods is not the port of its engine",
    port_label_needs,
    run_port_label,
    {"With a routing strategy, the gateway sends requests directly to the pod, to the port in its "
     "label model.aibrix.ai/port, or to 8000 if there is none; the Service is not used. If the "
     "engine listens on another port, these requests fail while plain ones work. Also reported: "
     "labels and annotations in files that are numbers or booleans, which the API server rejects.",
     "An engine on a port other than 8000 without the label, or `model.aibrix.ai/port: 8000` "
     "written without quotes.",
     "Set the label on the pod template to the engine's port, in quotes.", "every release"}};

}  // namespace checks
