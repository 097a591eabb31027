// MDL027: in manifests, an HTTPRoute to a model's Service that does not take the model's requests.
#include <algorithm>
#include <array>

#include "aibrix/model_config.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/route.hpp"
#include "base/lists.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/written.hpp"
#include "kube/schema/tell.hpp"

namespace checks {
namespace {

using aibrix::BackendRef;
using aibrix::Model;
using kube::Object;
using kube::Value;

constexpr auto match_needs = model_lists_with(aibrix::resources::http_routes);

struct Written {
  const Context& context;
  const Object& route;
  const Model& model;  // that it leads to

  Finding& tell(const std::string& title, const std::string& path, Reporter& reporter) const {
    return reporter.warning(route, kind_and_name(route) + ' ' + title)
        .at_field(path)
        .model(model.name);
  }
};

const Model* model_behind(const Context& context, const std::string& service) {
  if (const Model* model = context.cluster.model(service)) return model;
  for (const Model& model : context.cluster.models()) {
    const bool its = std::ranges::any_of(model.workloads, [&](const aibrix::Workload& w) {
      return aibrix::backend_service_name(w) == service;
    });
    if (its) return &model;
  }
  return nullptr;
}

// The model whose Service the route leads to; several: none of them.
const Model* led_to(const Context& context, const aibrix::Route& view) {
  const Model* out = nullptr;
  for (const BackendRef& backend : view.backends()) {
    if (backend.mirror || !backend.is_service()) continue;
    const Model* model = model_behind(context, backend.target.name);
    if (model == nullptr || (out != nullptr && model != out)) return nullptr;
    out = model;
  }
  return out;
}

struct Header {
  Value value;
  std::string path;
};

// The header match `model`, by whatever type; names are compared without case (RFC 9110).
std::optional<Header> model_header(const Value& match, const std::string& path) {
  const auto headers = match["headers"].items();
  for (std::size_t i = 0; i < headers.size(); ++i) {
    if (base::lower(headers[i]["name"].text()) == "model") {
      return Header{headers[i], kube::item_path(path + ".headers", i)};
    }
  }
  return std::nullopt;
}

// Without headers, or with one that is to say the model under another name: other headers may be
// there to choose among requests for all models.
bool meant_for_one(const Value& match) {
  const auto headers = match["headers"].items();
  return headers.empty() || std::ranges::any_of(headers, [](const Value& header) {
           return base::lower(header["name"].text()).find("model") != std::string::npos;
         });
}

// Those that requests to models come by (pkg/plugins/gateway at v0.7.0).
std::vector<std::string> known_paths() {
  constexpr auto paths = std::to_array<std::string_view>(
      {"/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/images/generations",
       "/v1/image/generations", "/v1/video/generations", "/v1/rerank", "/v1/classify",
       "/v1/responses", "/v1/messages", "/v1/models", "/v1/audio/transcriptions",
       "/v1/audio/translations", "/v1/audio/speech"});
  return {paths.begin(), paths.end()};
}

bool takes_some(const Value& match, const std::vector<std::string>& paths) {
  return std::ranges::any_of(
      paths, [&](const std::string& path) { return aibrix::match_covers(match, path); });
}

void judge_path(const Written& w, const Value& match, const std::string& path, Reporter& reporter) {
  const std::string value(match.at("path", "value").text());
  const std::vector<std::string> paths = known_paths();
  if (value.empty() || kube::is_filled_in_later(value) || takes_some(match, paths)) return;
  const std::string near = base::closest_match(value, paths);
  if (near.empty()) return;  // one of the engine's own
  w.tell("matches path " + value + ", by which no requests for models come", path + ".path.value",
         reporter)
      .with_consequence("Requests for " + w.model.name + " do not take this route.")
      .with_evidence("path", value, near)
      .remedy(Confidence::review, "write " + near);
}

void judge_header(const Written& w, const Value& match, const std::string& path,
                  Reporter& reporter) {
  const auto header = model_header(match, path);
  if (!header) {
    if (!meant_for_one(match) || !takes_some(match, known_paths())) return;
    w.tell("does not ask for header model", path, reporter)
        .with_consequence("It takes the requests for other models, too.")
        .with_evidence("headers", "no model", "model: " + w.model.name)
        .remedy(Confidence::review, "match header model with value " + w.model.name);
    return;
  }
  const std::string asked(header->value["value"].text());
  const bool exact = header->value["type"].text("Exact") == "Exact";
  if (!exact || kube::is_filled_in_later(asked) || asked == w.model.name ||
      w.context.cluster.model(asked) != nullptr)
    return;
  w.tell("asks for model " + asked + ", but leads to model " + w.model.name,
         header->path + ".value", reporter)
      .with_consequence("Requests for " + w.model.name + " do not take this route.")
      .with_evidence("header model", asked, w.model.name)
      .remedy(Confidence::review, "match header model with value " + w.model.name);
}

void judge_weights(const Written& w, const Value& rule, const std::string& path,
                   Reporter& reporter) {
  const auto refs = rule["backendRefs"].items();
  const bool none = !refs.empty() && std::ranges::all_of(refs, [](const Value& ref) {
    return ref["weight"].integer_or(1) == 0;
  });
  if (!none) return;
  w.tell("has no backend with a weight above 0", path + ".backendRefs[0].weight", reporter)
      .with_consequence("Requests by it get 500.")
      .with_evidence("weight", "0", "1 or more")
      .remedy(Confidence::review, "give a backend a weight, or leave weight out");
}

// Beside the route in AIBrix's namespace there are no models: the Service's namespace was left out.
void judge_namespace(const Written& w, const aibrix::Route& view, Reporter& reporter) {
  for (const BackendRef& backend : view.backends()) {
    if (backend.mirror || !backend.is_service() || backend.target.ns != w.route.ns()) continue;
    const auto places = w.model.namespaces();
    if (places.empty() || base::contains(places, backend.target.ns)) continue;
    const auto& services = kube::resources::services;
    if (w.context.snapshot.find(services, backend.target.ns, backend.target.name)) continue;
    w.tell("looks for Service " + backend.target.name + " in " + backend.target.ns +
               ", but model " + w.model.name + " is in " + places.front(),
           backend.path, reporter)
        .with_consequence("Requests by it get 500 or 503.")
        .with_evidence("namespace", backend.target.ns, places.front())
        .remedy(Confidence::review, "set namespace " + places.front() + " in the backendRef");
  }
}

void judge(const Written& w, const aibrix::Route& view, Reporter& reporter) {
  const auto rules = w.route.spec()["rules"].items();
  for (std::size_t r = 0; r < rules.size(); ++r) {
    const std::string rule = kube::item_path("spec.rules", r);
    judge_weights(w, rules[r], rule, reporter);
    const auto matches = rules[r]["matches"].items();
    if (matches.empty()) judge_header(w, Value(), rule, reporter);  // it takes everything
    for (std::size_t m = 0; m < matches.size(); ++m) {
      const std::string path = kube::item_path(rule + ".matches", m);
      judge_path(w, matches[m], path, reporter);
      judge_header(w, matches[m], path, reporter);
    }
  }
  judge_namespace(w, view, reporter);
}

void run_matches(const Context& context, Reporter& reporter) {
  bool any = false;
  for (const Object& route : context.snapshot.list(aibrix::resources::http_routes)) {
    if (from_api_server(route)) continue;
    const aibrix::Route& view = route_view(context, route);
    const Model* model = view.attached() ? led_to(context, view) : nullptr;
    if (model == nullptr) continue;
    any = true;
    judge({context, route, *model}, view, reporter);
  }
  if (!any) reporter.not_applicable("no manifest of an HTTPRoute to a model's Service");
}

}  // namespace

constinit const Check registry::MDL027{
    codes::MDL027,
    Area::models,
    "a written HTTPRoute does not take the requests of its model",
    match_needs,
    run_matches,
    {"In manifests, an HTTPRoute leads to a model's Service, but matches another model, all models, "
     "or a path by which no requests come, has only backends of weight 0, or looks for the Service "
     "in its own namespace. Requests miss it, or it takes those of others.",
     "A route that was copied from another model's and changed in part, or a typo.",
     "Match header model with the model's name and the paths of the API; or leave the route to "
     "AIBrix, which makes one for each labelled workload.",
     "every release"}};

}  // namespace checks
