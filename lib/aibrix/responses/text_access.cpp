// The readers of Envoy's access log and of its response flags.
#include <algorithm>
#include <array>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "aibrix/responses/text_logs.hpp"
#include "aibrix/responses/text_request.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

struct Flag {
  std::string_view name, long_name;
};
// Envoy 1.40, access log documentation.
constexpr auto response_flags = std::to_array<Flag>({
    {"UH", "NoHealthyUpstream"},
    {"UF", "UpstreamConnectionFailure"},
    {"UO", "UpstreamOverflow"},
    {"NR", "NoRouteFound"},
    {"URX", "UpstreamRetryLimitExceeded"},
    {"NC", "NoClusterFound"},
    {"DT", "DurationTimeout"},
    {"DC", "DownstreamConnectionTermination"},
    {"LH", "FailedLocalHealthCheck"},
    {"UT", "UpstreamRequestTimeout"},
    {"LR", "LocalReset"},
    {"UR", "UpstreamRemoteReset"},
    {"UC", "UpstreamConnectionTermination"},
    {"DI", "DelayInjected"},
    {"FI", "FaultInjected"},
    {"RL", "RateLimited"},
    {"UAEX", "UnauthorizedExternalService"},
    {"RLSE", "RateLimitServiceError"},
    {"IH", "InvalidEnvoyRequestHeaders"},
    {"SI", "StreamIdleTimeout"},
    {"DPE", "DownstreamProtocolError"},
    {"UPE", "UpstreamProtocolError"},
    {"UMSDR", "UpstreamMaxStreamDurationReached"},
    {"RFCF", "ResponseFromCacheFilter"},
    {"NFCF", "NoFilterConfigFound"},
    {"OM", "OverloadManagerTerminated"},
    {"DF", "DnsResolutionFailed"},
    {"DO", "DropOverload"},
    {"DR", "DownstreamRemoteReset"},
    {"UDO", "UnconditionalDropOverload"},
});

const Flag* find_flag(std::string_view word) {
  for (const Flag& f : response_flags) {
    if (f.name == word || f.long_name == word) return &f;
  }
  return nullptr;
}

// "UF,URX": its flags; empty when one of them is none.
std::vector<std::string> read_flags(std::string_view text) {
  std::vector<std::string> out;
  for (const std::string_view part : base::split(text, ',')) {
    const Flag* flag = find_flag(base::trim(part));
    if (flag == nullptr) return {};
    out.emplace_back(flag->name);
  }
  return out;
}

// "httproute/aibrix-system/llama-router/rule/0/…" is the route aibrix-system/llama-router.
std::string route_of(std::string_view name) {
  constexpr std::string_view prefix = "httproute/";
  if (!name.starts_with(prefix)) return name == "-" ? std::string() : std::string(name);
  const auto parts = base::split(name, '/');
  return parts.size() < 3 ? std::string(name) : std::string(parts[1]) + '/' + std::string(parts[2]);
}

}  // namespace

namespace pasted {

void read_access(ResponseText& a, const std::vector<LenientField>& fields) {
  a.form = ResponseText::Form::access_log;
  a.body = ResponseText::Body::unknown;
  a.status = http_status(pasted::text_of(fields, "response_code"));
  a.flags = read_flags(pasted::text_of(fields, "response_flags"));
  a.details = pasted::text_of(fields, "response_code_details");
  if (a.details == "-") a.details.clear();
  a.route = route_of(pasted::text_of(fields, "route_name"));
  if (a.route.empty()) a.route = route_of(pasted::text_of(fields, "upstream_cluster"));
  for (const std::string_view key : {"x-envoy-origin-path", "path", ":path"}) {
    if (a.request.path.empty()) a.request.path = path_of(pasted::text_of(fields, key));
  }
  a.request.method = pasted::text_of(fields, "method");
  a.request.seen = !a.request.path.empty();
  if (a.route == "original_route") a.request.strategy = "?";  // it takes none without one
}

std::optional<ResponseText> access_log(std::string_view line) {
  // [time] "POST /v1/completions HTTP/1.1" 503 UH no_healthy_upstream - …
  const std::size_t http = line.find(" HTTP/");
  if (http == std::string_view::npos || line.find('"') >= http) return std::nullopt;
  const std::size_t close = line.find('"', http);
  if (close == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(close + 1);
  ResponseText a;
  a.form = ResponseText::Form::access_log;
  const std::string_view code = next_word(rest);
  a.status = http_status(code);
  if (a.status == 0 && code != "0") return std::nullopt;  // 0: the client left before an answer
  const std::string_view flags = next_word(rest);
  a.flags = read_flags(flags);
  if (a.flags.empty() && flags != "-") return std::nullopt;
  const std::string_view details = next_word(rest);
  if (details != "-") a.details = details;
  if (const auto request =
          request_line(line.substr(line.find('"') + 1, close - line.find('"') - 1)))
    a.request = *request;
  const std::size_t route = line.find("httproute/");
  if (route != std::string_view::npos) {
    a.route = route_of(line.substr(route, line.find_first_of(" \"", route) - route));
  }
  return a;
}

std::optional<ResponseText> flags_alone(std::string_view line) {
  ResponseText a;
  a.form = ResponseText::Form::flag;
  std::string_view rest = line;
  std::string_view first = next_word(rest);
  if (const int status = http_status(first)) {
    a.status = status;
    first = next_word(rest);
  }
  a.flags = read_flags(first);
  if (a.flags.empty()) return std::nullopt;
  a.details = next_word(rest);
  const bool snake =
      a.details.find_first_not_of("abcdefghijklmnopqrstuvwxyz_{}|:") == std::string::npos;
  if (!snake || !base::trim(rest).empty()) return std::nullopt;
  return a;
}

}  // namespace pasted
}  // namespace aibrix
