// `endpoint test`: one small request as a client would send it.
#include <algorithm>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor.hpp"
#include "endpoint.hpp"
#include "explain_answer.hpp"
#include "kube/http/api_error.hpp"
#include "probe.hpp"
#include "report/endpoint.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using report::Probe;
using Target = ProbeTarget;

constexpr std::string_view any_strategy = "random";  // every release has it

Target given(const Global& global, const EndpointOptions& options) {
  Target out;
  out.own = dial(global, options, options.address, "");
  out.transport = out.own.get();
  out.shown = options.address;
  out.how = "address given with --address";
  return out;
}

// As a client that its DNS leads to the address: the listener's name in TLS and in Host.
Target direct(const Global& global, const EndpointOptions& options, const aibrix::Address& a) {
  const bool named = !a.hostname.empty() && a.hostname.front() != '*';
  Target out;
  out.shown = a.scheme + "://" + aibrix::bracketed(a.host) + ':' + std::to_string(a.port);
  out.own = dial(global, options, out.shown, named ? a.hostname : "");
  out.transport = out.own.get();
  out.how = a.how + (a.caution.empty() ? "" : "; " + a.caution);
  if (!named) return out;
  const bool usual = a.port == (a.scheme == "https" ? 443 : 80);
  out.host = a.hostname + (usual ? "" : ':' + std::to_string(a.port));
  out.how += ", by the name " + a.hostname;
  return out;
}

// Exit code 1 when it is known that there is none.
void tell_no_address(const Global& global, const EndpointOptions& options,
                     const aibrix::Cluster& cluster, const aibrix::EndpointFacts& facts) {
  require_known(cluster.snapshot(), facts);
  const report::EndpointView view{
      .facts = facts,
      .from = vantage(options),
      .side_car = aibrix::gateway_mode(cluster) == aibrix::GatewayMode::side_car};
  notice(base::trim(report::endpoint_explanation(view, style_for(global))));
  if (options.via.empty()) notice("  or test it through the API server: --via api-server");
  if (options.format != "text") {
    write_stdout(report::endpoint_output(view, options.format, AIBRIXCTL_VERSION, 1));
  }
}

// Nothing when there is no address; that was told.
std::optional<Target> find_target(const Global& global, const EndpointOptions& options,
                                  InputSource& source) {
  if (!options.address.empty()) {
    return given(global, options);
  }
  const Reading reading = source.read(endpoint_needs(false));
  const aibrix::Cluster cluster(reading.snapshot, {global.install_namespace});
  const bool proxy = !options.via.empty();
  const aibrix::EndpointFacts facts = aibrix::find_endpoint(
      cluster, proxy ? aibrix::Vantage::inside : vantage(options), options.scheme);
  if (facts.addresses.empty()) {
    tell_no_address(global, options, cluster, facts);
    return std::nullopt;
  }
  const aibrix::Address& a = facts.addresses.front();
  if (!proxy) return direct(global, options, a);
  Target out;
  out.transport = &source.reader();
  out.by_api_server = true;
  out.how = "through the API server's proxy of Service " + a.service->full_name();
  out.prefix = "/api/v1/namespaces/" + std::string(a.service->ns()) + "/services/" +
               (a.scheme == "https" ? "https:" : "") + std::string(a.service->name()) + ':' +
               std::to_string(a.port) + "/proxy";
  out.shown = "service/" + a.service->full_name();
  return out;
}

std::vector<std::string> strategies(const EndpointOptions& options) {
  if (options.strategy == "none") return {""};
  if (!options.strategy.empty()) return {options.strategy};
  if (options.model.empty()) return {""};
  return {"", std::string(any_strategy)};
}

// Why it failed, from a run of the checks. Without a cluster the catalogue has to do.
void find_causes(const Global& global, const EndpointOptions& options, InputSource& source,
                 report::EndpointTest& test, report::Report& doctor) {
  const bool any_failed = std::any_of(test.probes.begin(), test.probes.end(), [](const Probe& p) {
    return !p.ok && p.explained.match.kind != nullptr;
  });
  if (!any_failed) return;
  DoctorOptions checks;
  if (!options.model.empty()) checks.models = {options.model};
  try {
    doctor = diagnose(global, checks, source);
  } catch (const base::Error& error) {
    if (error.fault == base::Fault::interrupted || options.address.empty()) throw;
    return notice("note: the checks were not run: " + std::string(error.what()));
  }
  for (Probe& p : test.probes) {
    if (!p.ok && p.explained.match.kind != nullptr)
      narrow(p.explained, doctor.outcomes, options.model);
  }
}

void print(const EndpointOptions& options, const report::EndpointTest& test,
           const report::Style& style) {
  if (options.format == "json")
    return write_stdout(report::endpoint_test_json(test, AIBRIXCTL_VERSION));
  if (options.format == "yaml")
    return write_stdout(report::endpoint_test_yaml(test, AIBRIXCTL_VERSION));
  write_stdout(report::endpoint_test_text(test, style));
}

// The API server's own refusals end the test: nothing was tested.
void require_proxied(const Target& target, const Probe& probe, InputSource& source) {
  if (!target.by_api_server || probe.explained.answer.form == aibrix::ResponseText::Form::http)
    return;
  const auto& a = probe.explained.answer;
  const bool refused = a.status == 401 || a.status == 403;
  if (a.form == aibrix::ResponseText::Form::api_status && !refused) return;
  if (refused) {
    throw base::Error(
        base::Fault::unavailable, "Forbidden",
        "the API server does not let you use its service proxy: " + base::printable(a.message),
        "it takes the rights get and create on services/proxy; or test without --via");
  }
  throw base::Error(base::Fault::unavailable, "NoConnection",
                    "no answer of the API server " + kube::public_url(source.access().server) +
                        ": " + probe.result);
}

}  // namespace

int endpoint_test(const Global& global, const EndpointOptions& options) {
  InputSource source(global, {});
  const std::optional<Target> found = find_target(global, options, source);
  if (!found) return 1;
  const Target& target = *found;
  report::EndpointTest test;
  test.how = target.how;
  for (const std::string& strategy : strategies(options)) {
    test.probes.push_back(send_probe(options, target, strategy));
    require_proxied(target, test.probes.back(), source);
  }
  report::Report doctor;
  find_causes(global, options, source, test, doctor);
  test.exit_code =
      std::all_of(test.probes.begin(), test.probes.end(), [](const Probe& p) { return p.ok; }) ? 0
                                                                                               : 1;
  print(options, test, style_for(global));
  return test.exit_code;
}

}  // namespace cli
