// `endpoint print`: the address clients use, and nothing else on stdout.
#include <CLI/CLI.hpp>
#include <memory>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/model_config.hpp"
#include "aibrix/resources.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cluster_flags.hpp"
#include "endpoint/endpoint.hpp"
#include "option_types.hpp"
#include "report/endpoint.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

struct PrintOptions : EndpointOptions {
  bool all = false;
  bool quiet = false;
};

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

int endpoint_print(const Global& global, const PrintOptions& options) {
  int exit_code = 0;
  look_for_endpoint(global, options, [&](report::EndpointView view, int code) {
    exit_code = code;
    view.all = options.all;
    // Why there is none is said in any case; where it comes from only to people.
    if (code != 0 || (stderr_is_terminal() && !options.quiet)) {
      const std::string text = report::endpoint_explanation(view, style_for(global));
      notice(base::trim(text));
    }
    write_stdout(report::endpoint_output(view, options.format, AIBRIXCTL_VERSION, code));
  });
  return exit_code;
}

}  // namespace

void look_for_endpoint(const Global& global, const EndpointOptions& options,
                       const UseEndpoint& use) {
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
      .cluster_flags =
          reading.snapshot.live() ? cluster_flags(global) : std::vector<checks::Word>()};
  use(view, facts.addresses.empty() ? 1 : 0);
}

void add_endpoint_print(CLI::App& group, Action& chosen) {
  CLI::App* command =
      group.add_subcommand("print", "Print the address at which clients reach the gateway");
  const auto options = std::make_shared<PrintOptions>();
  options->format = "url";
  add_endpoint_flags(*command, *options);
  add_source(*command, options->source);
  command->add_flag("--all", options->all, "Print all working addresses, one per line, best first");
  command->add_flag("-q,--quiet", options->quiet, "Print no explanation on stderr");
  command
      ->add_option(
          "-o,--output", options->format,
          "Set the output format: url (default), env (ENDPOINT, OPENAI_BASE_URL), curl, python, json or yaml")
      ->check(one_of("--output", {"url", "env", "curl", "python", "text", "json", "yaml"}))
      ->type_name("FORMAT");
  command->callback([&chosen, options] {
    chosen = [options](const Global& global) { return endpoint_print(global, *options); };
  });
}

}  // namespace cli
