// The readers of log lines: of klog, zap, Envoy and engines.
#include "aibrix/responses/text_logs.hpp"

#include <algorithm>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

using Fields = std::vector<LenientField>;

// The value of key=value or key="value" in what follows a log message; klogr, through which
// AIBrix's controllers write, puts the key in quotes too.
std::string log_value(std::string_view text, std::string_view key) {
  for (std::size_t at = text.find(key); at != std::string_view::npos; at = text.find(key, at + 1)) {
    const bool quoted =
        at != 0 && text[at - 1] == '"' && text.substr(at + key.size()).starts_with('"');
    const std::size_t equals = at + key.size() + (quoted ? 1 : 0);
    const std::size_t start = at - (quoted ? 1 : 0);
    if (equals >= text.size() || text[equals] != '=' || (start != 0 && text[start - 1] != ' '))
      continue;
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

using Writer = ResponseText::Writer;
using pasted::http_status;
using pasted::next_word;
using pasted::text_of;

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// The program whose controllers, loggers or runners the line names.
Writer named_writer(std::string_view line) {
  if (has(line, "ray.io") || has(line, "raycluster-controller") || has(line, "RayCluster")) {
    return Writer::kuberay;
  }
  if (has(line, ".aibrix.ai")) return Writer::controller;
  for (const std::string_view own :
       {"xds-translator", "xds-server", "gateway-api", "gatewayapi", "infrastructure",
        "runner=provider", "\"provider\"", "envoy-gateway"}) {
    if (has(line, own)) return Writer::envoy_gateway;
  }
  return Writer::unknown;
}

// `head`: up to the source file of the line.
Writer klog_writer(std::string_view line, std::string_view head) {
  const std::string_view file = head.substr(std::min(head.size(), head.rfind(' ') + 1));
  for (const std::string_view own : {"memcache.go", "round_trippers.go", "helpers.go"}) {
    if (file.starts_with(own)) return Writer::kubectl;
  }
  for (const std::string_view own : {"gateway", "pd_disaggregation", "prefix_cache", "least_",
                                     "power_of_two", "router.go", "redis.go", "redissync"}) {
    if (file.starts_with(own)) return Writer::plugin;
  }
  if (has(line, "requestID=") || has(line, "request_id=")) return Writer::plugin;
  for (const std::string_view own : {"modeladapter", "modelrouter", "stormservice", "roleset",
                                     "podset", "podautoscaler", "lora_client", "raycluster"}) {
    if (file.starts_with(own)) return Writer::controller;
  }
  return named_writer(line);
}

std::optional<ResponseText> klog_line(std::string_view line) {
  for (std::size_t at = 0; at < line.size() && at < 120; ++at) {  // after kubectl's own prefixes
    if ((at == 0 || line[at - 1] == ' ') && is_klog(line.substr(at))) {
      line = line.substr(at);
      break;
    }
  }
  const std::size_t end = line.find("] ");
  if (!is_klog(line) || end == std::string_view::npos) return std::nullopt;
  ResponseText a;
  a.writer = klog_writer(line, line.substr(0, end));
  a.form = a.writer == Writer::plugin ? ResponseText::Form::plugin_log : ResponseText::Form::log;
  std::string_view rest = line.substr(end + 2);
  a.whole = rest;
  if (rest.starts_with("\"msg\"=")) {
    a.message = log_value(rest, "msg");
  } else if (rest.starts_with('"')) {
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

// zap's lines for people: "2026-09-14T08:30:00Z ERROR setup unable to … {"error": "…"}".
std::optional<ResponseText> zap_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view time = next_word(rest);
  const bool dated = time.size() >= 20 && time[4] == '-' && time[10] == 'T' && time[13] == ':';
  const std::string level = base::lower(next_word(rest));
  const bool levelled = level == "error" || level == "info" || level == "warn" ||
                        level == "fatal" || level == "debug" || level == "panic";
  if (!dated || !levelled) return std::nullopt;
  ResponseText a;
  a.form = ResponseText::Form::log;
  a.whole = base::trim(rest);
  const std::size_t json = a.whole.find('{');
  a.message = base::trim(std::string_view(a.whole).substr(0, json));
  if (json != std::string::npos) {
    a.error = text_of(lenient_fields(std::string_view(a.whole).substr(json)), "error");
  }
  a.writer = named_writer(line);
  return a;
}

// Envoy's own: "[2026-09-14 07:40:01.000][1][warning][config] …".
std::optional<ResponseText> envoy_line(std::string_view line) {
  const std::size_t start = line.find("[20");
  if (start == std::string_view::npos || start > 80) return std::nullopt;
  std::string_view rest = line.substr(start);
  int boxes = 0;
  while (rest.starts_with('[') && boxes < 5) {
    const std::size_t close = rest.find(']');
    if (close == std::string_view::npos) return std::nullopt;
    rest = base::trim(rest.substr(close + 1));
    ++boxes;
  }
  if (boxes < 4) return std::nullopt;
  ResponseText a;
  a.form = ResponseText::Form::log;
  a.writer = Writer::envoy;
  a.whole = a.message = rest;
  return a;
}

// vLLM's: "ERROR 11-28 09:00:00 [core.py:700] …", with the process before it or not.
std::optional<ResponseText> engine_line(std::string_view line) {
  if (line.starts_with('(') && line.find("pid=") < 40) {
    line = base::trim(line.substr(std::min(line.size(), line.find(')') + 1)));
  }
  std::string_view rest = line;
  const std::string_view level = next_word(rest);
  if (level != "ERROR" && level != "WARNING" && level != "INFO") return std::nullopt;
  const std::string_view day = next_word(rest);
  if (day.size() != 5 || day[2] != '-' || !base::all_digits(day.substr(0, 2))) return std::nullopt;
  const std::size_t close = rest.find("] ");
  ResponseText a;
  a.form = ResponseText::Form::log;
  a.writer = Writer::engine;
  a.whole = a.message = base::trim(close == std::string_view::npos ? rest : rest.substr(close + 2));
  return a;
}

}  // namespace

namespace pasted {

bool read_log_object(ResponseText& a, const Fields& fields) {
  const LenientField* message = find_field(fields, "msg");
  if (message == nullptr || find_field(fields, "level") == nullptr) return false;
  a.form = ResponseText::Form::log;
  a.body = ResponseText::Body::unknown;
  a.json = false;
  a.whole = a.message = message->value;
  a.error = text_of(fields, "error");
  std::string names;
  for (const LenientField& f : fields) names += f.key + "=" + f.value + ' ';
  a.writer = named_writer(names);
  return true;
}

std::optional<ResponseText> log_line(std::string_view line) {
  for (const auto read : {klog_line, zap_line, envoy_line, engine_line}) {
    if (auto answer = read(line)) return answer;
  }
  return std::nullopt;
}

}  // namespace pasted
}  // namespace aibrix
