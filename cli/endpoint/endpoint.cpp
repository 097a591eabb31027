// What `endpoint print` and `endpoint test` share.
#include "endpoint/endpoint.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "checks/common/gateway.hpp"
#include "checks/common/objects.hpp"
#include "command_line.hpp"
#include "option_types.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

constexpr kube::Need gateway_lists[] = {
    checks::need::services,    checks::need::endpointslices,      checks::need::nodes,
    checks::need::gateways,    checks::need::gateway_classes,     checks::need::envoy_proxies,
    checks::need::deployments, checks::need::envoy_gateway_config};

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

void add_endpoint_flags(CLI::App& command, EndpointOptions& options) {
  command.add_option("MODEL,--model", options.model, "Name of the model");
  command
      .add_option("--from", options.from,
                  "Set where clients are: outside, node (the nodes' network), inside (a pod)")
      ->check(one_of("--from", {"outside", "node", "inside"}))
      ->type_name("WHERE");
  command.add_option("--scheme", options.scheme, "Use only listeners of this kind: http or https")
      ->check(one_of("--scheme", {"http", "https"}))
      ->type_name("SCHEME");
}

void add_endpoint(CLI::App& app, Action& chosen) {
  CLI::App* group = add_group(app, chosen, "endpoint", "Print or test the gateway address");
  add_endpoint_print(*group, chosen);
  add_endpoint_test(*group, chosen);
}

}  // namespace cli
