// The reader of requests in pasted text. Keeps what tells about the answer, and no secret of
// theirs.
#include "aibrix/responses/text_request.hpp"

#include <algorithm>

#include "aibrix/responses/lenient_json.hpp"
#include "aibrix/responses/text_forms.hpp"
#include "base/chars.hpp"
#include "base/text.hpp"

namespace aibrix::pasted {
namespace {

using Request = ResponseText::Request;

bool is_method(std::string_view word) {
  for (const std::string_view method :
       {"GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"}) {
    if (word == method) return true;
  }
  return false;
}

std::string_view until(std::string_view text, std::string_view ends) {
  return text.substr(0, std::min(text.find_first_of(ends), text.size()));
}

void take_header(Request& request, std::string_view line) {
  const auto header = header_line(line);
  if (!header) return;
  const std::string name = base::lower(header->name);
  if (name == "host") request.host = header->value;
  if (name == "routing-strategy") request.strategy = header->value;
}

// -H 'routing-strategy: pd', -d '{"model": "llama", …}'
void take_words(Request& request, std::string_view line) {
  constexpr std::string_view strategy = "routing-strategy:";
  const std::string low = base::lower(line);
  if (const std::size_t at = low.find(strategy); at != std::string::npos) {
    request.strategy = base::trim(until(line.substr(at + strategy.size()), "\"'\\"));
  }
  const auto fields = lenient_fields(line.substr(std::min(line.find('{'), line.size())));
  if (const LenientField* model = find_field(fields, "model"); model != nullptr && model->quoted) {
    request.model = model->value;
  }
}

}  // namespace

std::string path_of(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (scheme != std::string_view::npos) {
    target.remove_prefix(scheme + 3);
    const std::size_t slash = target.find('/');
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  if (!target.starts_with('/')) return {};
  return std::string(until(target, "?# \"'"));
}

std::optional<Request> request_line(std::string_view line) {
  std::string_view rest = line;
  const std::string_view method = next_word(rest);
  if (!is_method(method)) return std::nullopt;
  const std::string_view target = next_word(rest);
  if (!base::trim(rest).starts_with("HTTP/")) return std::nullopt;
  Request out;
  out.method = method;
  out.path = path_of(target);
  out.seen = true;
  if (out.path.empty()) return std::nullopt;
  return out;
}

void add_request_line(Request& request, std::string_view line) {
  if (line.starts_with('-') || line.find(" -H") != std::string_view::npos ||
      line.find('{') != std::string_view::npos) {
    take_words(request, line);
  } else {
    take_header(request, line);
  }
}

std::optional<Request> curl_command(std::string_view line) {
  const std::size_t curl = line.find("curl ");
  const std::size_t url = line.find("http", curl == std::string_view::npos ? 0 : curl);
  const bool command = curl != std::string_view::npos && curl < 80 &&
                       url != std::string_view::npos && line.substr(url).find("://") < 6;
  if (!command) return std::nullopt;
  Request out;
  out.path = path_of(until(line.substr(url), " \"'\\"));
  out.seen = true;
  take_words(out, line);
  return out;
}

bool is_request_body(std::string_view object) {
  const bool asks = object.find("\"messages\"") != std::string_view::npos ||
                    object.find("\"prompt\"") != std::string_view::npos ||
                    object.find("\"input\"") != std::string_view::npos;
  const auto fields = lenient_fields(object);
  return asks && find_field(fields, "model") != nullptr &&
         find_field(fields, "message") == nullptr && find_field(fields, "object") == nullptr;
}

}  // namespace aibrix::pasted
