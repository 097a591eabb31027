// SVC008: the gateway is not open to everyone.
#include <algorithm>
#include <array>
#include <charconv>

#include "aibrix/envoy_nodes.hpp"
#include "aibrix/names.hpp"
#include "aibrix/release_facts.hpp"
#include "aibrix/resources.hpp"
#include "base/text.hpp"
#include "checks/common/exposure.hpp"
#include "checks/common/gateway.hpp"

namespace checks {
namespace {

using kube::Object;

constexpr kube::Need own_exposure_needs[] = {need::services, need::deployments,
                                             need::optional(need::security_policies)};
constexpr auto svc008_needs = with_gateway(own_exposure_needs);

}  // namespace

Token bearer_token(const Context& context) {
  const Object* plugin =
      context.cluster.component(aibrix::ComponentRole::gateway_plugins).deployment;
  if (plugin == nullptr) return Token::unknown;
  bool other_source = false;
  for (const kube::Value& c : plugin->at("spec", "template", "spec", "containers").items()) {
    other_source = other_source || !c["envFrom"].empty();
    for (const kube::Value& env : c["env"].items()) {
      if (env["name"].text() != "AIBRIX_AUTH_BEARER_TOKEN") continue;
      const bool filled = !env["value"].text().empty() || env["valueFrom"].exists();
      return filled ? Token::set : Token::unset;
    }
  }
  return other_source ? Token::unknown : Token::unset;
}

bool guarded(const Context& context) {
  constexpr auto guards = std::to_array<std::string_view>(
      {"jwt", "oidc", "basicAuth", "apiKeyAuth", "extAuth", "authorization"});
  for (const Object& policy : context.snapshot.list(aibrix::resources::security_policies,
                                                    aibrix::names::system_namespace)) {
    for (const std::string_view guard : guards) {
      if (policy.spec()[guard].exists()) return true;
    }
  }
  return false;
}

namespace {

bool is_private_ipv4(std::string_view ip) {
  std::array<int, 4> part{};
  const auto parts = base::split(ip, '.');
  if (parts.size() != part.size()) return false;
  for (std::size_t i = 0; i < part.size(); ++i) {
    std::from_chars(parts[i].data(), parts[i].data() + parts[i].size(), part[i]);
  }
  return part[0] == 10 || part[0] == 127 || (part[0] == 172 && part[1] >= 16 && part[1] < 32) ||
         (part[0] == 192 && part[1] == 168) || (part[0] == 169 && part[1] == 254) ||
         (part[0] == 100 && part[1] >= 64 && part[1] < 128);
}

// RFC 1918, 6598, 3927 and loopback; IPv6 unique local (fc00::/7), link local and loopback.
bool is_private(std::string_view ip) {
  if (ip.find(':') == std::string_view::npos) return is_private_ipv4(ip);
  const std::string low = base::lower(ip);
  return low == "::1" || low.starts_with("fc") || low.starts_with("fd") || low.starts_with("fe8") ||
         low.starts_with("fe9") || low.starts_with("fea") || low.starts_with("feb");
}

// Clouds are told by annotation to make an internal load balancer; each has its own key, and all of
// them have one of these words in key or value.
bool marked_internal(const Object& service) {
  constexpr auto words = std::to_array<std::string_view>({"internal", "intranet", "private"});
  for (const kube::Member& m : service.at("metadata", "annotations").members()) {
    const std::string key = base::lower(m.key);
    const std::string value = base::lower(m.value.text());
    if (value == "false") continue;
    for (const std::string_view word : words) {
      const bool in_key = key.find(word) != std::string::npos;
      if (value.find(word) != std::string::npos) return true;
      if (in_key && value.find("facing") == std::string::npos && value != "public") return true;
    }
  }
  return false;
}

// The first address the internet could reach; empty when there is none.
std::string public_address(const Object& service) {
  if (marked_internal(service) || !service.spec()["loadBalancerSourceRanges"].empty()) return {};
  for (const kube::Value& ingress : service.status()["loadBalancer"]["ingress"].items()) {
    const std::string_view ip = ingress["ip"].text();
    const std::string_view host = ingress["hostname"].text();
    if (!ip.empty() && !is_private(ip)) return std::string(ip);
    // AWS names internal load balancers so; localhost is what desktop clusters write.
    if (!host.empty() && !host.starts_with("internal-") && host != "localhost") {
      return std::string(host);
    }
  }
  return {};
}

void report_open(const Context& context, Reporter& reporter, const Object& service,
                 const std::string& address) {
  const bool wide = !address.empty();
  const std::string type(service.spec()["type"].text());
  Finding& f = report(reporter, wide ? Level::warning : Level::info, service,
                      wide ? "the gateway is unauthenticated and has a public address"
                           : "the gateway is unauthenticated");
  f.with_consequence(wide ? "Anyone on the internet can use every model."
                          : "Anyone who can reach its " +
                                std::string(type == "NodePort" ? "node port" : "address") +
                                " can use every model.");
  f.at_field("spec.type").with_evidence("type", type);
  if (wide) f.with_evidence("address", address);
  f.with_evidence("AIBRIX_AUTH_BEARER_TOKEN of the gateway plugin", "not set");
  if (!context.snapshot.loaded(aibrix::resources::security_policies)) {
    f.note("SecurityPolicies of Envoy Gateway were not read: one of them may protect the gateway");
  }
  // A remedy is not guessed for a release that is not known yet.
  const aibrix::Release& release = context.cluster.release();
  if (release.state() != aibrix::Release::State::newer_than_known &&
      aibrix::facts::plugin_asks_for_token.holds(release) == true) {
    const kube::ObjectRef plugin =
        context.cluster.component(aibrix::ComponentRole::gateway_plugins).ref();
    f.remedy(Confidence::review,
             "require a bearer token, stored in a Secret (chart: gatewayPlugin.auth.bearerToken); "
             "clients must then send it",
             kubectl(plugin.ns, "create", "secret", "generic", "aibrix-gateway-token",
                     expression("--from-literal=AIBRIX_AUTH_BEARER_TOKEN=$(openssl rand -hex 32)"))
                 .and_then(kubectl(plugin.ns, "set", "env")
                               .on_one("deployment", plugin.name)
                               .with("--from=secret/aibrix-gateway-token")));
  }
  f.remedy(
      Confidence::manual,
      "protect it with a SecurityPolicy of Envoy Gateway, restrict loadBalancerSourceRanges, or "
      "request an internal load balancer from the cloud (envoyService.annotations of the "
      "EnvoyProxy)");
}

void run_exposure(const Context& context, Reporter& reporter) {
  if (!entry_expected(context, reporter)) return;
  const auto services = aibrix::entry_services(context.cluster);
  if (services.empty()) without_service(context, reporter);
  for (const Object* service : services) {
    const std::string_view type = service->spec()["type"].text();
    const bool waiting = service->status()["loadBalancer"]["ingress"].empty();
    const bool open = type == "NodePort" || (type == "LoadBalancer" && !waiting);
    if (service->deleting() || !open) {
      reporter.measured("not reachable from outside the cluster");
      continue;
    }
    const Token token = bearer_token(context);
    if (token == Token::set || guarded(context)) {
      reporter.measured(token == Token::set ? "a bearer token is required"
                                            : "protected by a SecurityPolicy");
    } else if (token == Token::unknown) {
      reporter.undetermined("whether the gateway plugin requires a token could not be read");
    } else {
      report_open(context, reporter, *service, public_address(*service));
    }
  }
}

}  // namespace

constinit const Check registry::SVC008{
    codes::SVC008,
    Area::endpoint,
    "the gateway is unauthenticated",
    svc008_needs,
    run_exposure,
    {"The gateway's Service is reachable from outside the cluster, and the gateway plugin requires "
     "no bearer token. With a public address anyone can use every model; with a private address or "
     "a node port anyone on that network can.",
     "AIBrix sets no token by default. Envoy Gateway's default Service type is LoadBalancer, which "
     "is public in most clouds.",
     "Set a bearer token (after v0.7.0: chart value gatewayPlugin.auth.bearerToken), protect the "
     "gateway with a SecurityPolicy, or make the load balancer internal.",
     "every release; bearer token after v0.7.0"}};

}  // namespace checks
