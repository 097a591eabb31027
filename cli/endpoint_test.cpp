// `endpoint test`: one small request as a client would send it.
#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>

#include "aibrix/cluster.hpp"
#include "aibrix/gateway.hpp"
#include "aibrix/pasted_forms.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "doctor.hpp"
#include "endpoint.hpp"
#include "explain_answer.hpp"
#include "kube/api_error.hpp"
#include "kube/curl_transport.hpp"
#include "report/endpoint.hpp"
#include "report/endpoint_test.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using report::Probe;

constexpr std::string_view any_strategy = "random";  // every release has it

// The gateway's key, sent as a client's library does. Never shown.
class ApiKey : public kube::CredentialSource {
 public:
  explicit ApiKey(std::string key) : key_(std::move(key)) {}
  kube::Login login() override {
    kube::Login login;
    login.token = key_;
    return login;
  }
  bool renew() override { return false; }
  std::string describe() const override { return "the key of --api-key-file"; }

 private:
  std::string key_;
};

std::shared_ptr<kube::CredentialSource> api_key(const EndpointOptions& options) {
  if (options.api_key_file.empty()) return nullptr;
  constexpr std::size_t most = std::size_t{64} << 10U;
  const std::string text = base::read_file(options.api_key_file, most);
  const std::string_view key = base::trim(text);
  if (!key.empty()) return std::make_shared<ApiKey>(std::string(key));
  throw base::Error(base::Fault::usage, "BadApiKeyFile",
                    base::printable(options.api_key_file) + " is empty", "put the key into it, and nothing else");
}

std::vector<std::pair<std::string, std::string>> headers(const EndpointOptions& options) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const std::string& header : options.headers) {
    const auto parsed = aibrix::pasted::header_line(header);
    if (!parsed) {  // not shown: it may hold a key
      throw base::Error(base::Fault::usage, "BadArgument", "--header: one of them is no header",
                        "write it like --header 'Name: value'");
    }
    out.emplace_back(parsed->name, parsed->value);
  }
  return out;
}

// Where requests go: directly, or by way of the API server.
struct Target {
  kube::Transport* transport = nullptr;
  std::string prefix;  // of paths
  std::string shown;   // of addresses, for people
  std::string how;
  bool by_api_server = false;
  std::string host;    // for header Host, when the listener asks for one
  std::unique_ptr<kube::Transport> own;
};

std::unique_ptr<kube::Transport> dial(const Global& global, const EndpointOptions& options,
                                      const std::string& url, const std::string& hostname) {
  kube::Access access;
  access.server = url;
  access.credentials = api_key(options);
  access.insecure_skip_tls_verify = global.insecure_skip_tls_verify;
  if (!global.certificate_authority.empty()) {
    access.ca_pem = base::read_file(global.certificate_authority, std::size_t{1} << 20U);
  }
  access.tls_server_name = hostname;
  kube::CurlOptions curl;
  curl.user_agent = "aibrixctl/" AIBRIXCTL_VERSION;
  curl.request_timeout = base::parse_duration(global.request_timeout).value_or(std::chrono::seconds(0));
  if (curl.request_timeout.count() == 0) curl.request_timeout = std::chrono::seconds(60);
  curl.stop = &cancel_flag();
  return std::make_unique<kube::CurlTransport>(std::move(access), curl);
}

Target direct(const Global& global, const EndpointOptions& options, const std::string& url,
              const std::string& how, const std::string& hostname) {
  Target out;
  out.own = dial(global, options, url, hostname);
  out.transport = out.own.get();
  out.shown = url;
  out.how = how;
  out.host = hostname;
  return out;
}

// Exit code 1 when it is known that there is none.
void tell_no_address(const Global& global, const EndpointOptions& options, const aibrix::Cluster& cluster,
                     const aibrix::EndpointFacts& facts) {
  if (!facts.known) {
    throw base::Error(base::Fault::undecided, "CannotTell",
                      "the gateway's address cannot be told: " + base::join(facts.why_not, "; "));
  }
  const report::EndpointView view{.facts = facts,
                                  .from = vantage(options),
                                  .side_car = aibrix::gateway_mode(cluster) == aibrix::GatewayMode::side_car};
  notice(base::trim(report::endpoint_explanation(view, style_for(global))));
  if (options.via.empty()) notice("  or test it through the API server: --via api-server");
  if (options.format != "text") {
    write_stdout(report::endpoint_output(view, options.format, AIBRIXCTL_VERSION, 1));
  }
}

// Nothing when there is no address; that was told.
std::optional<Target> find_target(const Global& global, const EndpointOptions& options, Source& source) {
  if (!options.address.empty()) {
    return direct(global, options, options.address, "address given with --address", "");
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
  if (!proxy) {
    const bool named = !a.hostname.empty() && a.hostname.front() != '*';
    return direct(global, options, a.scheme + "://" + aibrix::bracketed(a.host) + ':' + std::to_string(a.port),
                  a.how + (a.caution.empty() ? "" : "; " + a.caution), named ? a.hostname : "");
  }
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

std::string completion_body(const std::string& model) {
  const nlohmann::json body = {{"model", model}, {"prompt", "Hello"}, {"max_tokens", 1}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

kube::Request make_request(const EndpointOptions& options, const Target& target,
                           const std::string& strategy) {
  kube::Request request;
  request.path = target.prefix + (options.model.empty() ? "/v1/models" : "/v1/completions");
  request.headers = headers(options);
  request.keep_headers = true;
  request.once = true;
  if (!target.host.empty()) request.headers.emplace_back("Host", target.host);
  if (!strategy.empty()) request.headers.emplace_back("routing-strategy", strategy);
  if (options.model.empty()) return request;
  request.method = kube::Method::post;
  request.body = completion_body(options.model);
  return request;
}

// A client's words for why there is no answer, as the catalogue knows them.
std::string client_words(const kube::Response& response) {
  using kube::Failure;
  switch (response.failure) {
    case Failure::refused: return "connection refused";
    case Failure::dns: return "could not resolve host";
    case Failure::unreachable: return "no route to host";
    case Failure::connect_timeout:
    case Failure::timeout: return "timed out";
    case Failure::reset:
    case Failure::cut_short: return "connection reset by peer";
    case Failure::tls: return "SSL certificate problem: " + response.detail;
    case Failure::not_http: return "empty reply from server: " + response.detail;
    default: return response.detail;
  }
}

aibrix::PastedAnswer answer_of(const kube::Response& response) {
  aibrix::PastedAnswer out;
  if (response.failure != kube::Failure::none) {
    out.form = aibrix::PastedAnswer::Form::client;
    out.message = client_words(response);
    return out;
  }
  out.form = aibrix::PastedAnswer::Form::http;
  out.status = response.status;
  out.has_headers = true;
  out.headers = response.headers;
  out.body = aibrix::PastedAnswer::Body::empty;
  if (response.status != 200) aibrix::pasted::read_body(out, response.body);
  return out;
}

std::string good_result(const EndpointOptions& options, const kube::Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "target-pod" && !value.empty()) return "answered by pod " + value;
  }
  if (!options.model.empty()) return "answered";
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array()) return {};
  return base::plural(document["data"].size(), "model");
}

Probe send(const EndpointOptions& options, const Target& target, const std::string& strategy) {
  const kube::Request request = make_request(options, target, strategy);
  Probe out;
  out.request = std::string(kube::verb(request.method)) + ' ' + target.shown +
                request.path.substr(target.prefix.size());
  out.strategy = strategy;
  const std::vector<kube::Response> answers = target.transport->send({request});
  const kube::Response& response = answers.front();
  out.status = response.failure == kube::Failure::none ? response.status : 0;
  out.took = response.timing.connect + response.timing.wait + response.timing.transfer;
  out.ok = response.ok();
  if (response.failure != kube::Failure::none) out.result = kube::trouble(response);
  if (out.ok) out.result = good_result(options, response);
  out.explained.answer = answer_of(response);
  out.explained.recognised = aibrix::recognise(out.explained.answer);
  return out;
}

std::vector<std::string> strategies(const EndpointOptions& options) {
  if (options.strategy == "none") return {""};
  if (!options.strategy.empty()) return {options.strategy};
  if (options.model.empty()) return {""};
  return {"", std::string(any_strategy)};
}

// Why it failed, from a run of the checks. Without a cluster the catalogue has to do.
void find_causes(const Global& global, const EndpointOptions& options, Source& source,
                 report::EndpointTest& test, report::Report& doctor) {
  const bool any_failed = std::any_of(test.probes.begin(), test.probes.end(), [](const Probe& p) {
    return !p.ok && p.explained.recognised.kind != nullptr;
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
    if (!p.ok && p.explained.recognised.kind != nullptr) narrow(p.explained, doctor.outcomes, options.model);
  }
}

void print(const EndpointOptions& options, const report::EndpointTest& test, const report::Style& style) {
  if (options.format == "json") return write_stdout(report::endpoint_test_json(test, AIBRIXCTL_VERSION));
  if (options.format == "yaml") return write_stdout(report::endpoint_test_yaml(test, AIBRIXCTL_VERSION));
  write_stdout(report::endpoint_test_text(test, style));
}

// The API server's own refusals end the test: nothing was tested.
void require_proxied(const Target& target, const Probe& probe, Source& source) {
  if (!target.by_api_server || probe.explained.answer.form == aibrix::PastedAnswer::Form::http) return;
  const auto& a = probe.explained.answer;
  const bool refused = a.status == 401 || a.status == 403;
  if (a.form == aibrix::PastedAnswer::Form::api_status && !refused) return;
  if (refused) {
    throw base::Error(base::Fault::undecided, "Forbidden",
                      "the API server does not let you use its service proxy: " + base::printable(a.message),
                      "it takes the rights get and create on services/proxy; or test without --via");
  }
  throw base::Error(base::Fault::undecided, "NoConnection",
                    "no answer of the API server " + kube::public_url(source.access().server) + ": " + probe.result);
}

}  // namespace

int endpoint_test(const Global& global, const EndpointOptions& options) {
  Source source(global, {});
  const std::optional<Target> found = find_target(global, options, source);
  if (!found) return 1;
  const Target& target = *found;
  report::EndpointTest test;
  test.how = target.how;
  for (const std::string& strategy : strategies(options)) {
    test.probes.push_back(send(options, target, strategy));
    require_proxied(target, test.probes.back(), source);
  }
  report::Report doctor;
  find_causes(global, options, source, test, doctor);
  test.exit_code = std::all_of(test.probes.begin(), test.probes.end(), [](const Probe& p) { return p.ok; })
                       ? 0
                       : 1;
  print(options, test, style_for(global));
  return test.exit_code;
}

}  // namespace cli
