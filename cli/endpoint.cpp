#include "endpoint.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/model_config.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/objects.hpp"
#include "option_types.hpp"
#include "report/endpoint.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr kube::Need gateway_lists[] = {
    checks::need::services,    checks::need::endpointslices,      checks::need::nodes,
    checks::need::gateways,    checks::need::gateway_classes,     checks::need::envoy_proxies,
    checks::need::deployments, checks::need::envoy_gateway_config};

// Throws when it is known that nothing serves this model.
void require_model(const aibrix::Cluster& cluster, const std::string& name) {
  if (name.empty() || cluster.model(name) != nullptr) return;
  const kube::Snapshot& snapshot = cluster.snapshot();
  if (!snapshot.complete(kube::resources::pods) ||
      !snapshot.complete(aibrix::resources::model_adapters)) {
    return notice("warning: whether model " + base::printable(name) + " exists was not read");
  }
  std::vector<std::string> served;
  for (const aibrix::Model& m : cluster.models()) served.push_back(m.name);
  const std::string near = base::closest_match(name, served);
  throw base::Error(base::Fault::usage, "ModelNotFound",
                    "no model is named \"" + base::printable(name) + '"',
                    !near.empty()    ? "did you mean " + near + "?"
                    : served.empty() ? "no model is served at all"
                                     : "there are: " + base::printable(base::join(served, ", ")));
}

// A model that gets no HTTPRoute answers only requests that bring a strategy.
std::string needed_strategy(const aibrix::Cluster& cluster, const std::string& name) {
  const aibrix::Model* model = cluster.model(name);
  if (model == nullptr || !model->route.missing() || model->wants_route()) return {};
  const auto strategy = aibrix::default_strategy(cluster, *model);
  const bool none = strategy.known && strategy.source == aibrix::DefaultStrategy::Source::none;
  return none ? "least-request" : "";
}

}  // namespace

std::vector<kube::Need> endpoint_needs(bool with_models) {
  std::vector<kube::Need> out(std::begin(gateway_lists), std::end(gateway_lists));
  if (!with_models) return out;
  for (const kube::Need& need : checks::model_lists) {
    if (need.resource->plural != kube::resources::deployments.plural) out.push_back(need);
  }
  return out;
}

void require_known(const kube::Snapshot& snapshot, const aibrix::EndpointFacts& facts) {
  if (facts.known || !facts.addresses.empty()) return;
  for (const kube::Resource* r :
       {&kube::resources::services, &kube::resources::nodes, &kube::resources::endpointslices}) {
    if (snapshot.state(*r) != kube::ListState::forbidden) continue;
    throw base::Error(base::Fault::unavailable, "Forbidden", "may not list " + kube::full_name(*r),
                      "without it the gateway's address cannot be told");
  }
  throw base::Error(base::Fault::unavailable, "CannotTell",
                    facts.why_not.empty() ? std::string("the gateway's address cannot be told")
                                          : base::join(facts.why_not, "; "),
                    "with -f: give all of the cluster's objects, or leave out -f");
}

aibrix::Vantage vantage(const EndpointOptions& options) {
  if (options.from == "inside") return aibrix::Vantage::inside;
  if (options.from == "node") return aibrix::Vantage::node;
  if (options.from == "outside" || !options.source.files.empty()) return aibrix::Vantage::outside;
  return environment("KUBERNETES_SERVICE_HOST").empty() ? aibrix::Vantage::outside
                                                        : aibrix::Vantage::inside;
}

int endpoint_print(const Global& global, const EndpointOptions& options) {
  InputSource source(global, options.source);
  const Reading reading = source.read(endpoint_needs(!options.model.empty()));
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  require_model(cluster, options.model);
  const aibrix::EndpointFacts facts =
      aibrix::find_endpoint(cluster, vantage(options), options.scheme);
  require_known(reading.snapshot, facts);
  const report::EndpointView view{
      .facts = facts,
      .from = vantage(options),
      .from_guessed = options.from.empty(),
      .model = options.model,
      .strategy = needed_strategy(cluster, options.model),
      .side_car = aibrix::gateway_mode(cluster) == aibrix::GatewayMode::side_car,
      .all = options.all};
  const int code = facts.addresses.empty() ? 1 : 0;
  // Why there is none is said in any case; where it comes from only to people.
  if (code != 0 || (stderr_is_terminal() && !options.quiet)) {
    const std::string text = report::endpoint_explanation(view, style_for(global));
    std::fwrite(text.data(), 1, text.size(), stderr);
  }
  write_stdout(report::endpoint_output(view, options.format, AIBRIXCTL_VERSION, code));
  return code;
}

namespace {

// Flags of one action are refused with the other: they would be silently without effect.
void require_fitting(const EndpointOptions& o) {
  const bool test = o.action == "test";
  const auto refuse = [&](const std::string& flag) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      flag + " is of no use for endpoint " + o.action,
                      "see: aibrixctl endpoint --help");
  };
  if (!test) {
    if (!o.address.empty()) refuse("--address");
    if (!o.via.empty()) refuse("--via");
    if (!o.strategy.empty()) refuse("--strategy");
    if (!o.headers.empty()) refuse("--header");
    if (!o.api_key_file.empty()) refuse("--api-key-file");
    if (!o.cacert.empty()) refuse("--cacert");
    return;
  }
  if (o.all) refuse("--all");
  if (!o.source.files.empty()) refuse("-f");
  if (o.format == "env" || o.format == "curl" || o.format == "python") refuse("-o " + o.format);
  if (!o.via.empty() && !o.address.empty()) refuse("--address together with --via");
  if (!o.via.empty() && !o.cacert.empty()) refuse("--cacert together with --via");
  if (!o.via.empty() && !o.api_key_file.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--api-key-file does not go with --via api-server: the API server takes the "
                      "Authorization header for itself",
                      "leave out --via, or test without a key");
  }
}

void add_test_flags(CLI::App& command, EndpointOptions& o) {
  command.add_option("--address", o.address, "test: this address instead of the one that is found")
      ->type_name("URL");
  command
      .add_option("--via", o.via,
                  "test: through the API server's service proxy; nothing is exposed")
      ->check(one_of("--via", {"api-server"}))
      ->type_name("WAY");
  command
      .add_option(
          "--strategy", o.strategy,
          "test: only with this routing strategy; none: only without (default with MODEL: both)")
      ->type_name("NAME");
  command.add_option("--header", o.headers, "test: one more header (Name: value); repeatable")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  command
      .add_option("--api-key-file", o.api_key_file, "test: file with the gateway's bearer token")
      ->type_name("FILE");
  command
      .add_option("--cacert", o.cacert,
                  "test: certificates by which to trust an https gateway (default: the system's)")
      ->type_name("FILE");
}

}  // namespace

void add_endpoint(CLI::App& app, Action& chosen) {
  CLI::App* command = app.add_subcommand(
      "endpoint", "the address clients use (print), one small request through it (test)");
  const auto options = std::make_shared<EndpointOptions>();
  command->add_option("ACTION", options->action, "print, test")
      ->required()
      ->type_name("ACTION")
      ->check(one_of("endpoint", {"print", "test"}));
  command->add_option("MODEL,--model", options->model, "the model requests are for");
  add_source(*command, options->source);
  command
      ->add_option("--from", options->from,
                   "where clients are: outside, node (the nodes' network), inside (a pod)")
      ->check(one_of("--from", {"outside", "node", "inside"}))
      ->type_name("WHERE");
  command->add_option("--scheme", options->scheme, "only this kind of listener: http or https")
      ->check(one_of("--scheme", {"http", "https"}))
      ->type_name("SCHEME");
  command->add_flag("--all", options->all, "every address that works, one a line, best first");
  command->add_flag("-q,--quiet", options->quiet, "no explanation on stderr");
  command
      ->add_option("-o,--output", options->format,
                   "print: url, env, curl, python, json or yaml; test: text, json or yaml")
      ->check(one_of("--output", {"url", "env", "curl", "python", "text", "json", "yaml"}))
      ->type_name("FORMAT");
  add_test_flags(*command, *options);
  command->callback([&chosen, options] {
    chosen = [options](const Global& global) {
      if (options->format.empty()) options->format = options->action == "test" ? "text" : "url";
      require_fitting(*options);
      return options->action == "test" ? endpoint_test(global, *options)
                                       : endpoint_print(global, *options);
    };
  });
}

}  // namespace cli
