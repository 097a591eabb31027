// `endpoint test`: one small request as a client would send it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "doctor.hpp"
#include "endpoint/endpoint.hpp"
#include "endpoint/probe.hpp"
#include "explain_answer.hpp"
#include "kube/http/api_error.hpp"

#include "option_types.hpp"
#include "report/endpoint.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using report::Probe;
using Target = ProbeTarget;

constexpr std::string_view any_strategy = "random";  // every release has it

Target given(const Global& global, const EndpointTestOptions& options) {
  Target out;
  out.own = dial(global, options, options.address, "");
  out.transport = out.own.get();
  out.shown = options.address;
  out.how = "address given with --address";
  return out;
}

// As a client that its DNS leads to the address: the listener's name in TLS and in Host.
Target direct(const Global& global, const EndpointTestOptions& options, const aibrix::Address& a) {
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
void tell_no_address(const Global& global, const EndpointTestOptions& options,
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
std::optional<Target> find_target(const Global& global, const EndpointTestOptions& options,
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

std::vector<std::string> strategies(const EndpointTestOptions& options) {
  if (options.strategy == "none") return {""};
  if (!options.strategy.empty()) return {options.strategy};
  if (options.model.empty()) return {""};
  return {"", std::string(any_strategy)};
}

// Why it failed, from a run of the checks. Without a cluster the catalogue has to do.
void find_causes(const Global& global, const EndpointTestOptions& options, InputSource& source,
                 report::EndpointTest& test, report::Report& doctor) {
  const bool any_failed = std::any_of(test.probes.begin(), test.probes.end(), [](const Probe& p) {
    return !p.ok && p.explained.match.kind != nullptr;
  });
  if (!any_failed) return;
  DoctorOptions doctor_options;
  kube::Snapshot snapshot;
  doctor_options.keep = &snapshot;
  if (!options.model.empty()) doctor_options.models = {options.model};
  try {
    doctor = diagnose(global, doctor_options, source);
  } catch (const base::Error& error) {
    if (error.fault == base::Fault::interrupted || options.address.empty()) throw;
    return notice("note: the checks were not run: " + std::string(error.what()));
  }
  const aibrix::Cluster cluster(snapshot, {global.install_namespace});
  for (Probe& p : test.probes) {
    if (p.ok || p.explained.match.kind == nullptr) continue;
    narrow(p.explained, doctor.outcomes, options.model);
    checks::judge_path(p.explained.causes, p.explained.answer.request.path, cluster);
    if (options.address.empty()) continue;
    checks::apply_address(p.explained.causes, *p.explained.match.kind,
                          checks::judge_address(options.address, cluster));
  }
}

void print(const EndpointTestOptions& options, const report::EndpointTest& test,
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

int endpoint_test(const Global& global, const EndpointTestOptions& options) {
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

// What does not go together would be silently without effect.
void require_fitting(const EndpointTestOptions& o) {
  const auto refuse = [&](const std::string& what) {
    throw base::Error(base::Fault::usage, "BadArgument", what + " is of no use for endpoint test",
                      "see: aibrixctl endpoint test --help");
  };
  if (o.via.empty()) return;
  if (!o.address.empty()) refuse("--address together with --via");
  if (!o.cacert.empty()) refuse("--cacert together with --via");
  if (!o.api_key_file.empty()) {
    throw base::Error(base::Fault::usage, "BadArgument",
                      "--api-key-file does not go with --via api-server: the API server takes the "
                      "Authorization header for itself",
                      "leave out --via, or test without a key");
  }
}

void add_flags(CLI::App& command, EndpointTestOptions& o) {
  command.add_option("--address", o.address, "Send to this address instead of the detected one")
      ->type_name("URL");
  command
      .add_option("--via", o.via,
                  "Send through the API server's service proxy (api-server); nothing is exposed")
      ->check(one_of("--via", {"api-server"}))
      ->type_name("WAY");
  command
      .add_option(
          "--strategy", o.strategy,
          "Send only with this routing strategy; none: only without one (default with MODEL: both)")
      ->type_name("NAME");
  command.add_option("--header", o.headers, "Add a header (Name: value; never shown; repeatable)")
      ->type_name("HEADER")
      ->allow_extra_args(false);
  command
      .add_option("--api-key-file", o.api_key_file,
                  "Read the gateway's bearer token from this file (never shown)")
      ->type_name("FILE");
  command
      .add_option("--cacert", o.cacert,
                  "Verify an https gateway with these certificates (default: the system's)")
      ->type_name("FILE");
  command
      .add_option("-o,--output", o.format, "Set the output format: text (default), json or yaml")
      ->check(one_of("--output", {"text", "json", "yaml"}))
      ->type_name("FORMAT");
}

// Of print, without effect here; taken so that both can be called alike.
void add_ignored(CLI::App& command, EndpointTestOptions& o) {
  command.add_flag("-q,--quiet")->group("");
  command.add_flag("--whole-cluster", o.source.whole_cluster)->group("");
  command.add_option("--now", o.source.now)->group("");
}

}  // namespace

void add_endpoint_test(CLI::App& group, Action& chosen) {
  CLI::App* command = group.add_subcommand(
      "test", "Send one small request through the gateway and explain a failure");
  const auto options = std::make_shared<EndpointTestOptions>();
  options->format = "text";
  add_endpoint_flags(*command, *options);
  add_flags(*command, *options);
  add_ignored(*command, *options);
  command->callback([&chosen, options] {
    chosen = [options](const Global& global) {
      require_fitting(*options);
      return endpoint_test(global, *options);
    };
  });
}

}  // namespace cli
