// The readers of status lines, headers and error bodies.
#include "aibrix/responses/text_forms.hpp"

#include <algorithm>
#include <charconv>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_clean.hpp"
#include "aibrix/responses/text_logs.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix {
namespace {

int number(std::string_view text) {
  int out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() ? out : 0;
}

using Fields = std::vector<LenientField>;
using pasted::http_status;
using pasted::text_of;

// A line break in a message is a terminal's, or an engine's, and never told apart by it.
std::string squeezed_if_broken(const std::string& text) {
  return text.find('\n') == std::string::npos ? text : pasted::squeezed(text);
}

void read_message(ResponseText& a, const Fields& fields) {
  for (const std::string_view key : {"message", "detail", "error", "msg"}) {
    const LenientField* f = find_field(fields, key);
    if (f == nullptr || !f->quoted) continue;
    a.message = squeezed_if_broken(f->value);
    a.cut = f->cut;
    return;
  }
}

// Headers that a client's error object shows, as far as they tell who answered.
void read_headers(ResponseText& a, const Fields& fields) {
  for (const LenientField& f : fields) {
    const std::string name = base::lower(f.key);
    const bool telling = name.starts_with("x-error-") || name == "server" || name == "target-pod" ||
                         name == "x-went-into-req-headers" || name == "location";
    if (telling && f.quoted) a.headers.emplace_back(name, f.value);
  }
}

void read_json(ResponseText& a, const Fields& fields) {
  a.json = true;
  read_message(a, fields);
  a.type = text_of(fields, "type");
  a.param = text_of(fields, "param");
  a.object = text_of(fields, "object");
  if (a.headers.empty()) read_headers(a, fields);
  if (a.status == 0) a.status = http_status(text_of(fields, "status"));
  const LenientField* code = find_field(fields, "code");
  if (code != nullptr && (code->quoted || code->number)) {
    a.code = code->value;
    a.code_is_number = code->number;
    if (code->number && a.status == 0) a.status = http_status(code->value);
  }
  if (text_of(fields, "kind") == "Status") {
    a.form = ResponseText::Form::api_status;
    a.reason = text_of(fields, "reason");
  }
}

}  // namespace

namespace pasted {

int http_status(std::string_view text) {
  const int value = number(text);
  return text.size() == 3 && value >= 100 && value < 600 ? value : 0;
}

std::string_view next_word(std::string_view& text) {
  text = base::trim(text);
  const std::size_t end = std::min(text.find_first_of(" \t"), text.size());
  const std::string_view out = text.substr(0, end);
  text.remove_prefix(end);
  return out;
}

std::string text_of(const std::vector<LenientField>& fields, std::string_view key) {
  const LenientField* f = find_field(fields, key);
  return f != nullptr && (f->quoted || f->number) ? f->value : std::string();
}

int status_line(std::string_view line) {
  if (!line.starts_with("HTTP/")) return 0;
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || space > 10) return 0;
  const std::string_view rest = base::trim(line.substr(space));
  return http_status(rest.substr(0, rest.find(' ')));
}

std::optional<Header> header_line(std::string_view line) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon > 64) return std::nullopt;
  const std::string_view name = line.substr(0, colon);
  const bool token = std::all_of(name.begin(), name.end(),
                                 [](char c) { return base::is_alnum(c) || c == '-' || c == '_'; });
  if (!token) return std::nullopt;
  return Header{name, base::trim(line.substr(colon + 1))};
}

void read_body(ResponseText& answer, std::string_view body) {
  body = base::trim(body);
  if (body.empty()) return;
  answer.body = ResponseText::Body::present;
  if (body.starts_with('{')) {
    const Fields fields = lenient_fields(body);
    if (find_field(fields, "response_flags") != nullptr ||
        find_field(fields, "response_code") != nullptr) {
      return read_access(answer, fields);
    }
    if (answer.form == ResponseText::Form::body && read_log_object(answer, fields)) return;
    return read_json(answer, fields);
  }
  constexpr std::size_t most = 2000;  // Envoy's and the plugin's own texts are far shorter
  answer.message = base::shorten(body, most);
}

std::optional<ResponseText> server_error(std::string_view line) {
  constexpr std::string_view head = "Error from server";
  const std::size_t at = line.find(head);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = line.substr(at + head.size());
  ResponseText a;
  a.form = ResponseText::Form::api_status;
  const std::size_t close = rest.find(')');
  if (rest.starts_with(" (") && close != std::string_view::npos) {
    a.reason = rest.substr(2, close - 2);
    rest = rest.substr(close + 1);
  }
  const std::size_t colon = rest.find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  // kubectl apply writes: (Reason): error when creating "x.yaml": message
  a.message = base::trim(rest.substr(colon + 1));
  return a;
}

std::optional<ResponseText> status_alone(std::string_view line) {
  std::string_view rest = line;
  std::string_view first = next_word(rest);
  const std::string low = base::lower(first);
  if (low == "http" || low == "status" || low == "status:" || low == "code")
    first = next_word(rest);
  ResponseText a;
  a.status = http_status(first);
  // "503", "503 Service Unavailable": nothing but the reason's words behind it.
  if (a.status < 400 || rest.find_first_of("\"{:=/[") != std::string_view::npos)
    return std::nullopt;
  if (base::split(base::trim(rest), ' ').size() > 4) return std::nullopt;
  a.form = ResponseText::Form::http;
  return a;
}

}  // namespace pasted
}  // namespace aibrix
