// The readers of klog lines, Envoy's access log and response flags.
#include "aibrix/responses/text_logs.hpp"

#include <algorithm>
#include <array>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Fields = std::vector<LenientField>;

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

// The value of key=value or key="value" in what follows a log message.
std::string log_value(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const std::size_t equals = at + key.size();
    if (equals >= text.size() || text[equals] != '=' || (at != 0 && text[at - 1] != ' ')) continue;
    const std::string_view rest = text.substr(equals + 1);
    if (!rest.starts_with('"')) return std::string(rest.substr(0, rest.find(' ')));
    const Fields fields = lenient_fields("\"k\":" + std::string(rest));
    return fields.empty() ? std::string() : fields.front().value;
  }
  return {};
}

bool is_klog(std::string_view head) {
  // "E1126 09:35:15.123456       1 "
  const auto digits = [&](std::size_t from, std::size_t count) {
    return head.size() >= from + count && base::all_digits(head.substr(from, count));
  };
  return head.size() > 9 && std::string_view("EWIF").find(head[0]) != std::string_view::npos &&
         digits(1, 4) && head[5] == ' ' && digits(6, 2) && head[8] == ':';
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
}

std::optional<ResponseText> plugin_log(std::string_view line) {
  for (std::size_t at = 0; at < line.size() && at < 120; ++at) {  // after kubectl's own prefixes
    if ((at == 0 || line[at - 1] == ' ') && is_klog(line.substr(at))) {
      line = line.substr(at);
      break;
    }
  }
  const std::size_t end = line.find("] ");
  if (!is_klog(line) || end == std::string_view::npos) return std::nullopt;
  ResponseText a;
  a.form = ResponseText::Form::plugin_log;
  std::string_view rest = line.substr(end + 2);
  if (rest.starts_with('"')) {
    const Fields fields = lenient_fields("\"m\":" + std::string(rest));
    if (!fields.empty()) a.message = fields.front().value;
    rest = rest.substr(std::min(rest.size(), a.message.size() + 2));
  } else {
    a.message = rest;
  }
  for (const std::string_view key : {"err", "error", "errorMessage"}) {
    if (a.error.empty()) a.error = log_value(rest, key);
  }
  a.model = log_value(rest, "model");
  a.strategy = log_value(rest, "routing-strategy");
  if (a.strategy.empty()) a.strategy = log_value(rest, "routingStrategy");
  a.status = http_status(log_value(rest, "errorCode"));
  return a;
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
