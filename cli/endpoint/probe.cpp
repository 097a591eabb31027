// The sender of the requests of `endpoint test`, and the reader of their answers.
#include "endpoint/probe.hpp"

#include <nlohmann/json.hpp>

#include "aibrix/responses/text_forms.hpp"
#include "base/error.hpp"
#include "base/file.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "kube/http/api_error.hpp"
#include "kube/http/curl_transport.hpp"
#include "kube/redact/redact.hpp"
#include "limits.hpp"
#include "terminal.hpp"

namespace cli {
namespace {

using Target = ProbeTarget;
using report::Probe;

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

std::string read_key(const EndpointTestOptions& options) {
  constexpr std::size_t most = std::size_t{64} << 10U;
  return std::string(base::trim(base::read_file(options.api_key_file, most)));
}

std::shared_ptr<kube::CredentialSource> api_key(const EndpointTestOptions& options) {
  if (options.api_key_file.empty()) return nullptr;
  const std::string key = read_key(options);
  if (!key.empty()) return std::make_shared<ApiKey>(key);
  throw base::Error(base::Fault::usage, "BadApiKeyFile",
                    base::printable(options.api_key_file) + " is empty",
                    "put the key into it, and nothing else");
}

std::vector<std::pair<std::string, std::string>> headers(const EndpointTestOptions& options) {
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

std::string completion_body(const std::string& model) {
  const nlohmann::json body = {{"model", model}, {"prompt", "Hello"}, {"max_tokens", 1}};
  return body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

kube::Request make_request(const EndpointTestOptions& options, const Target& target,
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
    case Failure::connect_timeout: return "timed out";
    case Failure::timeout: return "read timed out";
    case Failure::reset:
    case Failure::cut_short: return "connection reset by peer";
    case Failure::tls: return "SSL certificate problem: " + response.detail;
    case Failure::not_http: return "empty reply from server: " + response.detail;
    default: return response.detail;
  }
}

aibrix::ResponseText answer_of(const kube::Response& response) {
  aibrix::ResponseText out;
  if (response.failure != kube::Failure::none) {
    out.form = aibrix::ResponseText::Form::client;
    out.message = client_words(response);
    return out;
  }
  out.form = aibrix::ResponseText::Form::http;
  out.status = response.status;
  out.has_headers = true;
  out.headers = response.headers;
  out.body = aibrix::ResponseText::Body::empty;
  if (response.status != 200) aibrix::pasted::read_body(out, response.body);
  return out;
}

// An answer that repeats what was sent must not show it.
kube::Response without_own(const EndpointTestOptions& options, kube::Response response) {
  std::vector<std::string> own;
  if (!options.api_key_file.empty()) own.push_back(read_key(options));
  for (const auto& [name, value] : headers(options)) {
    own.push_back(value);
    const std::size_t blank = value.rfind(' ');  // "Bearer X": X alone
    if (blank != std::string::npos) own.push_back(value.substr(blank + 1));
  }
  const std::size_t at = options.address.rfind('@');
  const std::size_t scheme = options.address.find("://");
  if (at != std::string::npos && scheme != std::string::npos && scheme + 3 < at) {
    const std::string user_info = options.address.substr(scheme + 3, at - scheme - 3);
    own.push_back(user_info);
    own.push_back(user_info.substr(user_info.find(':') + 1));
  }
  response.body = kube::without_values(response.body, own);
  response.detail = kube::without_values(response.detail, own);
  for (auto& [name, value] : response.headers) value = kube::without_values(value, own);
  return response;
}

std::string good_result(const EndpointTestOptions& options, const kube::Response& response) {
  for (const auto& [name, value] : response.headers) {
    if (name == "target-pod" && !value.empty()) return "answered by pod " + value;
  }
  if (!options.model.empty()) return "answered";
  const auto document = nlohmann::json::parse(response.body, nullptr, false);
  if (!document.is_object() || !document.contains("data") || !document["data"].is_array())
    return {};
  return base::plural(document["data"].size(), "model");
}

}  // namespace

std::unique_ptr<kube::Transport> dial(const Global& global, const EndpointTestOptions& options,
                                      const std::string& url, const std::string& hostname) {
  kube::Access access;
  access.server = url;
  access.credentials = api_key(options);
  access.insecure_skip_tls_verify = global.insecure_skip_tls_verify;
  if (!options.cacert.empty())
    access.ca_pem = base::read_file(options.cacert, std::size_t{1} << 20U);
  access.tls_server_name = hostname;
  kube::use_environment(access, kube_environment());
  kube::CurlOptions curl;
  curl.user_agent = "aibrixctl/" AIBRIXCTL_VERSION;
  curl.request_timeout =
      base::parse_duration(global.request_timeout).value_or(std::chrono::seconds(0));
  if (curl.request_timeout.count() == 0) curl.request_timeout = std::chrono::seconds(60);
  curl.stop = &cancel_flag();
  curl.now = wall_clock;
  return std::make_unique<kube::CurlTransport>(std::move(access), curl);
}

Probe send_probe(const EndpointTestOptions& options, const ProbeTarget& target,
                 const std::string& strategy) {
  const kube::Request request = make_request(options, target, strategy);
  Probe out;
  out.request = std::string(kube::verb(request.method)) + ' ' + kube::redact_url(target.shown) +
                request.path.substr(target.prefix.size());
  out.strategy = strategy;
  const std::vector<kube::Response> answers = target.transport->send({request});
  const kube::Response response = without_own(options, answers.front());
  out.status = response.failure == kube::Failure::none ? response.status : 0;
  out.took = response.timing.connect + response.timing.wait + response.timing.transfer;
  out.ok = response.ok();
  if (response.failure != kube::Failure::none)
    out.result = kube::redact_text(kube::describe_failure(response));
  if (out.ok) out.result = good_result(options, response);
  out.explained.answer = answer_of(response);
  out.explained.answer.request.path = request.path.substr(target.prefix.size());
  out.explained.answer.request.method = kube::verb(request.method);
  out.explained.answer.request.strategy = strategy;
  out.explained.match = aibrix::match_response(out.explained.answer);
  return out;
}

}  // namespace cli
