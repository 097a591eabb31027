// MDL009: the port the HTTPRoute names is not one of the Service, or leads nowhere in the pods.
#include <algorithm>

#include "aibrix/engine/command_line.hpp"
#include "aibrix/names.hpp"
#include "base/text.hpp"
#include "checks/common/model_backend.hpp"
#include "checks/core/command.hpp"

namespace checks {
namespace {

using aibrix::Model;
using kube::Object;
using kube::Value;

constexpr auto service_port_needs = with(model_lists, need::services);

std::string ports_of(const Object& service) {
  std::vector<std::string> ports;
  for (const Value& port : service.spec()["ports"].items()) {
    ports.emplace_back(port["port"].scalar());
  }
  return ports.empty() ? "none" : base::join(ports, ", ");
}

const Value* find_port(const Object& service, std::int64_t wanted) {
  for (const Value& port : service.spec()["ports"].items()) {
    if (port["port"].integer() == wanted) return &port;
  }
  return nullptr;
}

bool serves_engine(const Object& workload, const Object& service) {
  return std::ranges::any_of(aibrix::pod_templates(workload), [&](const aibrix::PodTemplate& t) {
    const auto engine = aibrix::find_engine(t.value);
    return engine && engine->port && find_port(service, *engine->port) != nullptr;
  });
}

void report_no_port(const Context& context, const Model& model, const Backend& b,
                    const Object& service, Reporter& reporter) {
  const std::string port = std::to_string(b.port);
  const std::string title = "Service " + service.full_name() + " has no port " + port;
  const bool fails = goes_by_route(context, model) && b.from_route && from_api_server(service);
  Finding& f = fails ? reporter.error(service, title) : reporter.warning(service, title);
  f.model(model.name).at_field("spec.ports");
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("ports", ports_of(service), port);
  if (b.from_route) {
    f.with_related(*model.route);
    if (b.port == 0) f.caused_by(SCH011, model.route->ref());  // it names none
    f.with_evidence("HTTPRoute " + std::string(model.route->name()), "port " + port);
  }
  if (b.workload != nullptr) {
    const Object& w = *b.workload->object;
    const std::string_view label = w.label(aibrix::names::model_port);
    f.with_related(w);
    // The label that is wrong for the engine is wrong for a Service that fits the engine.
    if (!b.from_route && serves_engine(w, service)) f.caused_by(MDL008, w.ref());
    f.with_evidence("label " + std::string(aibrix::names::model_port) + " of " + kind_and_name(w),
                    label.empty() ? "not set, defaults to 8000" : std::string(label));
  }
  if (const auto way = way_round_route(model); !way.empty()) f.note(way);
  f.remedy(Confidence::review, "add to the Service the port " + port);
  if (!b.from_route) return;
  f.remedy(Confidence::review,
           "correct the workload's port label, then have the HTTPRoute re-created: the controller "
           "changes no existing HTTPRoute (delete it, restart the controller)",
           kubectl(model.route->ns(), "delete")
               .on("httproutes.gateway.networking.k8s.io", model.route->name()));
}

// Whether anything in the pod says it listens on the port: declared, or told by --port.
bool listens(const Value& pod, std::int64_t port) {
  for (const Value& container : pod.at("spec", "containers").items()) {
    for (const Value& p : container["ports"].items()) {
      if (p["containerPort"].integer() == port) return true;
    }
    const auto words = aibrix::command_line(container, pod["metadata"]);
    if (aibrix::flag_value(words, "--port") == std::to_string(port)) return true;
  }
  return false;
}

bool has_named_port(const Value& pod, std::string_view name) {
  for (const Value& container : pod.at("spec", "containers").items()) {
    for (const Value& p : container["ports"].items()) {
      if (p["name"].text() == name) return true;
    }
  }
  return false;
}

// What is wrong with the way from the Service's port into the pods; empty when nothing is known to
// be.
struct Gap {
  std::string what;
  std::string want;
  bool certain = false;
};
Gap gap_of(const aibrix::Workload& workload, const Value& port) {
  const Value target = port["targetPort"].exists() ? port["targetPort"] : port["port"];
  for (const aibrix::PodTemplate& t : aibrix::pod_templates(*workload.object)) {
    const auto engine = aibrix::find_engine(t.value);
    if (!engine) continue;
    if (!target.integer()) {
      if (has_named_port(t.value, target.text())) return {};
      return {"no container has a port named " + std::string(target.text()),
              "the name of a container's port", true};
    }
    // Another container may stand in front of the engine, and need not declare its port.
    if (!engine->port || listens(t.value, *target.integer())) return {};
    return {"targetPort is " + std::string(target.scalar()) + ", but the engine listens on port " +
                std::to_string(*engine->port),
            std::to_string(*engine->port), false};
  }
  return {};
}

void judge_target(const Context& context, const Model& model, const Backend& b,
                  const Object& service, const Value& port, Reporter& reporter) {
  if (b.workload == nullptr || service.spec()["selector"].empty()) return;
  const Gap gap = gap_of(*b.workload, port);
  if (gap.what.empty()) return;
  const std::string title =
      "port " + std::to_string(b.port) + " of Service " + service.full_name() + ": " + gap.what;
  const bool fails = gap.certain && goes_by_route(context, model) && b.from_route &&
                     from_api_server(service) && !model.pods.empty();
  Finding& f = fails ? reporter.error(service, title) : reporter.warning(service, title);
  f.model(model.name).at_field("spec.ports");
  f.with_consequence("Requests for " + model.name +
                     " without the routing-strategy header get 503.");
  f.with_evidence("targetPort", std::string(port["targetPort"].scalar()), gap.want);
  f.with_related(*b.workload->object);
  f.remedy(Confidence::review, "set the targetPort to the engine's port");
}

void run_service_port(const Context& context, Reporter& reporter) {
  for (const Model& model : models_to_judge(context, reporter)) {
    for (const Backend& b : backends_of(context, model)) {
      const kube::Lookup service =
          context.snapshot.find(kube::resources::services, b.service.ns, b.service.name);
      if (service.unknown()) {
        reporter.undetermined("Service " + b.service.ns + '/' + b.service.name + " was not read");
      }
      if (!service || service->deleting() || service->spec()["type"].text() == "ExternalName") {
        continue;
      }
      if (const Value* port = find_port(*service, b.port)) {
        judge_target(context, model, b, *service, *port, reporter);
      } else if (const auto word = route_word(context, model); word && word->is_true()) {
        reporter.undetermined("Service " + service->full_name() + " has no port " +
                              std::to_string(b.port) + ", but the gateway resolved it");
      } else {
        report_no_port(context, model, b, *service, reporter);
      }
    }
  }
}

}  // namespace

constinit const Check registry::MDL009{
    codes::MDL009,
    Area::models,
    "the Service of a model lacks the port of its HTTPRoute or engine",
    service_port_needs,
    run_service_port,
    {"The port in a model's HTTPRoute is not a port of the Service (503 \"… not resolved: "
     "BackendNotFound\", or PortNotFound with newer Envoy Gateways), or the Service's targetPort "
     "is not the engine's port. The port comes from the label model.aibrix.ai/port of the "
     "workload, 8000 if there is none.",
     "A port label or a Service was changed only on one side, or a second port was added to the "
     "Service. The controller does not apply a changed label.",
     "Add the port to the Service, or correct the label, delete the HTTPRoute and restart "
     "aibrix-controller-manager.",
     "every release"}};

}  // namespace checks
